"""Fields of the pod that its own containers read, by a variable or in a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Path
from jobsetgen.kubernetes.field_paths import entry_of
from jobsetgen.model.template import JobTemplate
from jobsetgen.plain import mapping, objects, string
from jobsetgen.rules.common.environment import variables
from jobsetgen.rules.common.files import projected_sources


def keys_read(job: JobTemplate) -> Iterator[tuple[Path, str, str]]:
    """Yield what containers read of their pod's metadata.

    Each has its place, `label` or `annotation`, and the key.
    """
    for path, reader in (*field_sources(job), *downward_files(job)):
        entry = entry_of(string(mapping(reader, "fieldRef"), "fieldPath"))
        if entry:
            yield (*path, "fieldRef", "fieldPath"), entry.kind, entry.key


def field_sources(job: JobTemplate) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield where environment variables come from."""
    for path, variable in variables(job):
        yield (*path, "valueFrom"), mapping(variable, "valueFrom")


def downward_files(job: JobTemplate) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield the files that show fields of the pod, in downwardAPI volumes and in projected ones."""
    for path, volume in _downward_volumes(job):
        for index, file in objects(volume, "items"):
            yield (*path, "items", index), file


def _downward_volumes(job: JobTemplate) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield the downwardAPI of each volume, then those of its projected sources."""
    for index, volume in objects(job.pod, "volumes"):
        path = (*job.pod_path, "volumes", index)
        yield (*path, "downwardAPI"), mapping(volume, "downwardAPI")

        for place, source in projected_sources(volume, path):
            yield (*place, "downwardAPI"), mapping(source, "downwardAPI")
