"""Jobs that fail together: however many decisions a watcher takes, they come to what the controller's passes come to."""

from __future__ import annotations

import json
import os
import random
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.simulation.bursts import (
    ACTIONS,
    KEPT,
    Burst,
    Decided,
    Running,
    Set,
    decided,
    events,
    evidence,
    expected,
    random_burst,
    random_set,
    replaced,
    terminal,
)
from tests.simulation.reference import Failure, Reference
from tests.simulation.training import Training, spec

SETS = range(int(os.environ.get("JOBSETGEN_BURST_SETS", "30")))
BURSTS = 50  # of each set
MANY = 1000
ALONE = json.dumps({"maxRestarts": 2 * MANY, "rules": [{"name": "alone", "action": "RestartJob"}]})


def agree(running: Set, burst: Burst, reference: Reference, found: Decided) -> None:
    """Hold what was decided against the reference."""
    about = f"{running}\n{burst}"
    state = found.state
    assert state["restarts"] == reference.restarts, about
    assert state["countedRestarts"] == reference.counted, about
    assert state["jobRestarts"] == reference.job_restarts, about
    assert state["terminal"] == terminal(reference), about
    assert state["evidence"] == evidence(reference), about
    assert found.said == events(reference), about
    there = set(reference.jobs) - burst.gone - burst.terminating
    ended = replaced(running, reference) | stopped(running, burst, reference)
    assert found.deleted == ended & there, about


def stopped(running: Set, burst: Burst, reference: Reference) -> set[str]:
    """Return the Jobs that are deleted because the set is over; a tool would put them back, so Git's are suspended."""
    if running.mode == "git" or not reference.outcome:
        return set()
    return {job for job in reference.jobs if job not in burst.ends}


@pytest.mark.parametrize("seed", SETS)
def test_bursts_are_decided_as_pass_after_pass(seed):
    chance = random.Random(seed)
    running = Running(random_set(chance))
    for _ in range(BURSTS):
        burst = random_burst(chance, running.set)
        agree(running.set, burst, expected(running.set, burst), decided(running, burst))


@settings(
    max_examples=int(os.environ.get("JOBSETGEN_LIVES", "15")),
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
@given(st.randoms(use_true_random=False))
def test_hypothesis_finds_no_burst_that_is_decided_otherwise(chance):
    running = Running(random_set(chance))
    burst = random_burst(chance, running.set)
    agree(running.set, burst, expected(running.set, burst), decided(running, burst))


def kinds(running: Set, burst: Burst) -> set[str]:
    """Return what a burst is about, for the account of how often each came up."""
    reference = expected(running, burst)
    failures = [end for end in burst.ends.values() if isinstance(end, Failure)]
    times = [each.time for each in failures]
    done = [act.action for act in reference.acts if act.number]
    acts = reference.acts
    found = {f"restart by {action}" for action in done}
    found |= {f"end by {act.action}" for act in acts if not act.number}
    found.add(f"outcome: {reference.outcome or 'none'}")
    facts = {
        "a tie": len(set(times)) < len(times),
        "failing among failed": {each.early for each in failures} == {True, False},
        "all are failing": all(each.early for each in failures) and bool(failures),
        "success before those that are failing": bool(failures) and not acts and bool(reference.outcome),
        "success between those that are failing": bool(acts) and reference.outcome.startswith("Completed"),
        "complete beside failed": "complete" in burst.ends.values() and bool(failures),
        "a Job and then the whole set": len({action.startswith("RestartJobSet") for action in done}) == 2,
        "some restart and then the limit": bool(done) and reference.outcome == "Failed ReachedMaxRestarts",
        "some restart and then the end by a rule": bool(done) and "FailJobSetF" in reference.outcome,
        "counted and not counted": {"RestartJob", "RestartJobAndIgnoreMaxRestarts"} <= set(done),
        "a later one goes first": any(act.failure.time > min(times) for act in acts[:1]),
        "the default beside rules": any(act.rule for act in acts) and any(not act.rule for act in acts),
        "more than is kept as evidence": len(acts) > KEPT,
        "some are terminating": bool(burst.terminating & set(burst.ends)),
        "some are gone": bool(burst.gone),
        "with a history": bool(burst.alone) and bool(burst.restarts),
    }
    return found | {fact for fact, is_so in facts.items() if is_so} | {f"mode {running.mode}"}


def test_the_bursts_had_enough_of_everything():
    counts: Counter[str] = Counter()
    for seed in range(80):
        chance = random.Random(seed)
        running = random_set(chance)
        for _ in range(BURSTS):
            counts.update(kinds(running, random_burst(chance, running)))
    print("\n".join(f"{count:6} {what}" for what, count in sorted(counts.items())))
    wanted = [f"restart by {action}" for action in ACTIONS if action != "FailJobSet"]
    wanted += [f"end by {action}" for action in ("FailJobSet", "RestartJobSet", "RestartJob")]
    wanted += ["mode git", "mode watcher", "outcome: none", "outcome: Completed AllJobsCompleted"]
    wanted += [
        f"outcome: Failed {reason}" for reason in ("FailedJobs", "ReachedMaxRestarts", "FailJobSetFailurePolicyAction")
    ]
    wanted += ["a tie", "failing among failed", "all are failing", "complete beside failed"]
    wanted += ["success before those that are failing", "success between those that are failing"]
    wanted += ["a Job and then the whole set", "some restart and then the limit"]
    wanted += ["some restart and then the end by a rule", "counted and not counted", "a later one goes first"]
    wanted += ["the default beside rules", "more than is kept as evidence", "some are terminating", "some are gone"]
    wanted += ["with a history"]
    assert {what: counts[what] for what in wanted if counts[what] < 8} == {}


@pytest.mark.parametrize("jobs", ["git", "watcher"])
def test_many_failures_at_once_are_written_down_once(jobs):
    training = Training(spec({"workers": f"replicas: {MANY}"}, failurePolicy=ALONE), jobs=jobs)
    while len(training.running()) < MANY:
        training.round()
    names = training.running()
    for name in names:
        training.cluster.fail(name)
    training.cluster.requests.clear()
    (watcher,) = training.watchers
    watcher.step()
    written = [path.partition("?")[0] for method, path in training.cluster.requests if method == "PUT"]
    assert [path.rpartition("/")[2] for path in written] == ["train-restart-state"]
    assert training.state["jobRestarts"] == {name: [1, 1] for name in names}
