"""JSG342: backoff per index."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.job import completions_of, number_of
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import kubernetes

_FIELDS = ("backoffLimitPerIndex", "maxFailedIndexes")
# Above so many completions, backoffLimitPerIndex is allowed only with few failures at a time.
_MANY_COMPLETIONS = 100_000
_MAX_PARALLELISM = 10_000
_MAX_FAILED = 10_000


@job_rule(
    "JSG342",
    "error",
    since="0.1",
    source=kubernetes("pkg/apis/batch/validation/validation.go", "validateJobSpec"),
)
def backoff_per_index(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """backoffLimitPerIndex or maxFailedIndexes lacks a field that it needs, or is out of range.

    Both are for Indexed Jobs. maxFailedIndexes needs backoffLimitPerIndex and cannot exceed
    completions. Above 100,000 completions it is required, and neither it nor parallelism can exceed
    10,000.

    Error because every API server refuses such a Job.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {parallelism: 2, completions: 2, maxFailedIndexes: 1}}

    Good::

        spec:
          replicatedJobs:
          - template:
              spec:
                parallelism: 2
                completions: 2
                backoffLimitPerIndex: 1
                maxFailedIndexes: 1
    """
    if not job.is_indexed:
        yield from _not_indexed(job)
        return

    failed = number_of(job.spec, "maxFailedIndexes")
    completions = completions_of(job)
    has_limit = "backoffLimitPerIndex" in job.spec
    if failed is not None:
        yield from _failed_indexes(job, failed, completions)
    if has_limit and completions is not None and completions > _MANY_COMPLETIONS:
        yield from _many_completions(job, failed)


def _not_indexed(job: JobTemplate) -> Iterator[Finding]:
    for field in _FIELDS:
        if field in job.spec:
            message = f"{field} needs completionMode Indexed"
            yield Finding(path=(*job.spec_path, field), message=message)


def _failed_indexes(job: JobTemplate, failed: int, completions: int | None) -> Iterator[Finding]:
    path = (*job.spec_path, "maxFailedIndexes")
    if "backoffLimitPerIndex" not in job.spec:
        yield Finding(path=path, message="maxFailedIndexes needs backoffLimitPerIndex")
    if completions is not None and failed > completions:
        message = (
            f"maxFailedIndexes is {failed}, but must be at most the completions, {completions}"
        )
        yield Finding(path=path, message=message)


def _many_completions(job: JobTemplate, failed: int | None) -> Iterator[Finding]:
    path = job.spec_path
    with_many = f"with backoffLimitPerIndex and more than {_MANY_COMPLETIONS:,} completions"
    if failed is None:
        message = f"maxFailedIndexes is required {with_many}"
        yield Finding(path=(*path, "maxFailedIndexes"), message=message)
    elif failed > _MAX_FAILED:
        message = f"maxFailedIndexes is {failed:,}, but must be at most {_MAX_FAILED:,} {with_many}"
        yield Finding(path=(*path, "maxFailedIndexes"), message=message)
    if job.parallelism > _MAX_PARALLELISM:
        message = (
            f"parallelism is {job.parallelism:,}, but must be at most {_MAX_PARALLELISM:,}"
            f" {with_many}"
        )
        yield Finding(path=(*path, "parallelism"), message=message)
