"""Ports of containers and of the host."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Path
from jobsetgen.model.template import JobTemplate
from jobsetgen.plain import objects


def ports_of(job: JobTemplate) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    for path, container in job.containers():
        for index, port in objects(container, "ports"):
            yield (*path, "ports", index), port
