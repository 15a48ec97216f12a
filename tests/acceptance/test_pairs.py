"""Pairs of states with an answer key each: what `diff` must find, written by hand from what the change does.

fixtures/pairs/README.md says how a pair is laid out. What `diff` prints of most of them is in the folder `pairs` beside
this file, as JSON and as Markdown, and of twelve as text on a narrow and on a wide terminal.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from syrupy.assertion import SnapshotAssertion

from jobsetgen.diff.consequences import TABLE, UNKNOWN
from tests.cases import ROOT, cases, yaml
from tests.conftest import PlainFiles, Run

Printed = Callable[..., str]

PAIRS = cases("pairs")
CASES = [pytest.param(case, id=case.name) for case in PAIRS]
SHOWN = [case for case in PAIRS if "\nsnapshot: false\n" not in (case / "expected.yaml").read_text()]
SHOWN_CASES = [pytest.param(case, id=case.name) for case in SHOWN]
GOLDEN = Path(__file__).parent / "pairs"
CODE = re.compile(r"\x1b\[[0-9;]*m")

WORST_FIRST = (
    *("deletes-data", "sync-fails", "refused-late", "recreates", "runs-again", "at-next-restart", "not-taken-up"),
    *("suspends", "resumes", "ownership", "creates", "prunes", "in-place", "policy-only", "watcher-only"),
    *("metadata-only", "pass-through", "none"),
)

# Pairs of all kinds, whose text for a terminal is shown, too.
TEXTS = (
    "claim-removed",
    "failure-rule-changed",
    "none-file-moved",
    "rendered-hand-edit",
    "rendered-kustomize-image",
    "rendered-other-release",
    "replicas-down",
    "replicas-up",
    "replicated-job-renamed",
    "three-sets",
    "topology-key",
    "update-policy-block-and-image-any",
)
# By the width of the terminal.
COLORS = {80: "never", 120: "always"}

CONTEXTS = {
    (jobs, policy, profile)
    for jobs, policies in (("git", ("Recreate", "Block")), ("watcher", ("Recreate", "OnRestart", "Block")))
    for policy in policies
    for profile in ("any", "argocd", "flux", "none")
}


class Beside(PlainFiles):
    """What `diff` prints of the pairs: files of their own, which the table of the other snapshots does not count."""

    @classmethod
    def get_location(cls, *, test_location, index):
        return str(GOLDEN / str(index))


def key_of(case: Path) -> dict[str, Any]:
    """Return the answer key of a pair."""
    return yaml(f"fixtures/pairs/{case.name}/expected.yaml")


_PRINTED: dict[tuple[str, ...], str] = {}


@pytest.fixture
def text_of(cli: Callable[..., Run], monkeypatch: pytest.MonkeyPatch) -> Callable[[Path, int], str]:
    """Return what `diff` prints of a pair on a terminal of a width."""

    def ask(case: Path, width: int) -> str:
        monkeypatch.setenv("COLUMNS", str(width))
        both = state_of(case, "old"), state_of(case, "new")
        run = cli("diff", *both, *key_of(case).get("flags", []), "--color", COLORS[width], folder=case)
        assert run.status == 0, run.err
        return run.out

    return ask


@pytest.fixture
def printed(cli: Callable[..., Run], monkeypatch: pytest.MonkeyPatch) -> Printed:
    """Return what `diff` prints of a pair in a format, or of two states of it; the same question is asked once."""

    def ask(case: Path, form: str, *states: str) -> str:
        question = (case.name, form, *states)
        if question not in _PRINTED:
            both = states or (state_of(case, "old"), state_of(case, "new"))
            words = ("diff", *both, *key_of(case).get("flags", []), "-f", form)
            # Markdown ends with the command that reproduces it.
            monkeypatch.setattr(sys, "argv", ["jobsetgen", *words])
            run = cli(*words, folder=case)
            assert run.status == 0, run.err
            _PRINTED[question] = run.out
        return _PRINTED[question]

    return ask


def state_of(case: Path, name: str) -> str:
    """Return the operand of one state: its folder, or its file."""
    return name if (case / name).is_dir() else f"{name}.yaml"


def comparison(text: str) -> dict[str, Any]:
    """Return the only comparison of a document."""
    (found,) = json.loads(text)["comparisons"]
    return found


# --- The answer ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("case", CASES)
def test_it_finds_what_the_answer_key_says(case, printed):
    key, found = key_of(case), comparison(printed(case, "json"))
    assert found["verdict"] == key["verdict"], found
    assert sorted(each["consequence"] for each in found["passThrough"]) == sorted(key.get("passThrough", []))

    names = [each["name"] for each in key["sets"]]
    sets = [the_one(found["sets"], name) for name in names]
    assert len(found["sets"]) == len(names), [each["name"] for each in found["sets"]]
    wrong = {name: list(differences(each, state)) for name, each, state in zip(names, key["sets"], sets, strict=True)}
    assert {name: found for name, found in wrong.items() if found} == {}


def the_one(sets: Iterable[Mapping[str, Any]], pattern: str) -> Mapping[str, Any]:
    """Return the set with a name; that of generateName ends in a star."""
    (found,) = (each for each in sets if fnmatchcase(each["name"], pattern))
    return found


def differences(key: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a set's answer has otherwise than its key."""
    for field in ("verdict", "jobs", "pods"):
        if found[field] != key[field]:
            yield f"{field}: {found[field]}, not {key[field]}"
    if not fnmatchcase(former(found), key.get("renamedFrom", "")):
        yield f"renamedFrom: {former(found)!r}, not {key.get('renamedFrom', '')!r}"
    yield from consequence_differences(key, {each["consequence"] for each in found["changes"]})
    causes = "\n".join(found["causes"])
    yield from (f"no cause has {word!r}: {found['causes']}" for word in key.get("causes", []) if word not in causes)
    yield from job_differences(key, found)
    yield from field_differences(key, fields_of(found))


