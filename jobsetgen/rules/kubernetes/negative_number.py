"""JSG340: negative number."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.numbers import MAX_INT32
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import integer
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import kubernetes

_NOT_NEGATIVE = (
    "parallelism",
    "completions",
    "backoffLimit",
    "backoffLimitPerIndex",
    "maxFailedIndexes",
    "activeDeadlineSeconds",
    "ttlSecondsAfterFinished",
)


@job_rule(
    "JSG340",
    "error",
    since="0.1",
    source=kubernetes("pkg/apis/batch/validation/validation.go", "validateJobSpec"),
)
def negative_number(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A pod's activeDeadlineSeconds is out of range, or another number is negative.

    Error because every API server refuses such a number.

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
        number = integer(job.spec, field, 0)
        if number < 0:
            message = f"{field} is {number}, but cannot be negative"
            yield Finding(path=(*job.spec_path, field), message=message)

    deadline = integer(job.pod, "activeDeadlineSeconds", 1)
    if not 1 <= deadline <= MAX_INT32:
        bound = "at least 1" if deadline < 1 else f"at most {MAX_INT32}"
        message = f"activeDeadlineSeconds of a pod is {deadline}, but must be {bound}"
        yield Finding(path=(*job.pod_path, "activeDeadlineSeconds"), message=message)
