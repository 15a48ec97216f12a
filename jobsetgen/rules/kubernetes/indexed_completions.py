"""JSG341: indexed completions."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.job import number_of
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import kubernetes

_MAX_PARALLELISM = 100_000


@job_rule(
    "JSG341",
    "error",
    since="0.1",
    source=kubernetes("pkg/apis/batch/validation/validation.go", "validateJobSpec"),
)
def indexed_completions(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """An Indexed Job has a parallelism but no completions, or a parallelism above 100,000.

    JobSet makes a Job Indexed unless it sets completionMode. With neither field set, both are 1.

    Error because every API server refuses such a Job.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {parallelism: 2}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {parallelism: 2, completions: 2}}
    """
    parallelism = number_of(job.spec, "parallelism")
    if parallelism is None or not job.is_indexed:
        return

    if "completions" not in job.spec:
        message = f"an Indexed Job with parallelism {parallelism} also needs completions"
        hint = f"Set completions: {parallelism}, or completionMode: NonIndexed."
        yield Finding(path=(*job.spec_path, "completions"), message=message, hint=hint)
    if parallelism > _MAX_PARALLELISM:
        limit = f"must be at most {_MAX_PARALLELISM:,} in an Indexed Job"
        message = f"parallelism is {parallelism:,}, but {limit}"
        yield Finding(path=(*job.spec_path, "parallelism"), message=message)
