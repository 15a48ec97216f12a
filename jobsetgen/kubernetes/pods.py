"""The total requests of a pod, as computed by the scheduler and a ResourceQuota."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.kubernetes.quantities import thousandths
from jobsetgen.kubernetes.resources import is_huge_pages, is_of_a_whole_pod
from jobsetgen.plain import mapping, objects, string

Amounts = dict[str, int]
"""Amounts in thousandths, by resource."""


POD_LEVEL_SINCE = "1.34"
"""The first version that supports pod-level resources in every cluster.

In earlier versions, they need a feature gate.
"""

CONTAINER_FIELDS = ("initContainers", "containers")
"""The fields of a pod that contain its containers, in startup order."""


def is_sidecar(init_container: Mapping[str, Any]) -> bool:
    """Whether an init container is a sidecar, which keeps running next to the main containers."""
    return string(init_container, "restartPolicy") == "Always"


def pod_requests(pod: Mapping[str, Any], *, pod_level: bool = True) -> Amounts:
    """Return the total requests of a pod.

    Pod-level requests replace those of its containers; without `pod_level`, the cluster does not
    support them. The overhead of its runtime class is added.
    """
    totals = container_requests(pod)
    if pod_level:
        totals |= _whole_pod_requests(mapping(pod, "resources"), totals)
    for name, amount in _amounts(mapping(pod, "overhead")).items():
        totals[name] = totals.get(name, 0) + amount
    return totals


def container_requests(pod: Mapping[str, Any]) -> Amounts:
    """Return the peak of the requests of a pod's containers, by resource.

    Init containers run one after another, each next to the sidecars declared before it; the main
    containers run next to all sidecars. See KEP-753, "Resources calculation for scheduling and pod
    admission".
    """
    peak: Amounts = {}
    sidecars: Amounts = {}
    for _, container in objects(pod, "initContainers"):
        requested = _sum(sidecars, _container_request(container))
        peak = _larger(peak, requested)
        if is_sidecar(container):
            sidecars = requested
    running = sidecars
    for _, container in objects(pod, "containers"):
        running = _sum(running, _container_request(container))
    return _larger(peak, running)


def _whole_pod_requests(resources: Mapping[str, Any], by_containers: Mapping[str, int]) -> Amounts:
    """Return pod-level requests with the defaults that the API server adds.

    A limit without a request becomes the request, unless containers request that resource.
    Huge pages cannot be overcommitted, so their limit always becomes the request.
    """
    requests = _amounts(mapping(resources, "requests"))
    limits = _amounts(mapping(resources, "limits"))
    defaults = {
        name: limit
        for name, limit in limits.items()
        if is_huge_pages(name) or name not in by_containers
    }
    return {
        name: amount for name, amount in {**defaults, **requests}.items() if is_of_a_whole_pod(name)
    }


def _container_request(container: Mapping[str, Any]) -> Amounts:
    """Return a container's requests; a limit without a request becomes the request."""
    resources = mapping(container, "resources")
    return _amounts({**mapping(resources, "limits"), **mapping(resources, "requests")})


def _amounts(quantities: Mapping[str, Any]) -> Amounts:
    """Return quantities as numbers, without invalid ones."""
    return dict(_read(quantities))


def _read(quantities: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    for name, quantity in quantities.items():
        amount = thousandths(quantity)
        if amount is not None:
            yield name, amount


def _sum(amounts: Amounts, more: Amounts) -> Amounts:
    return {name: amounts.get(name, 0) + more.get(name, 0) for name in {**amounts, **more}}


def _larger(amounts: Amounts, others: Amounts) -> Amounts:
    return {name: max(amounts.get(name, 0), others.get(name, 0)) for name in {**amounts, **others}}
