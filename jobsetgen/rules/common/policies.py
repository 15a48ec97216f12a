"""The rules of a failurePolicy."""

from __future__ import annotations

from jobsetgen.model.jobset import FailureRule, JobSet


def failure_rules(jobset: JobSet) -> tuple[FailureRule, ...]:
    """Return the rules of a set's failurePolicy, none without one."""
    if jobset.failure_policy is None:
        return ()
    return jobset.failure_policy.rules
