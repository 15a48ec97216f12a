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
from jobsetgen.upstream import UNKNOWN


@job_rule("JSG308", "error", since="0.1", source=UNKNOWN)
def pod_resources(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """The resources of a pod as a whole are not enough for its containers, or are none that a whole pod can have.

    A whole pod has cpu, memory and huge pages, and no claims. What the containers request together is no more than what
    the pod requests (its limit, where it requests nothing; a container with a limit alone requests that much), and no
    container has a higher limit than the pod.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec: {resources: {limits: {cpu: 2}}, containers: [{resources: {limits: {cpu: 4}}}]}

    Good::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec: {resources: {limits: {cpu: 4}}, containers: [{resources: {limits: {cpu: 4}}}]}
    """
    if not has_pod_resources(job, settings):
        return
    resources, path = mapping(job.pod, "resources"), (*job.pod_path, "resources")
    for kind in ("requests", "limits"):
        for name in mapping(resources, kind):
            if not is_of_a_whole_pod(name):
                message = (
                    f"'{name}' is no resource of a pod as a whole: those are cpu, memory and"
                    " hugepages-<size>"
                )
                yield Finding(path=(*path, kind, name), message=message, on_key=True)
    if "claims" in resources:  # even if there is none in the list
        message = "only containers have claims in their resources, not a pod as a whole"
        yield Finding(path=(*path, "claims"), message=message, on_key=True)
    above = list(_limits(job, mapping(resources, "limits")))
    yield from above
    yield from _sums(job, resources, path, {each.path[-1] for each in above})


def _limits(job: JobTemplate, limits: Mapping[str, Any]) -> Iterator[Finding]:
    for place, container in job.containers():
        for name, value in mapping(mapping(container, "resources"), "limits").items():
            limit, most = thousandths(value), thousandths(limits.get(name))
            # What an init container may have is for the sum to say.
            if limit is not None and most is not None and limit > most >= 0 and not is_init(place):
                message = (
                    f"the container's limit of {name} is {value}, above the pod's limit of"
                    f" {limits[name]}"
                )
                yield Finding(path=(*place, "resources", "limits", name), message=message)


def _sums(
    job: JobTemplate, resources: Mapping[str, Any], path: Path, known: Set[Any]
) -> Iterator[Finding]:
    requests, limits = mapping(resources, "requests"), mapping(resources, "limits")
    together = container_requests(job.pod)
    for name, value in {**requests, **limits}.items():
        kind, what = "limits", "has a limit of"
        if name in requests and not is_huge_pages(name):
            kind, what, value = "requests", "requests", requests[name]
        amount, needed = thousandths(value), together.get(name, 0)
        if amount is not None and needed > amount >= 0 and not (kind == "limits" and name in known):
            message = (
                f"the containers request {written(name, needed)} of {name} together, but the pod"
                f" {what} {value}"
            )
            yield Finding(path=(*path, kind, name), message=message)
