"""Quantities, requests and limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Path
from jobsetgen.kubernetes.pods import POD_LEVEL_SINCE
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import mapping


def has_pod_resources(job: JobTemplate, settings: Settings) -> bool:
    """Whether there are resources of the pod as a whole."""
    return settings.since(POD_LEVEL_SINCE) and isinstance(job.pod.get("resources"), Mapping)


def of_containers(job: JobTemplate) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield the resources of the containers, each with its place, and the overhead of the pod."""
    for path, container in job.containers():
        yield (*path, "resources"), mapping(container, "resources")
    yield job.pod_path, {"overhead": mapping(job.pod, "overhead")}


def resources_of(job: JobTemplate, settings: Settings) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield the resources of the containers and of the pod as a whole, each with its place."""
    yield from of_containers(job)
    if has_pod_resources(job, settings):
        yield (*job.pod_path, "resources"), mapping(job.pod, "resources")