def former(found: Mapping[str, Any]) -> str:
    """Return the namespace and the name that a set had, or nothing."""
    return "/".join(filter(None, found["renamedFrom"].values())) if found["renamedFrom"] else ""


def consequence_differences(key: Mapping[str, Any], found: set[str]) -> Iterator[str]:
    """Yield what is missing among the consequences, and what neither must nor may be there."""
    wanted, open_ones = set(key["consequences"]), set(key.get("mayAlso", []))
    yield from (f"{word} is missing" for word in sorted(wanted - found))
    yield from (f"{word} is not a consequence" for word in sorted(found - wanted - open_ones))


def fields_of(found: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the changed fields that lead to a set's verdict."""
    return [field for each in leading(found) for field in each["fields"]]


def leading(found: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the changes that lead to a set's verdict."""
    return [each for each in found["changes"] if each["consequence"] == found["verdict"]]


def job_differences(key: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is otherwise in the changes of the Jobs: their fields, and the indexes that lead to the verdict."""
    of_jobs = [each for each in found["changes"] if each["replicatedJob"]]
    fields = sorted({str(field["path"][-1]) for each in of_jobs for field in each["fields"]})
    if "fields" in key and fields != key["fields"]:
        yield f"changed fields of Jobs: {fields}, not {key['fields']}"
    indexes = sorted({index for each in leading(found) for index in each["indexes"]})
    if "indexes" in key and indexes != key["indexes"]:
        yield f"Jobs: {indexes}, not {key['indexes']}"


def field_differences(key: Mapping[str, Any], fields: list[Mapping[str, Any]]) -> Iterator[str]:
    """Yield what the changed fields lack: the operations, and the lines of a script or of JSON."""
    operations = sorted({field["op"] for field in fields})
    if "operations" in key and operations != key["operations"]:
        yield f"operations: {operations}"
    lines = [line for field in fields for line in field["text"]]
    for wanted in key.get("text", []):
        sign, words = wanted[0], wanted[1:]
        if not any(line.startswith(sign) and words in line for line in lines):
            yield f"no line has {wanted!r}: {lines}"


# --- The formats ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("case", SHOWN_CASES)
def test_the_json_is_as_before_and_by_its_schema(case, printed, snapshot: SnapshotAssertion):
    text = printed(case, "json")
    schema = json.loads((ROOT / "schemas" / "diff-v1.json").read_text())
    assert [error.message for error in Draft202012Validator(schema).iter_errors(json.loads(text))] == []
    assert text.encode() == snapshot.use_extension(Beside)(name=f"{case.name}.json")


@pytest.mark.parametrize("case", SHOWN_CASES)
def test_the_markdown_is_as_before(case, printed, snapshot: SnapshotAssertion):
    text = printed(case, "markdown")
    assert text.encode() == snapshot.use_extension(Beside)(name=f"{case.name}.md")


@pytest.mark.parametrize("width", COLORS)
@pytest.mark.parametrize("name", TEXTS)
def test_the_text_is_as_before_and_fits(name, width, text_of, snapshot: SnapshotAssertion):
    (case,) = (each for each in PAIRS if each.name == name)
    text = text_of(case, width)
    assert [line for line in CODE.sub("", text).splitlines() if len(line) > width] == []
    assert bool(CODE.search(text)) == (COLORS[width] == "always")
    assert text.encode() == snapshot.use_extension(Beside)(name=f"{name}.{width}.txt")


def test_what_is_printed_is_of_a_pair_and_can_be_reviewed():
    known = {f"{case.name}.{ending}" for case in SHOWN for ending in ("json", "md")}
    known |= {f"{name}.{width}.txt" for name in TEXTS for width in COLORS}
    assert {path.name for path in GOLDEN.iterdir()} == known
    assert sum(len(path.read_bytes().splitlines()) for path in GOLDEN.iterdir()) <= 14_400


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_no_format_shows_the_values_of_a_secret(printed, form):
    (case,) = (each for each in PAIRS if each.name == "foreign-secret")
    text = printed(case, form)
    assert "registry-token" in text
    for value in ("canary", "Y2FuYXJ5", "7f3a", "9c1b"):
        assert value not in text


# --- What holds for every pair -------------------------------------------------------------------------------------
@pytest.mark.parametrize("case", CASES)
def test_a_state_is_the_same_as_itself(case, printed):
    state = state_of(case, "new")
    found = comparison(printed(case, "json", state, state))
    assert (found["verdict"], found["sets"], found["passThrough"]) == ("none", [], [])


@pytest.mark.parametrize("case", SHOWN_CASES)
def test_the_worst_comes_first(case):
    found = shown(case)
    verdicts = [each["verdict"] for each in found["sets"]]
    foreign = [each["consequence"] for each in found["passThrough"]]
    of_sets = [[each["consequence"] for each in state["changes"]] for state in found["sets"]]
    for listed in (verdicts, foreign, *of_sets):
        assert listed == sorted(listed, key=WORST_FIRST.index)
    assert verdicts == [changes[0] for changes in of_sets]
    worst = min([*verdicts, *foreign, "none"], key=WORST_FIRST.index)
    assert found["verdict"] == (UNKNOWN if key_of(case)["verdict"] == UNKNOWN else worst)


def test_every_consequence_is_the_verdict_of_a_pair():
    assert {key_of(case)["verdict"] for case in PAIRS} == {*WORST_FIRST, UNKNOWN}


def test_a_changed_image_is_judged_in_every_context(printed):
    images = [case for case in PAIRS if case.name.startswith(("image-git-", "image-watcher-"))]
    sets = [comparison(printed(case, "json"))["sets"][0] for case in images]
    assert {(each["mode"], each["updatePolicy"], each["profile"]) for each in sets} == CONTEXTS
    assert len(images) == len(CONTEXTS)


def test_every_trigger_of_the_table_is_in_a_pair(printed):
    known = {trigger for case in PAIRS for trigger in triggers(comparison(printed(case, "json")))}
    assert {row.trigger for row in TABLE} - known == set()


def shown(case: Path) -> dict[str, Any]:
    """Return the comparison of a pair as the snapshot has it."""
    return comparison((GOLDEN / f"{case.name}.json").read_text())


def triggers(found: Mapping[str, Any]) -> Iterator[str]:
    """Yield the triggers of all changes of a comparison."""
    of_sets = [each for state in found["sets"] for each in state["changes"]]
    yield from (change["trigger"] for change in (*found["passThrough"], *of_sets))
