"""Jobs that fail together, and what comes of it: a random set, its burst, and the decisions until nothing is left.

A burst does not say in how many decisions it is acted upon. What is compared is the whole of them: the counters, the
end, the evidence, the events in their order, and which Jobs are replaced.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from jobsetgen.runtime.watcher.contract import ATTEMPT, JOB_ATTEMPT, Delete, Say
from jobsetgen.runtime.watcher.decide import decide
from jobsetgen.runtime.watcher.view import Job, Seen
from tests.simulation.cluster import copied
from tests.simulation.reference import ACTIONS, Act, Failure, Reference
from tests.simulation.training import NAME, Training, spec

Json = dict[str, Any]
REASONS = ("BackoffLimitExceeded", "PodFailurePolicy", "DeadlineExceeded")
MESSAGES = ("", "disk full", "network", "broke")
PATTERNS = ("disk", "^net", "k$")
KEPT = 50  # entries of evidence
NOW = "2026-01-01T01:00:00Z"
_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
_ENDINGS = {
    "FailedJobs": "a Job has failed and there is no failurePolicy",
    "FailJobSetFailurePolicyAction": "a rule of the failurePolicy says so",
    "AllJobsCompleted": "every Job that the success policy asks for is complete",
}


# --- The set --------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Set:
    """What a random set asks for."""

    mode: str
    replicas: dict[str, int]
    policy: Json | None
    success: Json

    def text(self) -> str:
        """Return the JobSet."""
        success = {"operator": self.success["operator"], "targetReplicatedJobs": self.success["targets"]}
        fields = {"successPolicy": json.dumps(success)}
        if self.policy is not None:
            fields["failurePolicy"] = json.dumps(self.policy)
        return spec({name: f"replicas: {count}" for name, count in self.replicas.items()}, **fields)


def random_set(chance: random.Random) -> Set:
    """Return a set: one in ten is large, and has more failures than evidence is kept of."""
    names = ("workers", "driver", "eval")[: chance.randint(1, 3)]
    replicas = {name: chance.randint(1, 5) for name in names}
    policy = _policy(chance, names)
    if chance.random() < 0.1:
        replicas[names[-1]] = 2 * KEPT
        policy = {"maxRestarts": 200, "rules": [_rule(chance, names, 0), {"name": "rest", "action": "RestartJob"}]}
    success = {
        "operator": chance.choice(["All", "Any"]),
        "targets": [name for name in names if chance.random() < 0.3],
    }
    return Set(chance.choice(["git", "watcher"]), replicas, policy, success)


def _policy(chance: random.Random, names: tuple[str, ...]) -> Json | None:
    if chance.random() < 0.05:
        return None
    rules = [_rule(chance, names, place) for place in range(chance.choice([0, 1, 1, 2, 2, 3, 4]))]
    strategy = chance.choice(["Recreate", "BlockingRecreate"])
    return {"maxRestarts": chance.choice([0, 1, 2, 3, 5, 100]), "restartStrategy": strategy, "rules": rules}


def _rule(chance: random.Random, names: tuple[str, ...], place: int) -> Json:
    rule: Json = {"name": f"rule{place}", "action": chance.choice([*ACTIONS, "RestartJob"])}
    if chance.random() < 0.4:
        rule["onJobFailureReasons"] = chance.sample(REASONS, chance.randint(1, 2))
    if chance.random() < 0.3:
        rule["onJobFailureMessagePatterns"] = chance.sample(PATTERNS, chance.randint(1, 2))
    if chance.random() < 0.3:
        rule["targetReplicatedJobs"] = [chance.choice(names)]
    return rule


class Running:
    """A set that runs under its watcher, as it was before anything has failed."""

    def __init__(self, wanted: Set) -> None:
        training = Training(wanted.text(), jobs=wanted.mode)
        training.settle()
        plan = training.cluster.of("configmaps")[f"{NAME}-restart-plan"]
        self.set = wanted
        self.plan = json.loads(plan["data"]["plan.json"])
        self.plan_uid = plan["metadata"]["uid"]
        self.jobs = training.cluster.jobs()
        self.state = training.state


# --- The burst ------------------------------------------------------------------------------------
@dataclass
class Burst:
    """What has happened to a running set before its watcher looks, and the restarts before that."""

    restarts: int = 0
    counted: int = 0
    alone: dict[str, list[int]] = field(default_factory=dict)
    ends: dict[str, Any] = field(default_factory=dict)  # "complete", or a Failure
    terminating: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)


def random_burst(chance: random.Random, running: Set) -> Burst:
    """Return a burst of two Jobs or more: some tie, some have decided to fail and have not failed yet."""
    names = [f"{NAME}-{name}-{index}" for name, count in running.replicas.items() for index in range(count)]
    burst = Burst(restarts=chance.choice([0, 0, 1, 3]))
    burst.counted = chance.randint(0, burst.restarts)
    for name in chance.sample(names, min(len(names), chance.choice([0, 0, 1, 2]))):
        total = chance.randint(1, 3)
        burst.alone[name] = [total, chance.randint(0, total)]
    most = chance.choice([8, 8, 8, len(names)])
    hit = chance.sample(names, min(len(names), chance.randint(2, max(2, most))))
    early, complete, spread = (
        chance.choice([0, 0, 0.2, 0.6, 1]),
        chance.choice([0, 0, 0.2, 0.5]),
        chance.choice([0, 1, 9]),
    )
    for name in hit:
        burst.ends[name] = "complete" if chance.random() < complete else _failure(chance, spread, early)
    burst.terminating = {name for name in names if chance.random() < 0.05}
    burst.gone = {name for name in names if name not in hit and chance.random() < 0.05}
    return burst


def _failure(chance: random.Random, spread: int, early: float) -> Failure:
    reason, message = chance.choice(REASONS), chance.choice(MESSAGES)
    return Failure(chance.randint(0, spread), reason, message, early=chance.random() < early)


def expected(running: Set, burst: Burst) -> Reference:
    """Return what comes of a burst, pass after pass."""
    reference = Reference(
        running.replicas,
        running.policy,
        running.success,
        restarts=burst.restarts,
        counted=burst.counted,
        job_restarts=copy.deepcopy(burst.alone),
    )
    reference.jobs.update(burst.ends)
    reference.settle()
    return reference


# --- What is decided ------------------------------------------------------------------------------
class Decided(NamedTuple):
    """What has been decided about a burst, in as many decisions as it took."""

    state: Json
    said: list[Say]
    deleted: set[str]


def decided(running: Running, burst: Burst) -> Decided:
    """Let a watcher decide about a burst until its state stays the same; nothing is done meanwhile."""
    jobs = {name: _job(item, burst) for name, item in running.jobs.items() if name not in burst.gone}
    seen = Seen(running.plan, running.plan_uid, jobs, 0.0, time=NOW)
    state: Any = {
        **copy.deepcopy(running.state),
        "restarts": burst.restarts,
        "countedRestarts": burst.counted,
        "jobRestarts": copy.deepcopy(burst.alone),
    }
    said: list[Say] = []
    for _ in range(len(jobs) + 3):
        before = copy.deepcopy(state)
        state, actions = decide(state, seen)
        said += [action for action in actions if isinstance(action, Say)]
        if state == before:
            return Decided(dict(state), said, _deleted(actions, jobs))
    raise AssertionError("the decisions come to no end")


def _deleted(actions: list[Any], jobs: dict[str, Job]) -> set[str]:
    deletes = [action for action in actions if isinstance(action, Delete)]
    assert all(jobs[each.name].uid == each.uid for each in deletes)
    assert len({each.name for each in deletes}) == len(deletes)
    return {each.name for each in deletes}


def _job(item: Json, burst: Burst) -> Job:
    """Return a Job as it is after a burst, of the attempt that was."""
    item = copied(item)
    meta = item["metadata"]
    attempts = {ATTEMPT: str(burst.restarts), JOB_ATTEMPT: str(burst.alone.get(meta["name"], [0])[0])}
    meta["labels"].update(attempts)
    if meta["name"] in burst.terminating:
        meta["deletionTimestamp"] = NOW
    item["status"]["conditions"] = list(_conditions(burst.ends.get(meta["name"])))
    return Job(item)


def _conditions(end: Any) -> Iterator[Json]:
    """Yield what the Job controller writes: a Job that has failed has decided to before."""
    if end == "complete":
        yield {"type": "Complete", "status": "True", "lastTransitionTime": NOW, "reason": "CompletionsReached"}
    elif end:
        why = {"status": "True", "reason": end.reason, "message": end.message}
        yield {"type": "FailureTarget", "lastTransitionTime": stamp(end.time - (not end.early)), **why}
        if not end.early:
            yield {"type": "Failed", "lastTransitionTime": stamp(end.time), **why}


def stamp(seconds: int) -> str:
    """Return a time as the API writes it."""
    return (_BEGIN + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


# --- In the watcher's words -----------------------------------------------------------------------
def events(reference: Reference) -> list[Say]:
    """Return what a watcher says of what the reference has done."""
    said = [event for act in reference.acts for event in _events(reference, act)]
    if reference.outcome.startswith("Completed"):
        said.append(Say("Normal", "AllJobsCompleted", _ENDINGS["AllJobsCompleted"]))
    return said


def _events(reference: Reference, act: Act) -> Iterator[Say]:
    first = f"(first failed job: {act.job})"
    if not act.number:
        reason = reference.outcome.split()[1]
        yield Say("Warning", reason, f"{_ending(reference, reason)} {first}")
    elif act.action.startswith("RestartJobSet"):
        message = f"restart {act.number} of the whole set {first}"
        yield Say("Warning", f"FailurePolicy_{act.rule}" if act.rule else "DefaultFailurePolicy", message)
        yield Say("Warning", f"{act.action}FailurePolicyAction", message)
    else:
        message = f"restart {act.number} of this Job alone {first}"
        yield Say("Warning", f"{act.action}FailurePolicyAction", message)


def _ending(reference: Reference, reason: str) -> str:
    if reason == "ReachedMaxRestarts":
        return f"maxRestarts ({reference.failure_policy['maxRestarts']}) is reached"
    return _ENDINGS[reason]


def evidence(reference: Reference) -> list[Json]:
    """Return what a watcher remembers of what the reference has done, the newest entries only."""
    entries = [
        {
            "time": stamp(act.failure.time),
            "attempt": act.attempt,
            "job": act.job,
            "action": act.action,
            "rule": act.rule,
            "reason": act.failure.reason,
            "message": act.failure.message,
        }
        for act in reference.acts
    ]
    return entries[-KEPT:]


def terminal(reference: Reference) -> Json | None:
    """Return how a watcher writes down that the set is over."""
    if not reference.outcome:
        return None
    last = events(reference)[-1]
    kind = reference.outcome.split()[0]
    return {"type": kind, "reason": last.reason, "message": last.message, "time": NOW}


def replaced(running: Set, reference: Reference) -> set[str]:
    """Return the Jobs that the reference has restarted."""
    whole = any(act.number and act.action.startswith("RestartJobSet") for act in reference.acts)
    alone = {act.job for act in reference.acts if act.number}
    return set(reference.jobs) if whole else alone
