"""Quantities, requests and limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.pods import POD_LEVEL_SINCE
from jobsetgen.kubernetes.quantities import malformed_quantity, quantity_problems
from jobsetgen.kubernetes.resources import (
    amount_problems,
    device_problems,
    excess_problems,
    name_problems,
)
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import mapping, objects
from jobsetgen.rules.rule import findings, job_rule


def has_pod_resources(job: JobTemplate, settings: Settings) -> bool:
    """Whether there are resources of the pod as a whole."""
    return settings.since(POD_LEVEL_SINCE) and isinstance(job.pod.get("resources"), Mapping)


def _of_containers(job: JobTemplate) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield the resources of the containers, each with its place, and the overhead of the pod."""
    for path, container in job.containers():
        yield (*path, "resources"), mapping(container, "resources")
    yield job.pod_path, {"overhead": mapping(job.pod, "overhead")}


def _resources(job: JobTemplate, settings: Settings) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield the resources of the containers and of the pod as a whole, each with its place."""
    yield from _of_containers(job)
    if has_pod_resources(job, settings):
        yield (*job.pod_path, "resources"), mapping(job.pod, "resources")


def _size_limits(job: JobTemplate) -> Iterator[tuple[Path, Any]]:
    for index, volume in objects(job.pod, "volumes"):
        empty_dir = mapping(volume, "emptyDir")
        if "sizeLimit" in empty_dir:
            yield (*job.pod_path, "volumes", index, "emptyDir", "sizeLimit"), empty_dir["sizeLimit"]


@job_rule("JSG301", "quantity")
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
    for path, resources in _resources(job, settings):
        yield from findings(amount_problems(resources), path)
    for path, size in _size_limits(job):
        yield from findings(quantity_problems(size), path)
    if has_pod_resources(job, settings):
        return
    # The API server reads the resources of the pod even where it drops them.
    for kind in ("requests", "limits"):
        for name, value in mapping(mapping(job.pod, "resources"), kind).items():
            yield from findings(malformed_quantity(value), (*job.pod_path, "resources", kind, name))


@job_rule("JSG302", "resource-name")
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
    for path, resources in _of_containers(job):
        yield from findings(name_problems(resources), path)


@job_rule("JSG303", "request-above-limit")
def request_above_limit(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A container requests more than its limit.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec: {template: {spec: {containers: [{resources: {requests: {cpu: 2}, limits: {cpu: 1500m}}}]}}}

    Good::

        spec:
          replicatedJobs:
          - template:
              spec: {template: {spec: {containers: [{resources: {requests: {cpu: 1}, limits: {cpu: 1500m}}}]}}}
    """
    for path, resources in _resources(job, settings):
        yield from findings(excess_problems(resources), path)


@job_rule("JSG304", "device-request")
def device_request(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """The request of a device differs from its limit, has no limit, or is no whole number.

    Devices (and huge pages) cannot be promised to more pods than there are, so the request of one must be its limit.
    A limit alone is enough. Huge pages come in multiples of their size, beside some cpu or memory.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec: {template: {spec: {containers: [{resources: {requests: {nvidia.com/gpu: 4}}}]}}}

    Good::

        spec:
          replicatedJobs:
          - template:
              spec: {template: {spec: {containers: [{resources: {limits: {nvidia.com/gpu: 4}}}]}}}
    """
    for path, resources in _resources(job, settings):
        yield from findings(device_problems(resources), path)


RULES = (quantity, resource_name, request_above_limit, device_request)
