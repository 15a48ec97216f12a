"""Read the files in which objects that decide what Argo CD and Flux apply may differ."""

from __future__ import annotations

import os
from collections.abc import Iterator

from jobsetgen.cli.locations import inside
from jobsetgen.diff.delivery import DeliveryChange, FileStates, delivery_changes, may_deliver
from jobsetgen.git import Repository
from jobsetgen.project.changed_files import ON_DISK, States, changed_files
from jobsetgen.project.files import Disk
from jobsetgen.project.git_objects import Objects
from jobsetgen.stop import StopError


def deliveries_between(states: States) -> tuple[DeliveryChange, ...]:
    """Return the objects that differ between two states, wherever they are in the repository.

    Raises StopError if git fails.
    """
    with Objects(states.repository) as objects:
        return delivery_changes(_files(states, objects))


def _files(states: States, objects: Objects) -> Iterator[FileStates]:
    for each in changed_files(states):
        if may_deliver(each.path):
            yield FileStates(
                inside(states.repository, each.path).label,
                _content(objects, each.path, each.old),
                _content(objects, each.path, each.new),
            )


def _content(objects: Objects, path: str, blob: str | None) -> bytes:
    """Return the content of a file in a state; empty where it is not, or cannot be read."""
    if blob is None:
        return b""
    return _on_disk(objects.repository, path) if blob == ON_DISK else objects.blob(blob)


def _on_disk(repository: Repository, path: str) -> bytes:
    disk = Disk(str(repository.top))
    name = os.fsdecode(path.encode("utf-8", "surrogateescape"))
    if disk.entry(name) != "file":
        return b""
    try:
        return disk.read(name)
    except StopError:
        # Nobody asked to compare it.
        return b""
