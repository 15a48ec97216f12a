"""What the JobSet controller does, as plainly as it can be said: counters, verdicts, and what becomes of each Job.

Written from the description of the controller alone. It knows nothing of an API, of watchers or of anything that can go
wrong; it sees every failure at once and acts at once, on one in each pass.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Json = dict[str, Any]
ACTIONS = (
    "FailJobSet",
    "RestartJobSet",
    "RestartJobSetAndIgnoreMaxRestarts",
    "RestartJob",
    "RestartJobAndIgnoreMaxRestarts",
)


@dataclass
class Failure:
    """How a Job has failed, or, `early`, has decided to (difference 16): then success goes first."""

    time: int
    reason: str = "BackoffLimitExceeded"
    message: str = ""
    early: bool = False


class Act(NamedTuple):
    """What one pass has done about a failure."""

    job: str
    failure: Failure
    action: str
    rule: str  # its name; empty where none matches
    attempt: int  # restarts of the whole set before
    number: int  # which restart this is, of the set or of the Job; 0 where the set ends


@dataclass
class Reference:
    """A set of Jobs by name, in global order; each is None while it runs, "complete", or a Failure."""

    replicas: dict[str, int]
    failure_policy: Json | None = None
    success_policy: Json = field(default_factory=lambda: {"operator": "All", "targets": []})
    restarts: int = 0
    counted: int = 0
    job_restarts: dict[str, list[int]] = field(default_factory=dict)
    outcome: str = ""
    jobs: dict[str, Any] = field(default_factory=dict)
    acts: list[Act] = field(default_factory=list)
    name: str = "train"

    def __post_init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        places = ((name, index) for name, count in self.replicas.items() for index in range(count))
        self.jobs = {f"{self.name}-{name}-{index}": None for name, index in places}

    def replicated_job(self, job: str) -> str:
        """Return the replicatedJob of a Job."""
        return job.split("-")[1]

    def settle(self) -> None:
        """Make passes until nothing is left to decide."""
        while not self.outcome:
            failed = {job: state for job, state in self.jobs.items() if isinstance(state, Failure)}
            has_failed = any(not failure.early for failure in failed.values())
            if has_failed or (failed and not self._succeeded()):
                self._fail(failed)
            elif self._succeeded():
                self.outcome = "Completed AllJobsCompleted"
            else:
                return

    def _succeeded(self) -> bool:
        targets = self.success_policy["targets"] or list(self.replicas)
        done = [job for job, state in self.jobs.items() if state == "complete"]
        matching = [job for job in done if self.replicated_job(job) in targets]
        needed = 1 if self.success_policy["operator"] == "Any" else sum(self.replicas[name] for name in targets)
        return bool(done) and len(matching) >= needed

    def _fail(self, failed: dict[str, Failure]) -> None:
        job, rule = self._match(failed)
        action = rule["action"] if rule else "RestartJobSet" if self.failure_policy is not None else "FailJobSet"
        limited = not action.endswith("IgnoreMaxRestarts")
        counted = self.counted + sum(each[1] for each in self.job_restarts.values())
        attempt, number = self.restarts, 0
        if self.failure_policy is None:
            self.outcome = "Failed FailedJobs"
        elif action == "FailJobSet":
            self.outcome = "Failed FailJobSetFailurePolicyAction"
        elif limited and counted >= self.failure_policy.get("maxRestarts", 0):
            self.outcome = "Failed ReachedMaxRestarts"
        elif action.startswith("RestartJobSet"):
            self.restarts += 1
            self.counted += limited
            self._begin()
            number = self.restarts
        else:
            own = self.job_restarts.setdefault(job, [0, 0])
            own[0] += 1
            own[1] += limited
            self.jobs[job] = None
            number = own[0]
        self.acts.append(Act(job, failed[job], action, rule["name"] if rule else "", attempt, number))

    def _match(self, failed: dict[str, Failure]) -> tuple[str, Json | None]:
        order = list(self.jobs)
        earliest = sorted(failed, key=lambda job: (failed[job].time, order.index(job)))
        for rule in (self.failure_policy or {}).get("rules", ()):
            matched = [each for each in earliest if self._matches(rule, each, failed[each])]
            if matched:
                return matched[0], rule
        return earliest[0], None

    def _matches(self, rule: Json, job: str, failure: Failure) -> bool:
        patterns, targets = rule.get("onJobFailureMessagePatterns"), rule.get("targetReplicatedJobs")
        reasons = rule.get("onJobFailureReasons")
        return (
            (not reasons or failure.reason in reasons)
            and (not patterns or any(re.search(each, failure.message) for each in patterns))
            and (not targets or self.replicated_job(job) in targets)
        )
