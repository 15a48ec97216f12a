"""JSG518: overhead."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import mapping, string
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import UNKNOWN


@job_rule("JSG518", "warning", since="0.1", source=UNKNOWN)
def overhead(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A pod has an overhead without a runtime class that says so.

    The API server takes the Job, but refuses every pod of it: an overhead comes from the runtime class alone.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {overhead: {memory: 64Mi}}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {runtimeClassName: kata}}}}
    """
    if mapping(job.pod, "overhead") and not string(job.pod, "runtimeClassName"):
        yield Finding(
            path=(*job.pod_path, "overhead"),
            message="the API server refuses a pod with an overhead but no runtimeClassName",
            hint="Take it out: the runtime class says it.",
            on_key=True,
        )
