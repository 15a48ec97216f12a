"""Success and failure policies: what they name must be there."""

from __future__ import annotations

from jobsetgen.model.jobset import FailureRule, JobSet


def failure_rules(jobset: JobSet) -> tuple[FailureRule, ...]:
    return jobset.failure_policy.rules if jobset.failure_policy else ()
