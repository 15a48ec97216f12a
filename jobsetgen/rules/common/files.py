"""Files that volumes put into a container."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Path
from jobsetgen.model.template import JobTemplate
from jobsetgen.plain import mapping, objects

_WITH_FILES = ("configMap", "secret", "downwardAPI", "projected")


def file_sources(job: JobTemplate) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield what puts files into volumes, the projected volumes before their own sources."""
    for index, volume in objects(job.pod, "volumes"):
        path = (*job.pod_path, "volumes", index)
        for field in _WITH_FILES:
            if isinstance(volume.get(field), Mapping):
                yield (*path, field), mapping(volume, field)
        for place, source in projected_sources(volume, path):
            for field in source:
                if isinstance(source[field], Mapping):
                    yield (*place, field), mapping(source, field)


def projected_sources(
    volume: Mapping[str, Any], path: Path
) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield the sources of a projected volume, with their places; of another volume, nothing."""
    for index, source in objects(mapping(volume, "projected"), "sources"):
        yield (*path, "projected", "sources", index), source
