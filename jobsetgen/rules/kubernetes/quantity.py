"""JSG301: quantity."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.quantities import malformed_quantity, quantity_problems
from jobsetgen.kubernetes.resources import (
    amount_problems,
)
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import mapping, objects
from jobsetgen.rules.common.resources import has_pod_resources, resources_of
from jobsetgen.rules.rule import findings, job_rule
from jobsetgen.upstream import UNKNOWN


def _size_limits(job: JobTemplate) -> Iterator[tuple[Path, Any]]:
    for index, volume in objects(job.pod, "volumes"):
        empty_dir = mapping(volume, "emptyDir")
        if "sizeLimit" in empty_dir:
            yield (*job.pod_path, "volumes", index, "emptyDir", "sizeLimit"), empty_dir["sizeLimit"]


@job_rule("JSG301", "error", since="0.1", source=UNKNOWN)
def quantity(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A quantity is malformed or negative.

    A quantity is a number with an optional suffix: n, u, m, k, M, G, T, P, E, or Ki, Mi, Gi, Ti, Pi, Ei; or with an
    exponent, as in 12e6.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec: {template: {spec: {containers: [{resources: {limits: {memory: 16GB}}}]}}}

    Good::

        spec:
          replicatedJobs:
          - template:
              spec: {template: {spec: {containers: [{resources: {limits: {memory: 16Gi}}}]}}}
    """
    for path, resources in resources_of(job, settings):
        yield from findings(amount_problems(resources), path)
    for path, size in _size_limits(job):
        yield from findings(quantity_problems(size), path)
    if has_pod_resources(job, settings):
        return
    # The API server reads the resources of the pod even where it drops them.
    for kind in ("requests", "limits"):
        for name, value in mapping(mapping(job.pod, "resources"), kind).items():
            yield from findings(malformed_quantity(value), (*job.pod_path, "resources", kind, name))
