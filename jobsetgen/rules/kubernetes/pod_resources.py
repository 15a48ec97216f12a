"""JSG308: pod resources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.pods import container_requests
from jobsetgen.kubernetes.quantities import thousandths, written
from jobsetgen.kubernetes.resources import is_huge_pages, is_of_a_whole_pod
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import mapping
from jobsetgen.rules.common.containers import is_init
from jobsetgen.rules.common.resources import has_pod_resources
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import kubernetes

_VERBS = {"requests": "requests", "limits": "has a limit of"}


@job_rule(
    "JSG308",
    "error",
    since="0.1",
    source=kubernetes("pkg/apis/core/validation/validation.go", "validatePodResources"),
)
def pod_resources(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """Pod-level resources are too small for the containers, or not allowed at that level.

    Pod-level resources can be cpu, memory and huge pages, but not claims. The containers together
    cannot request more than the pod, and none of them can have a higher limit than the pod. Where
    there is only a limit, it counts as the request.

    Error because the API server of the chosen Kubernetes version refuses the Job. Versions before
    1.34 drop pod-level resources, so nothing is reported for them.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    resources: {limits: {cpu: 2}}
                    containers: [{resources: {limits: {cpu: 4}}}]

    Good::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    resources: {limits: {cpu: 4}}
                    containers: [{resources: {limits: {cpu: 4}}}]
    """
    if not has_pod_resources(job, settings):
        return
    resources = mapping(job.pod, "resources")
    path = (*job.pod_path, "resources")
    yield from _names(resources, path)

    # An empty list of claims is refused as well.
    if "claims" in resources:
        message = "pod-level resources cannot have claims"
        yield Finding(path=(*path, "claims"), message=message, on_key=True)

    too_high = list(_container_limits(job, mapping(resources, "limits")))
    yield from too_high
    yield from _sums(job, resources, path, {each.path[-1] for each in too_high})


def _names(resources: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    for kind in ("requests", "limits"):
        for name in mapping(resources, kind):
            if not is_of_a_whole_pod(name):
                message = (
                    f"'{name}' is not a pod-level resource: must be cpu, memory or hugepages-<size>"
                )
                yield Finding(path=(*path, kind, name), message=message, on_key=True)


def _container_limits(job: JobTemplate, pod_limits: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield the limits of containers that are above those of the pod.

    Those of init containers are for the sum to say.
    """
    for place, container in job.containers():
        if is_init(place):
            continue
        for name, value in mapping(mapping(container, "resources"), "limits").items():
            pod_limit = pod_limits.get(name)
            if _is_above(thousandths(value), thousandths(pod_limit)):
                message = (
                    f"the container's limit of {name} is {value}, above the pod's limit of"
                    f" {pod_limit}"
                )
                yield Finding(path=(*place, "resources", "limits", name), message=message)


def _is_above(amount: int | None, most: int | None) -> bool:
    """Whether an amount exceeds another; what is malformed or negative exceeds nothing."""
    return amount is not None and most is not None and amount > most >= 0


def _sums(
    job: JobTemplate, resources: Mapping[str, Any], path: Path, too_high: Set[Any]
) -> Iterator[Finding]:
    """Yield where the containers together request more than the pod has.

    Resources whose limit is already too high in one container are in `too_high`.
    """
    together = container_requests(job.pod)
    for kind, name, value in _bounds(resources):
        if kind == "limits" and name in too_high:
            continue
        needed = together.get(name, 0)
        if _is_above(needed, thousandths(value)):
            message = (
                f"the containers together request {written(name, needed)} of {name}, but the pod"
                f" {_VERBS[kind]} {value}"
            )
            yield Finding(path=(*path, kind, name), message=message)


def _bounds(resources: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Yield what bounds the requests of the containers: its field, its resource and its value."""
    requests = mapping(resources, "requests")
    limits = mapping(resources, "limits")
    for name, value in {**requests, **limits}.items():
        if name in requests and not is_huge_pages(name):
            yield "requests", name, requests[name]
        else:
            yield "limits", name, value
