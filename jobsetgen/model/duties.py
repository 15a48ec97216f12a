"""What a set asks for at run time, and so needs a watcher for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from jobsetgen.diagnostics import Path
from jobsetgen.model.jobset import JobSet, ReplicatedJob
from jobsetgen.options.table import Settings
from jobsetgen.words import listed


class Task(NamedTuple):
    """Something that only a watcher does: where the set asks for it, and what it is, in words."""

    path: Path
    words: str


def tasks(jobset: JobSet, settings: Settings) -> list[Task]:
    """Return what a set would miss without a watcher; nothing for a set without Jobs, in which nothing can happen."""
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


def has_watcher(jobset: JobSet, settings: Settings) -> bool:
    """Whether the set gets a watcher.

    With `Never` it has none, and one that needs one does not compile.
    """
    if settings.restart_watcher == "Auto":
        return bool(tasks(jobset, settings))
    return settings.restart_watcher == "Always"


def is_gated(jobset: JobSet, each: ReplicatedJob, settings: Settings) -> bool:
    """Whether the pods of a replicatedJob wait behind a scheduling gate, which the watcher takes off.

    Where Git owns the Jobs all of them are created together. Those wait that the controller would
    create later, and under BlockingRecreate all, so that a Job that is put back too early does no
    harm.
    """
    if settings.jobs != "git" or not has_watcher(jobset, settings):
        return False
    is_later = jobset.startup_order == "InOrder" and each is not jobset.replicated_jobs[0]
    return is_later or bool(each.depends_on) or is_blocking(jobset)


def is_blocking(jobset: JobSet) -> bool:
    """Whether a new attempt begins only when the last one is gone."""
    return (
        jobset.failure_policy is not None
        and jobset.failure_policy.restart_strategy == "BlockingRecreate"
    )


def startup_order(jobset: JobSet) -> Path | None:
    """Return where a set first asks for an order of start, or None where it does not."""
    if jobset.startup_order == "InOrder" and len(jobset.replicated_jobs) > 1:
        return ("spec", "startupPolicy", "startupPolicyOrder")
    return next(
        ((*each.path, "dependsOn") for each in jobset.replicated_jobs if each.depends_on), None
    )


def _creation(settings: Settings) -> Iterator[Task]:
    if settings.jobs == "watcher":
        yield Task(("spec", "replicatedJobs"), "create the Jobs (jobs: watcher)")


def _restarts(jobset: JobSet) -> Iterator[Task]:
    policy = jobset.failure_policy
    if policy is None:
        return
    if policy.max_restarts > 0:
        how = f"maxRestarts {policy.max_restarts}"
        if policy.rules:
            how += ", by the rules of failurePolicy"
        yield Task((*policy.path, "maxRestarts"), f"restart the set after a failure ({how})")
    elif rules := [rule for rule in policy.rules if rule.action.endswith("IgnoreMaxRestarts")]:
        yield Task(
            (*rules[0].path, "action"), f"restart the set after a failure ({rules[0].action})"
        )


def _success(jobset: JobSet) -> Iterator[Task]:
    """A success policy that completes a set before all of its Jobs are done."""
    policy = jobset.success_policy
    targets = [
        each for each in jobset.replicated_jobs if not policy.targets or each.name in policy.targets
    ]
    if not targets:
        return  # a rule says that they are not there
    awaited = sum(each.replicas for each in targets)
    if jobset.jobs > (min(1, awaited) if policy.operator == "Any" else awaited):
        named = f" of {listed([each.name for each in targets])}" if policy.targets else ""
        job = "one Job" if policy.operator == "Any" else "every Job"
        yield Task(policy.path, f"end the set when {job}{named} has succeeded (successPolicy)")


def _order(jobset: JobSet) -> Iterator[Task]:
    if place := startup_order(jobset):
        field = "dependsOn" if place[-1] == "dependsOn" else "InOrder"
        yield Task(place, f"hold Jobs back until it is their turn ({field})")


def _ttl(jobset: JobSet, settings: Settings) -> Iterator[Task]:
    # Where a GitOps tool owns the Jobs the TTL is left out, and a lint says so.
    if jobset.ttl_seconds_after_finished is not None and not settings.tool_owns_jobs:
        yield Task(
            ("spec", "ttlSecondsAfterFinished"), "remove the finished set (ttlSecondsAfterFinished)"
        )


def _fate(jobset: JobSet) -> Iterator[Task]:
    if jobset.jobs > 1:
        others = "the other Job" if jobset.jobs == 2 else f"the other {jobset.jobs - 1:,} Jobs"
        yield Task(("spec", "replicatedJobs"), f"end {others} when one fails")
