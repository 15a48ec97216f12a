"""JSG342: backoff per index."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.job import completions_of, number_of
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import UNKNOWN

# Above so many completions, backoffLimitPerIndex is allowed only with few failures at a time.
_MANY_COMPLETIONS, _MAX_PARALLELISM, _MAX_FAILED = 100_000, 10_000, 10_000


@job_rule("JSG342", "error", since="0.1", source=UNKNOWN)
def backoff_per_index(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """backoffLimitPerIndex and maxFailedIndexes: only for Indexed Jobs, the second only with the first.

    maxFailedIndexes cannot exceed completions. Above 100,000 completions it must be written and, as parallelism, be at
    most 10,000.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {parallelism: 2, completions: 2, maxFailedIndexes: 1}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {parallelism: 2, completions: 2, backoffLimitPerIndex: 1, maxFailedIndexes: 1}}
    """
    failed, completions = number_of(job.spec, "maxFailedIndexes"), completions_of(job)
    path = job.spec_path
    if not job.is_indexed:
        for field in ("backoffLimitPerIndex", "maxFailedIndexes"):
            if field in job.spec:
                yield Finding(path=(*path, field), message=f"{field} needs completionMode Indexed")
        return
    if failed is not None and "backoffLimitPerIndex" not in job.spec:
        yield Finding(
            path=(*path, "maxFailedIndexes"), message="maxFailedIndexes needs backoffLimitPerIndex"
        )
    if failed is not None and completions is not None and failed > completions:
        message = f"maxFailedIndexes is {failed}, more than the completions, {completions}"
        yield Finding(path=(*path, "maxFailedIndexes"), message=message)
    if "backoffLimitPerIndex" in job.spec and (completions or 0) > _MANY_COMPLETIONS:
        yield from _many_completions(job, failed)


def _many_completions(job: JobTemplate, failed: int | None) -> Iterator[Finding]:
    above = f"with backoffLimitPerIndex and more than {_MANY_COMPLETIONS:,} completions"
    if failed is None:
        yield Finding(
            path=(*job.spec_path, "maxFailedIndexes"),
            message=f"maxFailedIndexes must be written {above}",
        )
    elif failed > _MAX_FAILED:
        message = f"maxFailedIndexes is at most {_MAX_FAILED:,} {above}"
        yield Finding(path=(*job.spec_path, "maxFailedIndexes"), message=message)
    if job.parallelism > _MAX_PARALLELISM:
        message = f"parallelism is at most {_MAX_PARALLELISM:,} {above}"
        yield Finding(path=(*job.spec_path, "parallelism"), message=message)
