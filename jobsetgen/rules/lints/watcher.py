"""What happens at run time, and so needs a watcher."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.model.jobset import JobSet
from jobsetgen.model.settings import Settings
from jobsetgen.rules.lints.words import listed
from jobsetgen.rules.rule import jobset_rule


class _Feature(NamedTuple):
    """Where a set asks for it, and what somebody would have to do."""

    path: Path
    task: str


@jobset_rule("JSG510", "needs-watcher", "warning")
def needs_watcher(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """The set asks for something at run time, which the Jobs alone do not do.

    Jobs know nothing of each other. To restart a set, to end the other Jobs when one fails or the set is complete, to
    start Jobs in an order, or to remove a finished set, something has to watch them: the restart-watcher, which comes
    with the next release. Until then the output holds the Jobs, their Service and their placement, and nothing that
    acts on them. A set of one Job that nothing restarts needs no watcher.

    Bad::

        spec:
          failurePolicy: {maxRestarts: 3}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {parallelism: 4, completions: 4, backoffLimit: 0}}
    """
    features = [*_restarts(jobset), *_success(jobset), *_order(jobset), *_ttl(jobset, settings), *_fate(jobset)]
    if features:
        tasks = listed([each.task for each in features], "or")
        yield Finding(
            path=features[0].path,
            message=f"nothing in the output will {tasks}: the restart-watcher comes with the next release",
        )


def _restarts(jobset: JobSet) -> Iterator[_Feature]:
    policy = jobset.failure_policy
    if policy is None:
        return
    if policy.max_restarts > 0:
        task = f"restart the set after a failure (maxRestarts {policy.max_restarts})"
        if policy.rules:
            task = f"restart the set after a failure (maxRestarts {policy.max_restarts}, by the rules of failurePolicy)"
        yield _Feature((*policy.path, "maxRestarts"), task)
    elif rules := [rule for rule in policy.rules if rule.action.endswith("IgnoreMaxRestarts")]:
        yield _Feature((*rules[0].path, "action"), f"restart the set after a failure ({rules[0].action})")


def _success(jobset: JobSet) -> Iterator[_Feature]:
    """A success policy that completes a set before all of its Jobs are done."""
    policy = jobset.success_policy
    targets = [each for each in jobset.replicated_jobs if not policy.targets or each.name in policy.targets]
    if not targets:
        return  # another rule says that they are not there
    awaited = sum(each.replicas for each in targets)
    if jobset.jobs > (min(1, awaited) if policy.operator == "Any" else awaited):
        named = f" of {listed([each.name for each in targets])}" if policy.targets else ""
        job = "one Job" if policy.operator == "Any" else "every Job"
        yield _Feature(policy.path, f"end the set when {job}{named} has succeeded (successPolicy)")


def startup_order(jobset: JobSet) -> Path | None:
    """Return where a set first asks for an order of start, or None where it does not."""
    if jobset.startup_order == "InOrder" and len(jobset.replicated_jobs) > 1:
        return ("spec", "startupPolicy", "startupPolicyOrder")
    return next(((*each.path, "dependsOn") for each in jobset.replicated_jobs if each.depends_on), None)


def _order(jobset: JobSet) -> Iterator[_Feature]:
    if place := startup_order(jobset):
        field = "dependsOn" if place[-1] == "dependsOn" else "InOrder"
        yield _Feature(place, f"hold Jobs back until it is their turn ({field})")


def _ttl(jobset: JobSet, settings: Settings) -> Iterator[_Feature]:
    # Where a GitOps tool owns the Jobs the TTL is left out, and JSG502 says so.
    if jobset.ttl_seconds_after_finished is not None and not settings.git_owns_jobs:
        yield _Feature(("spec", "ttlSecondsAfterFinished"), "remove the finished set (ttlSecondsAfterFinished)")


def _fate(jobset: JobSet) -> Iterator[_Feature]:
    if jobset.jobs > 1:
        others = "the other Job" if jobset.jobs == 2 else f"the other {jobset.jobs - 1:,} Jobs"
        yield _Feature(("spec", "replicatedJobs"), f"end {others} when one fails")
