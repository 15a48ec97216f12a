"""JSG340: negative number."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.numbers import MAX_INT32
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.job import number_of
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import UNKNOWN

_NOT_NEGATIVE = (
    "parallelism",
    "completions",
    "backoffLimit",
    "backoffLimitPerIndex",
    "maxFailedIndexes",
    "activeDeadlineSeconds",
    "ttlSecondsAfterFinished",
)


@job_rule("JSG340", "error", since="0.1", source=UNKNOWN)
def negative_number(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A number that counts something is negative, or a pod's activeDeadlineSeconds is no time that can pass.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {backoffLimit: -1}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {backoffLimit: 0}}
    """
    for field in _NOT_NEGATIVE:
        number = number_of(job.spec, field)
        if number is not None and number < 0:
            yield Finding(
                path=(*job.spec_path, field), message=f"{field} is {number}, but cannot be negative"
            )
    deadline = number_of(job.pod, "activeDeadlineSeconds")
    if deadline is not None and not 1 <= deadline <= MAX_INT32:
        bound = "at least 1" if deadline < 1 else f"at most {MAX_INT32}"
        message = f"activeDeadlineSeconds of a pod is {deadline}, but must be {bound}"
        yield Finding(path=(*job.pod_path, "activeDeadlineSeconds"), message=message)
