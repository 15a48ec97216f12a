"""Where the resources of a pod stand: of its containers, of its overhead and of the pod itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Path
from jobsetgen.kubernetes.pods import POD_LEVEL_SINCE
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import mapping

Resources = tuple[Path, Mapping[str, Any]]
"""Requests and limits, with their place."""


def has_pod_resources(job: JobTemplate, settings: Settings) -> bool:
    """Whether a pod has resources at the pod level that the cluster's Kubernetes reads."""
    return settings.since(POD_LEVEL_SINCE) and isinstance(job.pod.get("resources"), Mapping)


def container_resources(job: JobTemplate) -> Iterator[Resources]:
    """Yield the resources of each container, then the overhead of the pod."""
    for path, container in job.containers():
        yield (*path, "resources"), mapping(container, "resources")
    yield job.pod_path, {"overhead": mapping(job.pod, "overhead")}


def all_resources(job: JobTemplate, settings: Settings) -> Iterator[Resources]:
    """Yield the resources of each container, the overhead, and the resources at the pod level."""
    yield from container_resources(job)
    if has_pod_resources(job, settings):
        yield (*job.pod_path, "resources"), mapping(job.pod, "resources")
