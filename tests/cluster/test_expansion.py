"""What the real controller makes of a JobSet, and what stands in our output, field by field as the API stores it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.cluster.harness.client import ApiError
from tests.cluster.harness.control_plane import ControlPlane, control_plane
from tests.cluster.harness.figures import record_figures
from tests.cluster.oracles.allowed_differences import ADDED_BY_THE_WATCHER, ALLOWED, differences, without_allowed
from tests.cluster.oracles.comparison_inputs import CORPUS, Input, fixtures, manifests
from tests.cluster.oracles.stored_objects import (
    Stored,
    delete_everything,
    made_by_applying,
    made_by_the_controller,
    made_by_the_watcher,
)

Json = dict[str, Any]
AT_ONCE = 8


class Compared(NamedTuple):
    """What came of one input."""

    wrong: list[str]
    allowed: Counter[str]
    kinds: Counter[str]


@pytest.fixture(scope="module")
def bare(cluster_seconds: dict[str, float], tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """An API server without any controller, where nothing becomes of what is stored."""
    with control_plane(tmp_path_factory.mktemp("bare"), controllers=False) as started:
        yield started


def compared(plane: ControlPlane, bare: ControlPlane, given: Input, folder: Path) -> Compared:
    """Let both sides make an input's objects, ours in each mode, and compare them."""
    namespace = plane.new_namespace("expansion")
    bare.client.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}})
    given = given.within(namespace)
    result = Compared([], Counter(), Counter())
    theirs = made_by_the_controller(plane, given)
    result.kinds.update(kind for kind, _ in theirs)
    compare("git", theirs, made_by_applying(bare, given), result)
    delete_everything(bare.within(namespace))
    ours, preview = made_by_the_watcher(bare, given, folder)
    compare("watcher", theirs, ours, result)
    compare_preview(preview, ours, result)
    return result


def compare(mode: str, theirs: Stored, ours: Stored, result: Compared) -> None:
    """Compare what both sides hold."""
    for key in sorted({*theirs, *ours}):
        if key not in theirs or key not in ours:
            result.wrong.append(f"{mode}: {' '.join(key)} is only {'theirs' if key in theirs else 'ours'}")
            continue
        mine, own, allowed = without_allowed(theirs[key], ours[key])
        result.allowed.update(allowed)
        result.wrong.extend(f"{mode}: {' '.join(key)}: {each}" for each in differences(mine, own))


def compare_preview(preview: Stored, made: Stored, result: Compared) -> None:
    """Compare the Jobs that a reviewer was shown with those that the watcher has made."""
    for key, item in made.items():
        if key[0] == "Job":
            mine, own, _ = without_allowed(item, preview[key], ADDED_BY_THE_WATCHER)
            result.wrong.extend(f"preview: {' '.join(key)}: {each}" for each in differences(mine, own))


def all_compared(
    plane: ControlPlane, bare: ControlPlane, inputs: list[Input], folder: Path
) -> dict[str, Compared | Exception]:
    """Compare many inputs side by side."""

    def one(given: Input) -> Compared | Exception:
        try:
            return compared(plane, bare, given, folder / given.name)
        except Exception as error:
            return error

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return dict(zip([each.name for each in inputs], pool.map(one, inputs), strict=True))


def right(outcome: Compared | Exception) -> Compared:
    """Return what was compared, or fail with what is wrong."""
    if isinstance(outcome, Exception):
        raise outcome
    assert not outcome.wrong, "\n".join(outcome.wrong)
    return outcome


CLAIM = "existing-claim"
FIXTURES = [each for each in fixtures() if each.name != CLAIM]


@pytest.fixture(scope="module")
def of_fixtures(plane: ControlPlane, bare: ControlPlane, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return what came of every valid fixture."""
    found = all_compared(plane, bare, FIXTURES, tmp_path_factory.mktemp("expansion"))
    record_figures("expansion of fixtures", figures(found))
    return found


def test_the_controller_uses_an_existing_claim_only_when_it_is_written_as_it_is_stored(
    plane: ControlPlane, namespace: str
) -> None:
    """It compares the template with what the API has defaulted; we use the claim, as everybody would expect."""
    (given,) = (each for each in fixtures() if each.name == CLAIM)
    with pytest.raises(ApiError, match="spec does not match existing PVC models-finetune"):
        made_by_the_controller(plane, given.within(namespace))


@pytest.mark.parametrize("name", [each.name for each in FIXTURES])
def test_a_fixture_becomes_what_the_controller_makes_of_it(of_fixtures: dict[str, Compared], name: str) -> None:
    assert right(of_fixtures[name]).kinds or name == "no-replicated-jobs"


def test_every_difference_on_the_list_is_seen(of_fixtures: dict[str, Compared]) -> None:
    seen = sum((right(each).allowed for each in of_fixtures.values()), Counter[str]())
    assert {each.what for each in ALLOWED} - set(seen) == set()


@pytest.mark.skipif(not CORPUS, reason="JOBSETGEN_CORPUS names no folder of manifests")
def test_a_manifest_of_the_corpus_becomes_what_the_controller_makes_of_it(
    plane: ControlPlane, bare: ControlPlane, tmp_path: Path
) -> None:
    found = all_compared(plane, bare, manifests(), tmp_path)
    record_figures("expansion of the corpus", figures(found))
    wrong = {name: str(each) if isinstance(each, Exception) else each.wrong for name, each in found.items()}
    assert {name: each for name, each in wrong.items() if each} == {}


def figures(found: dict[str, Compared | Exception]) -> Json:
    """Return how much was compared, and what came of it."""
    done = [each for each in found.values() if isinstance(each, Compared)]
    return {
        "inputs": len(found),
        "equal": sum(not each.wrong for each in done),
        "objects": sum((each.kinds for each in done), Counter[str]()),
        "meant": sum((each.allowed for each in done), Counter[str]()),
    }
