"""JSG302: resource name."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.resources import (
    name_problems,
)
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.resources import of_containers
from jobsetgen.rules.rule import findings, job_rule
from jobsetgen.upstream import UNKNOWN


@job_rule("JSG302", "error", since="0.1", source=UNKNOWN)
def resource_name(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A container, or the overhead of a pod, asks for a resource that Kubernetes does not know.

    Without a domain there are cpu, memory, ephemeral-storage and hugepages-<size>; a device has its vendor's domain.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {containers: [{resources: {limits: {gpu: 8}}}]}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {containers: [{resources: {limits: {nvidia.com/gpu: 8}}}]}}}}
    """
    for path, resources in of_containers(job):
        yield from findings(name_problems(resources), path)
