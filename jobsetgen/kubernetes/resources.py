"""Kinds of resources, and validation of requests and limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.kubernetes.labels import bad_label_key
from jobsetgen.kubernetes.problem import Problem
from jobsetgen.kubernetes.quantities import quantity_problems, thousandths
from jobsetgen.plain import mapping
from jobsetgen.words import near

_STANDARD = ("cpu", "memory", "ephemeral-storage")
_OF_CLAIMS = {"storage": "ephemeral-storage"}
_HUGE_PAGES = "hugepages-"
# The overhead of a pod is validated like limits.
_KINDS = ("requests", "limits", "overhead")


def is_extended(resource: str) -> bool:
    """Whether a resource is a device: it has a domain other than that of Kubernetes."""
    return "/" in resource and "kubernetes.io/" not in resource


def is_huge_pages(resource: str) -> bool:
    """Whether a resource has a name of huge pages."""
    return resource.startswith(_HUGE_PAGES)


def is_of_a_whole_pod(resource: str) -> bool:
    """Whether a resource can be requested at pod level."""
    return resource in ("cpu", "memory") or (
        is_huge_pages(resource) and page_size(resource) is not None
    )


def page_size(resource: str) -> int | None:
    """Return the page size of huge pages in thousandths of a byte, or None if it is invalid."""
    size = thousandths(resource.removeprefix(_HUGE_PAGES))
    return size if size is not None and size > 0 and size % 1000 == 0 else None


def container_problems(resources: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield all problems of the resources of a container."""
    yield from amount_problems(resources)
    yield from name_problems(resources)
    yield from excess_problems(resources)
    yield from device_problems(resources)


def amount_problems(resources: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield the quantities that are invalid or negative."""
    for kind, name, value in _amounts(resources):
        for problem in quantity_problems(value):
            yield problem.below(kind, name)


def name_problems(resources: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield the resources with unknown or invalid names."""
    for kind, name, _ in _amounts(resources):
        for problem in _bad_name(name):
            yield problem.below(kind, name)


def _bad_name(name: str) -> Iterator[Problem]:
    if is_huge_pages(name):
        if page_size(name) is None:
            message = f"'{name}' does not name huge pages by their size, as hugepages-2Mi does"
            yield Problem((), message, on_key=True)
    elif "/" not in name and name not in _STANDARD:
        meant = near(_OF_CLAIMS.get(name, name), _STANDARD)
        hint = meant or "A device is named with its vendor's domain, such as nvidia.com/gpu."
        yield Problem((), f"'{name}' is not a container resource", hint, on_key=True)
    elif reason := bad_label_key(name) or (is_extended(name) and _bad_in_a_quota(name)):
        yield Problem((), f"'{name}' cannot be the name of a resource: {reason}", on_key=True)


def _bad_in_a_quota(resource: str) -> str:
    """Return why a device name is invalid in a ResourceQuota, with its prefix `requests.`."""
    return (
        "it begins with 'requests.'"
        if resource.startswith("requests.")
        else bad_label_key(f"requests.{resource}")
    )


def excess_problems(resources: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield the requests that exceed their limits.

    Requests of devices and huge pages must be equal to their limits, and are skipped here.
    """
    limits = mapping(resources, "limits")
    for name, value in mapping(resources, "requests").items():
        if _cannot_be_overcommitted(name):
            continue
        requested = thousandths(value)
        limit = thousandths(limits.get(name))
        if requested is not None and limit is not None and requested > limit:
            message = f"the request of {name} is {value}, above the limit of {limits[name]}"
            yield Problem(("requests", name), message)


def device_problems(resources: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield the problems of devices and huge pages: fractions, requests unequal to limits."""
    for kind, name, value in _amounts(resources):
        if message := _broken_unit(name, value):
            yield Problem((kind, name), message)
    yield from _unequal_requests(resources)
    yield from _huge_pages_alone(resources)


def _broken_unit(name: str, value: Any) -> str:
    """Return an error if an amount is a fraction of a device or page, or an empty string."""
    number = thousandths(value)
    if number is None:
        return ""
    if is_extended(name) and number % 1000:
        return f"{name} must be a whole number, not {value}"
    size = page_size(name) if is_huge_pages(name) else None
    if size and -(-number // 1000) % (size // 1000):
        return f"{name} is {value}, which is not a multiple of the page size"
    return ""


def _unequal_requests(resources: Mapping[str, Any]) -> Iterator[Problem]:
    limits = mapping(resources, "limits")
    for name, value in mapping(resources, "requests").items():
        if not _cannot_be_overcommitted(name):
            continue
        place = ("requests", name)
        if name not in limits:
            hint = "Write it under limits; the request follows."
            yield Problem(place, f"{name} is requested without a limit", hint)
            continue
        requested = thousandths(value)
        limit = thousandths(limits[name])
        if requested is not None and limit is not None and requested != limit:
            message = (
                f"the request of {name} is {value}, but its limit is {limits[name]}; they must be"
                " equal"
            )
            yield Problem(place, message)


def _huge_pages_alone(resources: Mapping[str, Any]) -> Iterator[Problem]:
    kinds = {name: kind for kind, name, _ in _amounts(resources)}
    huge = next(filter(is_huge_pages, kinds), None)
    if huge and not kinds.keys() & {"cpu", "memory"}:
        message = f"{huge} also needs a request or a limit of cpu or memory"
        yield Problem((kinds[huge], huge), message)


def _cannot_be_overcommitted(resource: str) -> bool:
    return is_extended(resource) or is_huge_pages(resource)


def _amounts(resources: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Yield the field (such as requests), resource and value of every quantity."""
    for kind in _KINDS:
        for name, value in mapping(resources, kind).items():
            yield kind, name, value
