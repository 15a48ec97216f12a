"""The rules of a failurePolicy."""

from __future__ import annotations

from collections.abc import Collection

from jobsetgen.model.jobset import FailureRule, JobSet

Failure = tuple[str, str]
"""The replicatedJob of a Job that has failed, and the reason."""


def failure_rules(jobset: JobSet) -> tuple[FailureRule, ...]:
    """Return the rules of a set's failurePolicy, none without one."""
    if jobset.failure_policy is None:
        return ()
    return jobset.failure_policy.rules


def matched(rule: FailureRule, failures: Collection[Failure]) -> set[Failure]:
    """Return the failures that a rule matches, at least if their message fits its patterns."""
    return {
        (name, reason)
        for name, reason in failures
        if (not rule.targets or name in rule.targets)
        and (not rule.reasons or reason in rule.reasons)
    }
