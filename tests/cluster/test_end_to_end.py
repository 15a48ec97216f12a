"""The README's example from its spec to its end, in a cluster that has no JobSet controller."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import pytest

from tests.cluster.harness.compiled_set import ATTEMPT, Json
from tests.cluster.harness.control_plane import ControlPlane
from tests.cluster.harness.multislice import EXCLUSIVE, JOBS, Multislice, shared
from tests.cluster.harness.processes import until
from tests.cluster.harness.tiers import OTHER_OWNER
from tests.cluster.harness.watcher_kubelet import WatcherKubelet, run_watcher_pods

modes = pytest.mark.parametrize("jobs", ["git", "watcher"])
# Where the owner of the Jobs makes no difference to what is shown, the CI tier has one of both.
git_in_ci = pytest.mark.parametrize("jobs", ["git", pytest.param("watcher", marks=OTHER_OWNER)])
watcher_in_ci = pytest.mark.parametrize("jobs", [pytest.param("git", marks=OTHER_OWNER), "watcher"])
placements = pytest.mark.parametrize(
    ("strategy", "jobs"),
    [
        ("affinity", "git"),
        pytest.param("affinity", "watcher", marks=OTHER_OWNER),
        pytest.param("domains", "git", marks=OTHER_OWNER),
        ("domains", "watcher"),
    ],
)


class Begin(Protocol):
    """Applies the set and lets its watcher run to the end of the test."""

    def __call__(self, training: Multislice) -> WatcherKubelet: ...


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Begin]:
    with ExitStack() as stack:

        def begun(training: Multislice) -> WatcherKubelet:
            training.apply()
            return stack.enter_context(run_watcher_pods(training, tmp_path))

        yield begun


@placements
def test_each_job_gets_a_domain_of_its_own(real_plane: ControlPlane, begin: Begin, jobs: str, strategy: str) -> None:
    training = Multislice(real_plane, jobs, strategy=strategy)
    training.add_pools(*training.pools)
    begin(training)
    until(training.runs)
    assert shared(training.placed()) == []
    assert sorted(training.placed()) == JOBS


@placements
def test_where_domains_are_too_few_a_job_waits_until_one_is_added(
    real_plane: ControlPlane, begin: Begin, jobs: str, strategy: str
) -> None:
    training = Multislice(real_plane, jobs, strategy=strategy)
    training.add_pools(*training.pools[:3])
    begin(training)
    until(lambda: len(training.ready()) == 3 and len(unschedulable(training)) == 2)
    assert len(training.placed()) == 3
    assert shared(training.placed()) == []
    (waiting,) = set(JOBS) - set(training.placed())
    assert {pod["metadata"]["labels"]["job-name"] for pod in unschedulable(training)} == {waiting}
    training.add_pools(training.pools[3])
    until(training.runs)
    assert shared(training.placed()) == []


@watcher_in_ci
def test_a_job_waits_for_the_domain_of_another_set_until_that_one_is_gone(
    real_plane: ControlPlane, begin: Begin, jobs: str
) -> None:
    training = Multislice(real_plane, jobs)
    training.add_pools(*training.pools)
    smaller = [("name: multislice", "name: other"), ("replicas: 4", "replicas: 1")]
    other = Multislice(real_plane, "git", accelerator=training.accelerator, changes=smaller)
    other.apply()
    until(lambda: len(other.ready()) == 1)
    begin(training)
    until(lambda: len(training.ready()) == 3 and len(unschedulable(training)) == 2)
    assert shared(training.placed() | other.placed()) == []
    other.client.delete("jobs", "other-workers-0")
    until(training.runs)
    assert shared(training.placed()) == []


def test_without_exclusive_placement_jobs_share_domains(real_plane: ControlPlane, begin: Begin) -> None:
    training = Multislice(real_plane, "git", changes=[(EXCLUSIVE, "example.com/note: none")])
    training.add_pools(*training.pools[:3])
    begin(training)
    until(training.runs)
    assert shared(training.placed()) != []


@modes
def test_a_failure_restarts_the_set_and_its_success_is_that_of_the_watchers_job(
    real_plane: ControlPlane, begin: Begin, jobs: str
) -> None:
    training = Multislice(real_plane, jobs)
    training.add_pools(*training.pools)
    watcher = begin(training)
    until(training.runs)
    before = {job["metadata"]["uid"] for job in training.jobs().values()}
    pod = training.fail(JOBS[2], index=1, code=7)
    until(lambda: training.runs(attempt=1))
    assert not before & {job["metadata"]["uid"] for job in training.jobs().values()}
    assert {pod["metadata"]["labels"][ATTEMPT] for pod in training.pods()} == {"1"}
    assert shared(training.placed()) == []
    assert training.counters() == (1, 1)
    (evidence,) = training.state["evidence"]
    found = {key: evidence[key] for key in ("attempt", "job", "action", "reason", "pod", "exitCode")}
    assert found == {
        "attempt": 0,
        "job": JOBS[2],
        "action": "RestartJobSet",
        "reason": "BackoffLimitExceeded",
        "pod": pod,
        "exitCode": 7,
    }
    training.complete()
    until(lambda: training.verdict() == "Complete")
    assert watcher.statuses == [0]
    assert training.state["terminal"]["type"] == "Completed"
    assert training.counters() == (1, 1)


@watcher_in_ci
def test_a_set_that_may_restart_no_more_fails_and_so_does_the_watchers_job(
    real_plane: ControlPlane, begin: Begin, jobs: str
) -> None:
    training = Multislice(real_plane, jobs, changes=[("maxRestarts: 3", "maxRestarts: 1")])
    training.add_pools(*training.pools)
    begin(training)
    until(training.runs)
    training.fail(JOBS[0])
    until(lambda: training.runs(attempt=1))
    training.fail(JOBS[3])
    until(lambda: training.verdict() == "Failed")
    assert training.state["terminal"]["reason"] == "ReachedMaxRestarts"
    assert training.counters() == (1, 1)


@git_in_ci
def test_a_time_to_live_takes_the_jobs_away_and_leaves_what_was_applied(
    real_plane: ControlPlane, begin: Begin, jobs: str
) -> None:
    lives = ("spec:\n  failurePolicy:", "spec:\n  ttlSecondsAfterFinished: 4\n  failurePolicy:")
    training = Multislice(real_plane, jobs, changes=[lives])
    training.add_pools(*training.pools)
    begin(training)
    until(training.runs)
    training.complete()
    until(lambda: training.state["terminal"] is not None)
    assert sorted(training.jobs()) == JOBS
    until(lambda: not training.jobs())
    until(lambda: training.verdict() == "Complete")
    time.sleep(3)
    assert not training.jobs()
    assert training.client.find("services", "multislice") is not None
    assert training.state["terminal"]["type"] == "Completed"


def unschedulable(training: Multislice) -> list[Json]:
    """Return the pods for which the scheduler has found no node."""
    return [pod for pod in training.pods() if "Unschedulable" in [each.get("reason") for each in conditions(pod)]]


def conditions(item: Json) -> list[Json]:
    return list((item.get("status") or {}).get("conditions") or ())
