"""JSG518: overhead."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import mapping, string
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import kubernetes


@job_rule(
    "JSG518",
    "warning",
    since="0.1",
    source=kubernetes("plugin/pkg/admission/runtimeclass/admission.go", "validateOverhead"),
)
def overhead(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A pod has an overhead but no RuntimeClass that sets it.

    The API server accepts the Job, but refuses every pod of it: an overhead comes from the
    RuntimeClass alone.

    Warning because a webhook of the cluster may add the RuntimeClass.

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
            hint="Remove the overhead, which a RuntimeClass sets.",
            on_key=True,
        )
