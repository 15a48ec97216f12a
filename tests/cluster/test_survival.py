"""What the watcher must outlive: kills, freezing, a second one beside it, the loss of nodes.

All of it is played side by side, since most of the time is spent on waiting for a node to be given up. The report kills
more often than CI; `SEED` chooses other moments.
"""

from __future__ import annotations

import json
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from jobsetgen.options.watcher import Watcher
from tests.cluster.harness import kwok
from tests.cluster.harness.concurrent_stories import Figures, play_concurrently
from tests.cluster.harness.control_plane import ControlPlane
from tests.cluster.harness.figures import record_figures
from tests.cluster.harness.multislice import JOBS, ZONE, Multislice, shared
from tests.cluster.harness.processes import Process, until
from tests.cluster.harness.tiers import KILLS, OTHER_OWNER
from tests.cluster.harness.watcher_kubelet import run_watcher_pods
from tests.cluster.oracles.attempt_ledger import attempt_ledger

SEED = int(os.environ.get("SEED", "1"))
ROUNDS = max(4, KILLS // 3)  # of what is not a kill
PATIENCE = 240.0  # seconds for a restart: much is played at once
TWO_MINUTES = 120.0
# What is tested here is no limit of restarts.
ENDLESS = ("maxRestarts: 3", "maxRestarts: 1000")
# A pod that says nothing tolerates the loss of its node for 5 minutes.
TOLERATION = "{key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute, tolerationSeconds: 5}"
IMPATIENT = ("hostNetwork: true", f"hostNetwork: true\n            tolerations: [{TOLERATION}]")


class Stage(NamedTuple):
    """What a scenario is played on."""

    plane: ControlPlane
    jobs: str  # who makes them
    folder: Path
    chance: random.Random
    figures: Figures  # for the account at the end

    @contextmanager
    def training(self, *changes: tuple[str, str], gitops: str = "none") -> Iterator[Multislice]:
        """Apply a set; at the end nothing that was wrong must be in the ledger."""
        with self.watcher_nodes() as labels:
            watcher = Watcher(node_selector=labels)
            made = Multislice(self.plane, self.jobs, changes=[ENDLESS, *changes], watcher=watcher, gitops=gitops)
            made.add_pools(*made.pools)
            with attempt_ledger(made.client, made.name) as kept:
                made.apply()
                yield made
            kept.check(JOBS, restarts=made.counters()[0])

    @contextmanager
    def watcher_nodes(self) -> Iterator[dict[str, str]]:
        """Add two nodes for a watcher, of which one can be lost without harm to others; give their labels."""
        names = [f"{self.folder.name}-{index}" for index in range(2)]
        labels = {"tests.jobsetgen.io/watcher": self.folder.name}
        kwok.add_nodes(self.plane, *names, labels={**labels, ZONE: self.folder.name})
        try:
            yield labels
        finally:
            for name in names:
                self.plane.client.delete("nodes", name)

    def start(self, training: Multislice, name: str = "watcher") -> Process:
        """Start a watcher; a second one is another process of the same identity."""
        return training.start(self.folder / name, name)


def a_watcher_that_is_killed_at_random_moments_counts_each_failure_once(stage: Stage) -> None:
    with stage.training() as training:
        process = stage.start(training)
        until(training.runs)
        lasts, midway = undisturbed(stage, training), 0
        for restart in range(2, KILLS + 2):
            begin = time.monotonic()
            training.fail(stage.chance.choice(JOBS), index=stage.chance.randrange(2))
            time.sleep(stage.chance.uniform(0, lasts))  # at a moment that nothing announces
            process.kill()
            midway += training.counters()[0] == restart and not training.runs(attempt=restart)
            process = stage.start(training)
            wait_until_restarted(training, restart)
            lasts = min(lasts, time.monotonic() - begin)
        stage.figures.update({"kills": KILLS, "kills amid a restart": midway})
        assert midway > 0
        complete(training, process)


def a_watcher_that_wakes_after_another_has_finished_its_restart_changes_nothing(stage: Stage) -> None:
    with stage.training() as training:
        process = stage.start(training)
        until(training.runs)
        lasts = undisturbed(stage, training)
        for restart in range(2, ROUNDS + 2):
            held = training.hold(JOBS[restart % 4], pod=1)
            training.fail(JOBS[(restart + 1) % 4])
            wait_until_decided(training, restart)
            if restart % 2:  # else at once, before it has done what it has decided
                time.sleep(stage.chance.uniform(0, lasts))
            send(signal.SIGSTOP, process)
            assert not training.runs(attempt=restart)
            other = stage.start(training, f"watcher-{restart}")
            training.let_go(held)
            wait_until_restarted(training, restart)
            send(signal.SIGCONT, process)
            # The one that slept is alone from here on, and so shows in the next round that it is awake.
            other.kill()
        stage.figures.update({"freezes": ROUNDS})
        complete(training, process)


def two_watchers_count_each_failure_once(stage: Stage) -> None:
    with stage.training() as training:
        processes = [stage.start(training), stage.start(training, "watcher-2")]
        until(training.runs)
        for restart in range(1, ROUNDS + 1):
            job = stage.chance.choice(JOBS)
            # Both are let go at one time on the same news, or one would mostly be faster than the other can look.
            send(signal.SIGSTOP, *processes)
            training.fail(job, index=stage.chance.randrange(2))
            until(lambda job=job: "Failed" in kinds(training, job))  # type: ignore[misc]
            send(signal.SIGCONT, *processes)
            wait_until_restarted(training, restart)
        stage.figures.update({"failures under two": ROUNDS})
        complete(training, *processes)


def the_set_restarts_within_two_minutes_of_the_loss_of_its_watchers_node(stage: Stage) -> None:
    with stage.training() as training, run_watcher_pods(training, stage.folder) as watcher:
        until(lambda: training.runs() and watcher.node != "")
        begin, node = time.monotonic(), watcher.node
        watcher.lose(node)
        training.fail(JOBS[1])
        assert watcher.processes == {}
        until(lambda: training.counters() == (1, 1), TWO_MINUTES)
        stage.figures["seconds from the loss to the decision"] = time.monotonic() - begin
        until(lambda: training.runs(attempt=1), TWO_MINUTES - (time.monotonic() - begin))
        stage.figures["seconds from the loss to the next attempt"] = time.monotonic() - begin
        assert is_lost(stage, node)
        assert watcher.node not in ("", node)
        # The old pod stays, terminating, as no kubelet says that it has ended: the outcome is there, and its Job waits.
        training.complete()
        until(lambda: watcher.statuses == [0] and "SuccessCriteriaMet" in kinds(training), PATIENCE)
        assert "Complete" not in kinds(training)
        kwok.give_up_node(stage.plane, node)
        until(lambda: "Complete" in kinds(training), PATIENCE)


def a_set_with_a_lost_node_restarts_whole_once_the_node_is_given_up(stage: Stage) -> None:
    lose_and_restart(stage, kwok.give_up_node)


def a_set_with_a_lost_node_restarts_whole_once_the_node_is_back(stage: Stage) -> None:
    lose_and_restart(stage, kwok.find_node)


def a_set_that_fails_by_a_lost_node_says_so_though_the_node_is_not_given_up(stage: Stage) -> None:
    never = ("maxRestarts: 1000", "maxRestarts: 0")
    with stage.training(IMPATIENT, never, gitops="any") as training, run_watcher_pods(training, stage.folder):
        until(training.runs)
        node = str(training.pods(JOBS[0])[0]["spec"]["nodeName"])
        kwok.lose_node(stage.plane, node)
        until(lambda: "Failed" in kinds(training), TWO_MINUTES)
        assert is_lost(stage, node)
        assert training.state["terminal"]["reason"] == "ReachedMaxRestarts"


def lose_and_restart(stage: Stage, settle: Callable[[ControlPlane, str], None]) -> None:
    """Lose the node of a pod, settle what becomes of it, and see the set restart whole and complete."""
    with stage.training(IMPATIENT) as training:
        process = stage.start(training)
        settle(stage.plane, lose_training(stage, training))
        wait_until_restarted(training, 1)
        complete(training, process)


def lose_training(stage: Stage, training: Multislice) -> str:
    """Lose the node of a pod, and see the set restart as far as it can: the Job of that pod cannot go without it."""
    until(training.runs)
    begin, before = time.monotonic(), training.jobs()[JOBS[0]]["metadata"]["uid"]
    node = str(training.pods(JOBS[0])[0]["spec"]["nodeName"])
    kwok.lose_node(stage.plane, node)
    until(lambda: sorted(training.jobs(attempt="1")) == JOBS[1:] == training.ready(), TWO_MINUTES)
    stage.figures["seconds from the loss to the next attempt of the others"] = time.monotonic() - begin
    assert is_lost(stage, node)
    job = training.jobs()[JOBS[0]]
    assert (job["metadata"]["uid"], "deletionTimestamp" in job["metadata"]) == (before, True)
    (pod,) = training.pods(JOBS[0])
    assert (pod["spec"]["nodeName"], "deletionTimestamp" in pod["metadata"]) == (node, True)
    return node


def is_lost(stage: Stage, node: str) -> bool:
    """Whether the cluster knows nothing of a node, and keeps its object."""
    conditions = stage.plane.client.get("nodes", node)["status"]["conditions"]
    return ("Ready", "Unknown") in [(each["type"], each["status"]) for each in conditions]


def send(number: signal.Signals, *processes: Process) -> None:
    """Send a signal to processes."""
    for process in processes:
        process.child.send_signal(number)


def kinds(training: Multislice, job: str = "multislice-restart-watcher") -> list[str]:
    """Return the conditions of a Job, the watcher's if none is named."""
    status = training.client.get("jobs", job)["status"]
    return [each["type"] for each in status.get("conditions") or ()]


def wait_until_decided(training: Multislice, restart: int) -> None:
    """Wait for the very moment when a restart is written down: by a watch, as what follows takes milliseconds."""
    name = f"metadata.name={training.name}-restart-state"
    with closing(training.client.watch("configmaps", fields=name)) as news:
        for _, item in news:
            if json.loads((item.get("data") or {}).get("state.json", "{}")).get("restarts") == restart:
                return
    raise TimeoutError(f"restart {restart} was not decided")


def wait_until_restarted(training: Multislice, restart: int) -> None:
    """Wait for an attempt to run whole, and see that no more was counted than one restart for each."""
    until(lambda: training.runs(attempt=restart), PATIENCE)
    assert training.counters() == (restart, restart)


def undisturbed(stage: Stage, training: Multislice) -> float:
    """Let a first failure happen; return the seconds until the next attempt runs."""
    begin = time.monotonic()
    training.fail(JOBS[0])
    wait_until_restarted(training, 1)
    stage.figures["seconds of an undisturbed restart"] = time.monotonic() - begin
    return time.monotonic() - begin


def complete(training: Multislice, *processes: Process) -> None:
    """Let the set succeed, and every watcher with it."""
    restarts = training.counters()
    assert shared(training.placed()) == []
    training.complete()
    until(lambda: [each.status for each in processes] == [0] * len(processes), PATIENCE)
    assert training.state["terminal"]["type"] == "Completed"
    assert training.counters() == restarts


MODES = ("git", "watcher")
# Each scenario, and who makes the Jobs in the CI tier.
SCENARIOS: dict[Callable[[Stage], None], tuple[str, ...]] = {
    a_watcher_that_is_killed_at_random_moments_counts_each_failure_once: MODES,
    a_watcher_that_wakes_after_another_has_finished_its_restart_changes_nothing: ("git",),
    two_watchers_count_each_failure_once: ("watcher",),
    the_set_restarts_within_two_minutes_of_the_loss_of_its_watchers_node: ("git",),
    a_set_with_a_lost_node_restarts_whole_once_the_node_is_given_up: ("watcher",),
    a_set_with_a_lost_node_restarts_whole_once_the_node_is_back: ("git",),
    a_set_that_fails_by_a_lost_node_says_so_though_the_node_is_not_given_up: ("git",),
}
CASES = [
    pytest.param(scenario, jobs, marks=() if jobs in shown else OTHER_OWNER)
    for scenario, shown in SCENARIOS.items()
    for jobs in MODES
]


@pytest.fixture(scope="module")
def outcomes(
    request: pytest.FixtureRequest,
    real_plane: ControlPlane,
    tmp_path_factory: pytest.TempPathFactory,
    cluster_seconds: dict[str, float],
) -> Iterator[dict[str, Future[None]]]:
    """Begin with all scenarios that were asked for; what comes of each is in its test."""

    def play(test: Any, folder: Path, figures: Figures) -> None:
        stage = Stage(real_plane, test.params["jobs"], folder, random.Random(f"{SEED} {test.id}"), figures)
        test.params["scenario"](stage)

    with play_concurrently(request, tmp_path_factory, play) as played:
        yield played.outcomes
    record_figures("survival", played.figures)
    for name, own in played.figures.items():
        cluster_seconds |= {f"{name}: {what}": number for what, number in own.items()}


@pytest.mark.parametrize(("scenario", "jobs"), CASES, ids=lambda each: getattr(each, "__name__", each))
def test_survival(
    request: pytest.FixtureRequest, outcomes: dict[str, Future[None]], scenario: object, jobs: str
) -> None:
    print(f"the moments are those of SEED={SEED}")
    outcomes[request.node.callspec.id].result()
