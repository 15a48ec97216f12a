"""JSG301: quantity."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.quantities import malformed_quantity, quantity_problems
from jobsetgen.kubernetes.resources import amount_problems
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import mapping
from jobsetgen.rules.common.resources import all_resources, has_pod_resources
from jobsetgen.rules.common.volumes import volumes_of
from jobsetgen.rules.rule import findings, job_rule
from jobsetgen.upstream import kubernetes


@job_rule(
    "JSG301",
    "error",
    since="0.1",
    source=kubernetes(
        "staging/src/k8s.io/apimachinery/pkg/api/resource/quantity.go", "ParseQuantity"
    ),
)
def quantity(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A quantity is malformed or negative.

    A quantity is a number with an optional suffix (n, u, m, k, M, G, T, P, E, Ki, Mi, Gi, Ti, Pi or
    Ei) or an exponent, as in 12e6.

    Error because every API server refuses a Job with such a quantity.

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
    for path, resources in all_resources(job, settings):
        yield from findings(amount_problems(resources), path)
    for path, size in _size_limits(job):
        yield from findings(quantity_problems(size), path)

    # The API server parses resources at the pod level even where it then drops them.
    if not has_pod_resources(job, settings):
        yield from _malformed_pod_resources(job)


def _size_limits(job: JobTemplate) -> Iterator[tuple[Path, Any]]:
    for path, volume in volumes_of(job):
        empty_dir = mapping(volume, "emptyDir")
        if "sizeLimit" in empty_dir:
            yield (*path, "emptyDir", "sizeLimit"), empty_dir["sizeLimit"]


def _malformed_pod_resources(job: JobTemplate) -> Iterator[Finding]:
    resources = mapping(job.pod, "resources")
    for kind in ("requests", "limits"):
        for name, value in mapping(resources, kind).items():
            yield from findings(malformed_quantity(value), (*job.pod_path, "resources", kind, name))
