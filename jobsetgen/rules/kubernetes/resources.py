"""Quantities, requests and limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.labels import bad_label_key
from jobsetgen.kubernetes.pods import POD_LEVEL_SINCE
from jobsetgen.kubernetes.quantities import likely, thousandths
from jobsetgen.kubernetes.resources import STANDARD, is_extended, is_huge_pages, page_size
from jobsetgen.model.settings import Settings
from jobsetgen.model.template import JobTemplate
from jobsetgen.plain import mapping, objects
from jobsetgen.rules.rule import job_rule
from jobsetgen.schema import near

_OF_CLAIMS = {"storage": "ephemeral-storage"}


def has_pod_resources(job: JobTemplate, settings: Settings) -> bool:
    """Whether there are resources of the pod as a whole."""
    return settings.since(POD_LEVEL_SINCE) and isinstance(job.pod.get("resources"), Mapping)


def _of_containers(job: JobTemplate) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    for path, container in job.containers():
        yield (*path, "resources"), mapping(container, "resources")


def _resources(job: JobTemplate, settings: Settings) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield the resources of the containers, and of the pod as a whole."""
    yield from _of_containers(job)
    if has_pod_resources(job, settings):
        yield (*job.pod_path, "resources"), mapping(job.pod, "resources")


def _amounts(all_resources: Iterator[tuple[Path, Mapping[str, Any]]]) -> Iterator[tuple[Path, str, Any]]:
    """Yield every quantity that is asked for: its place, the resource, and what is written."""
    for path, resources in all_resources:
        for kind in ("requests", "limits"):
            for name, value in mapping(resources, kind).items():
                yield (*path, kind, name), name, value


def _overhead(job: JobTemplate) -> Iterator[tuple[Path, str, Any]]:
    """Yield what a pod needs beside its containers, which the API server looks at as at their limits."""
    for name, value in mapping(job.pod, "overhead").items():
        yield (*job.pod_path, "overhead", name), name, value


def _quantities(job: JobTemplate, settings: Settings) -> Iterator[tuple[Path, Any]]:
    """Yield the quantities that cannot be negative."""
    yield from ((path, value) for path, _, value in _amounts(_resources(job, settings)))
    yield from ((path, value) for path, _, value in _overhead(job))
    for index, volume in objects(job.pod, "volumes"):
        if "sizeLimit" in mapping(volume, "emptyDir"):
            place = (*job.pod_path, "volumes", index, "emptyDir", "sizeLimit")
            yield place, mapping(volume, "emptyDir")["sizeLimit"]


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
    for path, value in _quantities(job, settings):
        yield from _bad_quantity(path, value)
        if (thousandths(value) or 0) < 0:
            yield Finding(path=path, message=f"the quantity {value} is negative")
    if not has_pod_resources(job, settings):
        of_pod = (*job.pod_path, "resources"), mapping(job.pod, "resources")
        for path, _, value in _amounts(iter([of_pod])):
            yield from _bad_quantity(path, value)


def _bad_quantity(path: Path, value: Any) -> Iterator[Finding]:
    # A value of another type is the schema's to say.
    if isinstance(value, str) and thousandths(value) is None:
        yield Finding(path=path, message=f"'{value}' is no quantity", hint=likely(value))


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
    for path, name, _ in (*_amounts(_of_containers(job)), *_overhead(job)):
        hint = ""
        if "/" not in name and name not in STANDARD and not is_huge_pages(name):
            message = f"'{name}' is no resource of a container"
            hint = (
                near(_OF_CLAIMS.get(name, name), STANDARD)
                or "A device is named with its vendor's domain, such as nvidia.com/gpu."
            )
        elif is_huge_pages(name) and page_size(name) is None:
            message = f"'{name}' does not name huge pages by their size, as hugepages-2Mi does"
        elif reason := bad_label_key(name) or (is_extended(name) and _bad_in_a_quota(name)):
            message = f"'{name}' cannot be the name of a resource: {reason}"
        else:
            continue
        yield Finding(path=path, message=message, hint=hint, on_key=True)


def _bad_in_a_quota(resource: str) -> str:
    """Say what keeps a device's resource out of a ResourceQuota, where it stands behind `requests.`."""
    return "it begins with 'requests.'" if resource.startswith("requests.") else bad_label_key(f"requests.{resource}")


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
        limits = mapping(resources, "limits")
        for name, value in mapping(resources, "requests").items():
            requested, limit = thousandths(value), thousandths(limits.get(name))
            if requested is None or limit is None or is_extended(name) or is_huge_pages(name):
                continue
            if requested > limit:
                message = f"the request of {name} is {value}, above the limit of {limits[name]}"
                yield Finding(path=(*path, "requests", name), message=message)


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
    for path, name, value in (*_amounts(_resources(job, settings)), *_overhead(job)):
        number, page = thousandths(value), page_size(name) if is_huge_pages(name) else None
        if number is not None and is_extended(name) and number % 1000:
            yield Finding(path=path, message=f"{name} must be a whole number, not {value}")
        elif number is not None and page and -(-number // 1000) % (page // 1000):
            yield Finding(path=path, message=f"{name} is {value}, which is no multiple of the pages' size")
    yield from _huge_pages_alone(job.pod_path, {"overhead": mapping(job.pod, "overhead")})
    for path, resources in _resources(job, settings):
        yield from _requested(path, resources)
        yield from _huge_pages_alone(path, resources)


def _requested(path: Path, resources: Mapping[str, Any]) -> Iterator[Finding]:
    limits = mapping(resources, "limits")
    for name, value in mapping(resources, "requests").items():
        place = (*path, "requests", name)
        requested, limit = thousandths(value), thousandths(limits.get(name))
        if not (is_extended(name) or is_huge_pages(name)):
            continue
        if name not in limits:
            hint = "Write it under limits; the request follows."
            yield Finding(path=place, message=f"{name} is requested without a limit", hint=hint)
        elif None not in (requested, limit) and requested != limit:
            message = f"the request of {name} is {value}, but its limit is {limits[name]}; they must be equal"
            yield Finding(path=place, message=message)


def _huge_pages_alone(path: Path, resources: Mapping[str, Any]) -> Iterator[Finding]:
    names = {name: kind for kind in ("requests", "limits", "overhead") for name in mapping(resources, kind)}
    huge = next(filter(is_huge_pages, names), None)
    if huge and not names.keys() & {"cpu", "memory"}:
        message = f"{huge} needs a request or a limit of cpu or memory beside it"
        yield Finding(path=(*path, names[huge], huge), message=message)


RULES = (quantity, resource_name, request_above_limit, device_request)
