"""Which changes of a JobSet its API refuses, as the comparison of JobSets says it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from jobsetgen.diff import rows_of_objects as rows
from jobsetgen.diff.object_findings import foreign_findings
from tests.jobset_updates import CHANGES, GONE, POD, SPEC, changed, jobset

REFUSED, ACCEPTED = rows.FOREIGN_IMMUTABLE, rows.FOREIGN


def triggers(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    return (each.trigger for each in foreign_findings([jobset(old)], [jobset(new)], "none"))


def trigger(is_refused: bool) -> str:
    return REFUSED if is_refused else ACCEPTED


@pytest.mark.parametrize(("path", "value", "running", "suspended"), CHANGES)
def test_each_field_is_refused_or_accepted_as_jobset_does(
    path: str, value: Any, running: bool, suspended: bool
) -> None:
    assert set(triggers(SPEC, changed(path, value))) == {trigger(running)}
    assert set(triggers(changed(path, value), SPEC)) == {trigger(running)}
    held = {**SPEC, "suspend": True}
    assert set(triggers(held, changed(path, value, suspend=True))) == {trigger(suspended)}


def test_suspending_or_resuming_allows_what_a_suspended_set_allows() -> None:
    moved = changed(f"{POD}.spec.nodeSelector.zone", "b")
    assert set(triggers(SPEC, {**moved, "suspend": True})) == {ACCEPTED}
    assert set(triggers({**SPEC, "suspend": True}, moved)) == {ACCEPTED}
    assert set(triggers(SPEC, {**SPEC, "suspend": True})) == {ACCEPTED}


def test_replicated_jobs_are_not_added_removed_or_reordered() -> None:
    (workers,) = SPEC["replicatedJobs"]
    other = {**workers, "name": "other"}
    both = {**SPEC, "replicatedJobs": [workers, other]}
    held = {"suspend": True}
    assert set(triggers(SPEC, both)) == {REFUSED}
    assert set(triggers({**both, **held}, {**SPEC, **held})) == {REFUSED}
    assert set(triggers({**both, **held}, {**both, **held, "replicatedJobs": [other, workers]})) == {REFUSED}


def test_a_policy_can_be_added_to_a_set_without_one() -> None:
    without = changed("failurePolicy", GONE)
    assert set(triggers(without, SPEC)) == {ACCEPTED}
    assert set(triggers({**without, "failurePolicy": {}}, SPEC)) == {REFUSED}
