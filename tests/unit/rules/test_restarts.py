"""JSG250 to JSG252: how many pods there may be, and restarts in place."""

from __future__ import annotations

import pytest

from tests.unit.rules.sets import job, jobset, said

IN_PLACE = "failurePolicy: {restartStrategy: InPlaceRestart}"
RIGHT = {"backoffLimit": "2147483647", "podReplacementPolicy": "Failed", "parallelism": "2", "completions": "2"}


def workers(**changes: str) -> str:
    fields = {**RIGHT, **changes}
    return job("name: workers", spec=", ".join(f"{name}: {value}" for name, value in fields.items() if value))


def test_as_many_pods_as_fit():
    assert said("JSG250", jobset(job("replicas: 1, name: workers", spec="parallelism: 2147483647"))) == []


def test_too_many_pods():
    assert said("JSG250", jobset(job("replicas: 65536, name: workers", spec="parallelism: 32768"))) == [
        "7:16: replicas times parallelism is 2,147,483,648 in workers; at most 2,147,483,647 are allowed"
    ]


def test_parallelism_counts_as_1_where_it_is_not_written():
    assert said("JSG250", jobset(job("replicas: 2147483647, name: workers"))) == []


def test_pods_of_several_replicated_jobs_are_not_added_up():
    jobs = [job(f"replicas: 40000, name: {name}", spec="parallelism: 50000") for name in ("a", "b")]
    assert said("JSG250", jobset(*jobs)) == []


def test_in_place_with_nothing_of_what_it_needs():
    lead = "InPlaceRestart needs, in replicatedJob workers,"
    assert said("JSG251", jobset(job("name: workers"), spec=IN_PLACE)) == [
        f"7:32: {lead} backoffLimit 2147483647",
        f"7:32: {lead} completions and parallelism, written and equal",
        f"7:32: {lead} podReplacementPolicy Failed",
    ]


@pytest.mark.parametrize(
    ("changes", "said_there"),
    [
        ({"backoffLimit": "6"}, "7:53: InPlaceRestart needs, in replicatedJob workers, backoffLimit 2147483647"),
        (
            {"podReplacementPolicy": "TerminatingOrFailed"},
            "7:87: InPlaceRestart needs, in replicatedJob workers, podReplacementPolicy Failed",
        ),
        (
            {"completions": "3"},
            "7:124: InPlaceRestart needs, in replicatedJob workers, completions and parallelism, written and equal",
        ),
        (
            {"parallelism": ""},
            "7:108: InPlaceRestart needs, in replicatedJob workers, completions and parallelism, written and equal",
        ),
    ],
)
def test_in_place_with_one_thing_wrong(changes, said_there):
    text = jobset(workers(**changes), spec=IN_PLACE)
    assert said("JSG251", text) == [said_there]
    assert said("JSG252", text) == []


def test_in_place_is_not_supported_yet():
    text = jobset(workers(), spec=IN_PLACE)
    assert said("JSG251", text) == []
    assert said("JSG252", text) == [
        "5:36: the restart strategy InPlaceRestart is not supported yet\nhint: Use Recreate or BlockingRecreate."
    ]


@pytest.mark.parametrize("strategy", ["Recreate", "BlockingRecreate"])
def test_other_strategies_ask_for_nothing(strategy):
    text = jobset(job("name: workers"), spec=f"failurePolicy: {{restartStrategy: {strategy}}}")
    assert [said("JSG251", text), said("JSG252", text)] == [[], []]
