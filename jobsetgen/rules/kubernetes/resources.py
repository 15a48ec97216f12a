"""Quantities, requests and limits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.model.settings import Settings
from jobsetgen.model.template import JobTemplate, mapping, objects
from jobsetgen.rules.rule import job_rule
from jobsetgen.schema import near

_QUANTITY = re.compile(r"([+-]?)(\d+\.?\d*|\.\d+)([numkMGTPE]|[KMGTPE]i|[eE][+-]?\d{1,4})?")
_DECIMAL = {"n": -3, "u": -2, "m": -1, "": 0, "k": 1, "M": 2, "G": 3, "T": 4, "P": 5, "E": 6}
_BINARY = {"Ki": 1, "Mi": 2, "Gi": 3, "Ti": 4, "Pi": 5, "Ei": 6}
_BILLION = 10**9
_STANDARD = ("cpu", "memory", "ephemeral-storage", "storage")


def amount(value: Any) -> int | None:
    """Return the number that a quantity stands for, in billionths, rounded up as the API server does.

    None for what is no quantity.
    """
    found = None if isinstance(value, bool) else _QUANTITY.fullmatch(str(value))
    if found is None:
        return None
    sign, digits, suffix = found[1], found[2], found[3] or ""
    whole, _, decimals = digits.partition(".")
    number: int = int(whole + decimals) * _BILLION
    divisor: int = 10 ** len(decimals)
    if suffix in _BINARY:
        number *= 1024 ** _BINARY[suffix]
    else:
        power = 3 * _DECIMAL[suffix] if suffix in _DECIMAL else int(suffix[1:])
        number, divisor = number * 10 ** max(power, 0), divisor * 10 ** max(-power, 0)
    return -(-number // divisor) * (-1 if sign == "-" else 1)


def is_extended(resource: str) -> bool:
    """Whether a resource is one of a device: named with a domain that is not Kubernetes' own."""
    return "/" in resource and "kubernetes.io/" not in resource


def _resources(job: JobTemplate) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    for path, container in job.containers():
        yield (*path, "resources"), mapping(container, "resources")


def _quantities(job: JobTemplate) -> Iterator[tuple[Path, Any]]:
    for path, resources in _resources(job):
        for kind in ("requests", "limits"):
            for name, value in mapping(resources, kind).items():
                yield (*path, kind, name), value
    for index, volume in objects(job.pod, "volumes"):
        if "sizeLimit" in mapping(volume, "emptyDir"):
            place = (*job.pod_path, "volumes", index, "emptyDir", "sizeLimit")
            yield place, mapping(volume, "emptyDir")["sizeLimit"]


@job_rule("JSG301", "quantity")
def quantity(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A quantity is malformed or negative.

    A quantity is a number with an optional suffix: n, u, m, k, M, G, T, P, E, or Ki, Mi, Gi, Ti, Pi, Ei.

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
    for path, value in _quantities(job):
        if isinstance(value, (dict, list, bool)):
            continue  # the schema says so
        number = amount(value)
        if number is None:
            message = f"'{value}' is no quantity"
            yield Finding(path=path, message=message, hint=_better(str(value)))
        elif number < 0:
            yield Finding(path=path, message=f"the quantity {value} is negative")


def _better(value: str) -> str:
    for better in (
        value.replace(" ", ""),
        value.rstrip("Bb"),
        value.upper(),
        value.lower(),
        value[:-2] + value[-2:].title(),
    ):
        if better and better != value and amount(better) is not None:
            return f"Did you mean '{better}'?"
    return ""


@job_rule("JSG302", "resource-name")
def resource_name(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A container asks for a resource that Kubernetes does not know.

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
    for path, resources in _resources(job):
        for kind in ("requests", "limits"):
            for name in mapping(resources, kind):
                if "/" not in name and name not in _STANDARD and not name.startswith("hugepages-"):
                    message = f"'{name}' is no resource of a container"
                    hint = (
                        near(name, _STANDARD) or "A device is named with its vendor's domain, such as nvidia.com/gpu."
                    )
                    yield Finding(path=(*path, kind, name), message=message, hint=hint, on_key=True)


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
    for path, resources in _resources(job):
        limits = mapping(resources, "limits")
        for name, value in mapping(resources, "requests").items():
            requested, limit = amount(value), amount(limits.get(name))
            if requested is not None and limit is not None and requested > limit:
                message = f"the request of {name} is {value}, above the limit of {limits[name]}"
                yield Finding(path=(*path, "requests", name), message=message)


@job_rule("JSG304", "device-request")
def device_request(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """The request of a device differs from its limit, has no limit, or is no whole number.

    Devices (and huge pages) cannot be shared between pods, so the request of one must be its limit. A limit alone is
    enough.

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
    for path, resources in _resources(job):
        requests, limits = mapping(resources, "requests"), mapping(resources, "limits")
        for kind, values in (("requests", requests), ("limits", limits)):
            for name, value in values.items():
                number = amount(value)
                if number is not None and is_extended(name) and number % _BILLION:
                    yield Finding(path=(*path, kind, name), message=f"{name} must be a whole number, not {value}")
        for name, value in requests.items():
            if not (is_extended(name) or name.startswith("hugepages-")):
                continue
            if name not in limits:
                message = f"{name} is requested without a limit"
                hint = "Write it under limits; the request follows."
                yield Finding(path=(*path, "requests", name), message=message, hint=hint)
            elif amount(value) != amount(limits[name]):
                message = f"the request of {name} is {value}, but its limit is {limits[name]}; they must be equal"
                yield Finding(path=(*path, "requests", name), message=message)


RULES = (quantity, resource_name, request_above_limit, device_request)
