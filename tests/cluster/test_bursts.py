"""Jobs that fail together while nobody looks: our watcher makes of them what the real controller makes of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, datetime
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest

from tests.cluster.harness.control_plane import ControlPlane
from tests.cluster.harness.controller_outage import ControllerOutage
from tests.cluster.harness.figures import record_figures
from tests.cluster.harness.processes import until
from tests.cluster.harness.tiers import BURSTS
from tests.cluster.oracles.behaviour_comparison import (
    DifferenceError,
    Outcome,
    Step,
    compare_all,
    happened,
    record,
    smallest,
)
from tests.cluster.oracles.controller_and_watcher import ControllerSide
from tests.cluster.oracles.random_bursts import AT_ONCE, foretold, has_ties, in_promised_order, random_burst, result
from tests.cluster.oracles.scenario import NAME, Json, Scenario, verb
from tests.simulation.reference import ACTIONS

SIDE_BY_SIDE = 16  # scenarios that share a outage of the controller
SERIES = 200  # of which CI plays the first few
RARE = 40  # each kind comes up in at least one burst of so many
RESTARTS = [action for action in ACTIONS if action != "FailJobSet"]
EVERY_KIND = {
    *(f"restarted by {action}" for action in RESTARTS),
    *("FailJobSetFailurePolicyAction", "ReachedMaxRestarts", "AllJobsCompleted", "FailedJobs", "Complete"),
    *("strategy Recreate", "strategy BlockingRecreate", "a tie", "a tie that the controller was given"),
    *("success and failure at once", "a Job and then the whole set", "several Jobs alone"),
    *("some restart and then maxRestarts", "all are complete once some have restarted"),
}


class Bursting(ControllerSide):
    """The JobSet under the real controller, which is down for all bursts of several scenarios at once."""

    def __init__(self, plane: ControlPlane, scenario: Scenario, outage: ControllerOutage) -> None:
        super().__init__(plane, plane.new_namespace("upstream"), scenario)
        self.outage = outage

    def begin(self) -> None:
        """Create the JobSet, and wait until the controller has seen it."""
        super().begin()
        until(lambda: bool(self._status()), what=f"the controller sees the JobSet in {self.namespace}")

    def happen(self, event: Json, at: datetime) -> None:
        """Let an event happen; where a tie leaves the controller a choice, in the order that we promise."""
        super().happen(in_promised_order(self.scenario, self.seen(), event) if AT_ONCE in event else event, at)

    def unseen(self, happen: Callable[[], object]) -> None:
        """Let it happen while the controller is down, and wait until it has seen it."""
        before = self._status()
        self.outage.during(happen)
        until(lambda: self._status() != before, what=f"the controller sees a burst in {self.namespace}")

    def _status(self) -> Json:
        """Return what the controller has written: nothing before its first pass, and something else for each end."""
        return dict(self.client.get("jobsets", NAME).get("status") or {})


def recorded(plane: ControlPlane, scenario: Scenario, outage: ControllerOutage) -> list[Step]:
    """Play a scenario under the real controller, which must do what the rules say."""
    try:
        steps = record(Bursting(plane, scenario, outage))
    finally:
        outage.leave()
    for before, step in pairwise(steps):
        if AT_ONCE in step.event:
            told = foretold(scenario, before.seen, step.event)
            if result(step.seen) != told:
                raise DifferenceError(f"{told} is foretold, there is {step.seen.words()}\n{scenario.text()}")
    return steps


def together(plane: ControlPlane, scenarios: dict[str, Scenario], folder: Path) -> dict[str, Outcome]:
    """Play scenarios side by side: first all under the real controller, then all on our side."""
    outage = ControllerOutage(plane, len(scenarios))
    with ThreadPoolExecutor(len(scenarios)) as pool:
        recordings = {name: pool.submit(recorded, plane, each, outage) for name, each in scenarios.items()}
        outage.serve()
    with ThreadPoolExecutor(len(scenarios)) as pool:
        calls = {
            name: pool.submit(_outcome, plane, scenarios[name], recording, folder / name)
            for name, recording in recordings.items()
        }
    return {name: call.result() for name, call in calls.items()}


def _outcome(plane: ControlPlane, scenario: Scenario, recording: Future[list[Step]], folder: Path) -> Outcome:
    try:
        steps = recording.result()
        compare_all(plane, scenario, steps, folder)
        return Outcome([step._replace(jobs={}) for step in steps])
    except Exception as error:
        return Outcome([], error)


def alone(plane: ControlPlane, scenario: Scenario, folder: Path) -> Outcome:
    """Play one scenario."""
    return together(plane, {"alone": scenario}, folder)["alone"]


@pytest.fixture(scope="module")
def outcomes(plane: ControlPlane, tmp_path_factory: pytest.TempPathFactory) -> dict[int, Outcome]:
    """Return what came of each burst. What fails beside others is played once more alone, as in test_behaviour."""
    folder = tmp_path_factory.mktemp("bursts")
    found: dict[int, Outcome] = {}
    for first in range(0, BURSTS, SIDE_BY_SIDE):
        seeds = range(first, min(first + SIDE_BY_SIDE, BURSTS))
        group = together(plane, {f"{seed}": random_burst(seed) for seed in seeds}, folder)
        found |= {int(seed): each for seed, each in group.items()}
    again = [seed for seed, each in found.items() if each.error]
    found |= {seed: alone(plane, random_burst(seed), folder / f"{seed}-alone") for seed in again}
    record_figures("bursts", {**_counts(found), "played again": len(again)})
    return found


def _counts(found: dict[int, Outcome]) -> Json:
    return {
        "on": f"{date.today()}",
        "scenarios": len(found),
        "agree": sum(each.error is None for each in found.values()),
        "differ": [f"seed {seed}" for seed, each in sorted(found.items()) if each.error],
        "events": sum(len(each.steps) - 1 for each in found.values() if each.steps),
        "bursts": sum(AT_ONCE in step.event for each in found.values() for step in each.steps),
        "happened": Counter(what for seed, each in found.items() for what in kinds(random_burst(seed), each.steps)),
    }


def kinds(scenario: Scenario, steps: list[Step]) -> set[str]:
    """Return what there was in a scenario that was played, and what a burst of it has done."""
    policy = scenario.spec.get("failurePolicy")
    bursts = [(before, step) for before, step in pairwise(steps) if AT_ONCE in step.event]
    found = {f"strategy {policy['restartStrategy']}" if policy else "no failure policy"}
    found |= {kind for before, step in bursts for kind in _kinds_of(scenario, before, step)}
    return found | happened(steps)


def _kinds_of(scenario: Scenario, before: Step, step: Step) -> Iterator[str]:
    earlier, after = before.seen, step.seen
    told = {each.reason for each in step.told - before.told}
    single = [name for name in after.alone if after.alone[name] != earlier.alone.get(name)]
    verbs = {verb(each) for each in step.event[AT_ONCE]}
    yield from (f"restarted by {action}" for action in RESTARTS if f"{action}FailurePolicyAction" in told)
    facts = {
        "a tie": has_ties(step.event),
        "a tie that the controller was given": has_ties(in_promised_order(scenario, earlier, step.event)),
        "success and failure at once": verbs == {"complete", "fail"},
        "a Job and then the whole set": bool(single) and after.restarts > earlier.restarts,
        "several Jobs alone": len(single) > 1,
        "some restart and then maxRestarts": bool(single) and "ReachedMaxRestarts" in after.outcome,
        "all are complete once some have restarted": bool(single) and "AllJobsCompleted" in after.outcome,
    }
    yield from (fact for fact, is_so in facts.items() if is_so)


@pytest.mark.parametrize("seed", range(BURSTS))
def test_a_burst(outcomes: dict[int, Outcome], seed: int, plane: ControlPlane, tmp_path: Path) -> None:
    error = outcomes[seed].error
    if isinstance(error, DifferenceError):
        raise smallest(partial(alone, plane), random_burst(seed), error, tmp_path)
    if error:
        raise error


@pytest.mark.skipif(BURSTS < SERIES, reason="few bursts are played")
def test_no_kind_of_burst_is_too_rare_to_mean_anything(outcomes: dict[int, Outcome]) -> None:
    counts = _counts(outcomes)["happened"]
    assert {kind: counts[kind] for kind in EVERY_KIND if counts[kind] < BURSTS / RARE} == {}
