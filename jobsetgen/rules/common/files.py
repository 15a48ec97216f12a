"""Files that volumes put into a container: their modes and paths."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Path
from jobsetgen.model.template import JobTemplate
from jobsetgen.plain import mapping, objects

_WITH_FILES = ("configMap", "secret", "downwardAPI", "projected")


def sources(job: JobTemplate) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield what puts files into volumes, the projected volumes before their own sources."""
    for index, volume in objects(job.pod, "volumes"):
        path = (*job.pod_path, "volumes", index)
        for field in _WITH_FILES:
            if isinstance(volume.get(field), Mapping):
                yield (*path, field), mapping(volume, field)
        for inner, source in objects(mapping(volume, "projected"), "sources"):
            for field in source:
                if isinstance(source[field], Mapping):
                    yield (*path, "projected", "sources", inner, field), mapping(source, field)
