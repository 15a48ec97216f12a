"""The watcher's duties: the features of a set that need a watcher at run time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from jobsetgen.diagnostics import Path
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.words import listed


class Duty(NamedTuple):
    """A feature that needs a watcher: its path in the spec, and a description."""

    path: Path
    words: str


def duties(jobset: JobSet, settings: Settings) -> list[Duty]:
    """Return the features for which a set needs a watcher; none in a set without Jobs."""
    if not jobset.jobs:
        return []
    return [
        *_creation(settings),
        *_restarts(jobset),
        *_success(jobset),
        *_order(jobset),
        *_ttl(jobset, settings),
        *_fate(jobset),
    ]


def startup_order(jobset: JobSet) -> Path | None:
    """Return the path of the first field that sets a startup order, or None."""
    if jobset.startup_order == "InOrder" and len(jobset.replicated_jobs) > 1:
        return ("spec", "startupPolicy", "startupPolicyOrder")
    return next(
        ((*each.path, "dependsOn") for each in jobset.replicated_jobs if each.depends_on), None
    )


def _creation(settings: Settings) -> Iterator[Duty]:
    if settings.jobs == "watcher":
        yield Duty(("spec", "replicatedJobs"), "create the Jobs (jobs: watcher)")


def _restarts(jobset: JobSet) -> Iterator[Duty]:
    policy = jobset.failure_policy
    if policy is None:
        return
    if policy.max_restarts > 0:
        how = f"maxRestarts {policy.max_restarts}"
        if policy.rules:
            how += ", by the rules of failurePolicy"
        yield Duty((*policy.path, "maxRestarts"), f"restart the set after a failure ({how})")
    elif rules := [rule for rule in policy.rules if rule.action.endswith("IgnoreMaxRestarts")]:
        yield Duty(
            (*rules[0].path, "action"), f"restart the set after a failure ({rules[0].action})"
        )


def _success(jobset: JobSet) -> Iterator[Duty]:
    """Yield a duty if the success policy can complete a set before all of its Jobs are done."""
    policy = jobset.success_policy
    targets = [
        each for each in jobset.replicated_jobs if not policy.targets or each.name in policy.targets
    ]
    if not targets:
        return  # a rule reports unknown targets
    awaited = sum(each.replicas for each in targets)
    if jobset.jobs > (min(1, awaited) if policy.operator == "Any" else awaited):
        named = f" of {listed([each.name for each in targets])}" if policy.targets else ""
        job = "one Job" if policy.operator == "Any" else "every Job"
        yield Duty(policy.path, f"end the set when {job}{named} has succeeded (successPolicy)")


def _order(jobset: JobSet) -> Iterator[Duty]:
    if place := startup_order(jobset):
        field = "dependsOn" if place[-1] == "dependsOn" else "InOrder"
        yield Duty(place, f"hold Jobs back until it is their turn ({field})")


def _ttl(jobset: JobSet, settings: Settings) -> Iterator[Duty]:
    # If a GitOps tool owns the Jobs, the TTL is omitted, and a lint reports it.
    if jobset.ttl_seconds_after_finished is not None and not settings.tool_owns_jobs:
        yield Duty(
            ("spec", "ttlSecondsAfterFinished"), "remove the finished set (ttlSecondsAfterFinished)"
        )


def _fate(jobset: JobSet) -> Iterator[Duty]:
    if jobset.jobs > 1:
        others = "the other Job" if jobset.jobs == 2 else f"the other {jobset.jobs - 1:,} Jobs"
        yield Duty(("spec", "replicatedJobs"), f"end {others} when one fails")
