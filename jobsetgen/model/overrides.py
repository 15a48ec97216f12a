"""Apply a project's overrides of replicas and images to a JobSet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from jobsetgen.kubernetes.pods import CONTAINER_FIELDS
from jobsetgen.model.jobset import JobSet, ReplicatedJob
from jobsetgen.options.images import overridden_image
from jobsetgen.options.table import Settings
from jobsetgen.options.values import ImageOverride


def overridden(jobset: JobSet, settings: Settings) -> JobSet:
    """Return the JobSet with the project's replicas and images."""
    if not settings.images and not settings.replicas:
        return jobset
    changed = tuple(_replicated_job(jobset.name, each, settings) for each in jobset.replicated_jobs)
    return jobset._replace(replicated_jobs=changed)


def _replicated_job(jobset: str, each: ReplicatedJob, settings: Settings) -> ReplicatedJob:
    replicas = settings.replicas.get((jobset, each.name), each.replicas)
    spec = each.template.spec
    if settings.images:
        pod = _with_images(spec["template"]["spec"], settings.images)
        spec = {**spec, "template": {**spec["template"], "spec": pod}}
    return each._replace(replicas=replicas, template=each.template._replace(spec=spec))


def _with_images(pod: Mapping[str, Any], overrides: tuple[ImageOverride, ...]) -> dict[str, Any]:
    changed = dict(pod)
    for field in CONTAINER_FIELDS:
        if isinstance(pod.get(field), list):
            changed[field] = [_container(container, overrides) for container in pod[field]]
    return changed


def _container(container: Any, overrides: Iterable[ImageOverride]) -> Any:
    if not isinstance(container, Mapping) or not isinstance(container.get("image"), str):
        return container
    return {**container, "image": overridden_image(container["image"], overrides)}
