"""Whatever the texts are: a side, broken or not, and never an exception."""

from __future__ import annotations

import copy
import json
import re
from functools import cache
from typing import Any
from unittest import mock

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobsetgen.diff import folding
from jobsetgen.diff.folding import rendered_side
from jobsetgen.source.loader import load
from tests.acceptance.hostile import HOSTILE
from tests.nested_data import places
from tests.unit.diff.rendering import marked, rendered_files, trained

ODD: list[Any] = [
    None, True, 0, -1, 2**70, 1.5, "", "x" * 300, "a b", "9", "999999", "-1", "${X}", "\u2028", "é", [], {}, [None],
    [[]], [{}], {"a": None}, "\x07", "---", "1e999", "{}", '{"jobset": "train", "replicatedJobs": 5}', "&a", "*a",
]  # fmt: skip
FEW = settings(max_examples=100, derandomize=True, suppress_health_check=list(HealthCheck))


def rendered(owner: str, profile: str = "any") -> str:
    """Return the output for a set."""
    return trained(jobs=owner, gitops=profile).text()


@cache
def documents() -> list[Any]:
    """Return the objects of four outputs, without the script, which is long and the same everywhere."""
    return [
        document.data
        for owner in ("git", "watcher")
        for profile in ("any", "none")
        for document in load("rendered.yaml", rendered(owner, profile).encode()).documents
        if "-restart-script-" not in document.data["metadata"]["name"]
    ]


def check(text: str) -> None:
    side = rendered_side([("a.yaml", text), ("b.yaml", text)], "side")
    assert side.is_broken == any(item.is_error for item in side.diagnostics)
    assert all(item.line >= 1 and item.column >= 1 and item.message for item in side.diagnostics)
    for found in side.sets:
        assert isinstance(found.pods, int)
        assert isinstance(found.accelerators, dict)
        for family in found.families:
            assert marked(family)
            assert set(family.irregular) <= set(family.indexes)
            assert not set(family.missing) & set(family.indexes)


@st.composite
def mutated(draw) -> Any:
    """A rendered object in which some values were replaced or removed."""
    document = copy.deepcopy(draw(st.sampled_from(documents())))
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.sampled_from(places(document) or [()]))
        if not place:
            break
        parent = document
        for step in place[:-1]:
            parent = parent[step]
        if draw(st.booleans()):
            parent[place[-1]] = copy.deepcopy(draw(st.sampled_from(ODD)))
        else:
            del parent[place[-1]]
    return document


@FEW
@given(st.lists(mutated(), min_size=1, max_size=4))
def test_any_mutation_of_the_objects(documents):
    check("\n---\n".join(json.dumps(document) for document in documents))


@FEW
@given(st.data())
def test_any_mutation_of_the_text(data):
    text = json.dumps(data.draw(st.sampled_from(documents())), indent=1)
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(text)))
        cut = data.draw(st.integers(0, 3))
        with_ = data.draw(st.sampled_from(["", "\t", ":", "- ", "\ud800", "\n", "*a", "&a ", "{", "'", "\r", "\x85"]))
        text = text[:at] + with_ + text[at + cut :]
    check(text)


JOBS = [text for name, text in rendered_files(trained()).items() if "job.train-workers-" in name]
PIECES = [
    "", "0", "1", '"', "'", " ", "\n", "\t", "#", "&a ", "*a", "!!str ", "train-workers-0", "train-workers-1", "\x85", "- ",
    "jobset.sigs.k8s.io/job-index: ", "true", "1e3", "e",
]  # fmt: skip


@FEW
@given(st.data())
def test_a_job_is_read_the_same_with_and_without_a_form(data):
    texts = list(JOBS)
    for _ in range(data.draw(st.integers(1, 3))):
        number = data.draw(st.integers(0, 2))
        text = texts[number]
        # Near the values of the index, where a mistake would be made.
        at = data.draw(st.sampled_from([found.start() for found in re.finditer(r"[\w-]*[01]\b|\b[0-9a-f]{40}", text)]))
        at += data.draw(st.integers(-2, 2))
        text = text[:at] + data.draw(st.sampled_from(PIECES)) + text[at + data.draw(st.integers(0, 2)) :]
        texts[number] = text
    files = [(f"{number}.yaml", text) for number, text in enumerate(texts)]
    with_forms = rendered_side(files, "a")
    with mock.patch.object(folding._Forms, "member", return_value=None):
        without = rendered_side(files, "a")
    assert with_forms == without
    for one, other in zip(with_forms.sets, without.sets, strict=True):
        assert list(map(marked, one.families)) == list(map(marked, other.families))


@FEW
@given(st.text(max_size=200))
def test_any_text(text):
    check(text)


def test_texts_that_are_made_to_do_harm(tmp_path):
    for each in HOSTILE:
        if each.name in ("300 files", "40,000 documents", "a file of 11 MB"):  # long to read, and no more
            continue
        folder = tmp_path / each.name
        folder.mkdir()
        each.write(folder)
        for path in folder.glob("*.yaml"):
            if path.is_file() and not path.is_symlink():
                check(path.read_bytes().decode("utf-8", "surrogateescape"))


def test_numbers_that_nobody_has_validated_do_not_fill_the_memory():
    text = rendered("git").replace('replicatedjob-replicas: "3"', 'replicatedjob-replicas: "999999"')
    assert text != rendered("git")
    (found,) = rendered_side([("a.yaml", text)], "a").sets
    assert [each.missing for each in found.families] == [(), ()]
    plan = rendered("watcher").replace('"replicas": 3,', '"replicas": 999999,')
    assert plan != rendered("watcher")
    (found,) = rendered_side([("a.yaml", plan)], "a").sets
    assert [each.replicated_job for each in found.families] == ["driver"]
