"""JSG356: ephemeral containers."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import items
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import kubernetes


@job_rule(
    "JSG356",
    "error",
    since="0.1",
    source=kubernetes("pkg/apis/core/validation/validation.go", "ValidatePodTemplateSpec"),
)
def ephemeral_containers(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A pod template has ephemeralContainers, which can only be added to a running pod.

    Error because every API server refuses a Job with such a template.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec: {ephemeralContainers: [{name: debug, image: "busybox:1.36"}]}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {shareProcessNamespace: true}}}}
    """
    if items(job.pod, "ephemeralContainers"):
        message = "a pod template cannot have ephemeralContainers"
        yield Finding(path=(*job.pod_path, "ephemeralContainers"), message=message, on_key=True)
