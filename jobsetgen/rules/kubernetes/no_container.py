"""JSG310: no container."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import items
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import kubernetes


@job_rule(
    "JSG310",
    "error",
    since="0.1",
    source=kubernetes("pkg/apis/core/validation/validation.go", "validateContainers"),
)
def no_container(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A pod has no container.

    Error because every API server refuses a pod without containers.

    Bad::

        spec:
          replicatedJobs:
          - name: workers
          - {name: evaluators, template: {spec: {template: {spec: {containers: []}}}}}

    Good::

        spec:
          replicatedJobs:
          - name: workers
    """
    # The schema refuses a pod's spec that has other fields but not this one.
    has_other_fields = not job.pod.keys() <= {"restartPolicy"}
    if "containers" not in job.pod and has_other_fields:
        return
    if not items(job.pod, "containers"):
        yield Finding(
            path=(*job.pod_path, "containers"), message="a pod needs at least one container"
        )
