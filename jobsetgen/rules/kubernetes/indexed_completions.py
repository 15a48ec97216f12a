"""JSG341: indexed completions."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.job import number_of
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import UNKNOWN

_MAX_INDEXED = 100_000


@job_rule("JSG341", "error", since="0.1", source=UNKNOWN)
def indexed_completions(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """An Indexed Job has a parallelism but no completions, or more than 100,000 of them at once.

    JobSet makes every Job Indexed that does not say otherwise. With neither written, both are 1.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {parallelism: 2}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {parallelism: 2, completions: 2}}
    """
    if not job.is_indexed:
        return
    parallelism = number_of(job.spec, "parallelism")
    if parallelism is not None and "completions" not in job.spec:
        message = f"an Indexed Job with parallelism {parallelism} needs completions, too"
        hint = f"Write completions: {parallelism}, or completionMode: NonIndexed."
        yield Finding(path=(*job.spec_path, "completions"), message=message, hint=hint)
    if parallelism is not None and parallelism > _MAX_INDEXED:
        message = f"parallelism is {parallelism:,}; an Indexed Job allows at most {_MAX_INDEXED:,}"
        yield Finding(path=(*job.spec_path, "parallelism"), message=message)
