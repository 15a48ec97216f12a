"""Environment variables of a pod's containers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Path
from jobsetgen.model.template import JobTemplate
from jobsetgen.plain import objects


def variables(job: JobTemplate) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield each environment variable of each container, with its place."""
    for path, container in job.containers():
        for index, variable in objects(container, "env"):
            yield (*path, "env", index), variable


def env_from_sources(job: JobTemplate) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield each item of each container's envFrom, with its place."""
    for path, container in job.containers():
        for index, source in objects(container, "envFrom"):
            yield (*path, "envFrom", index), source
