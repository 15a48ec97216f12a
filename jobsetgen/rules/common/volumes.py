"""The volumes of a pod."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Path
from jobsetgen.model.template import JobTemplate
from jobsetgen.plain import objects


def volumes_of(job: JobTemplate) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield every volume of a Job's pods with its place."""
    for index, volume in objects(job.pod, "volumes"):
        yield (*job.pod_path, "volumes", index), volume
