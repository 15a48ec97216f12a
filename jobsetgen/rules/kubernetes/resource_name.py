"""JSG302: resource name."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.resources import name_problems
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.resources import container_resources
from jobsetgen.rules.rule import findings, job_rule
from jobsetgen.upstream import kubernetes


@job_rule(
    "JSG302",
    "error",
    since="0.1",
    source=kubernetes("pkg/apis/core/validation/validation.go", "ValidateContainerResourceName"),
)
def resource_name(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A container, or the overhead of a pod, asks for a resource that Kubernetes does not know.

    The resources without a domain are cpu, memory, ephemeral-storage and hugepages-<size>. A device
    has its vendor's domain in its name.

    Error because every API server refuses a Job with such a resource.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {containers: [{resources: {limits: {gpu: 8}}}]}}}}

    Good::

        spec:
          replicatedJobs:
          - template:
              spec: {template: {spec: {containers: [{resources: {limits: {nvidia.com/gpu: 8}}}]}}}
    """
    for path, resources in container_resources(job):
        yield from findings(name_problems(resources), path)
