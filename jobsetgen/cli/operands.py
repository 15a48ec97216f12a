"""From the paths on the command line to what is compiled: files, folders, standard input."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from jobsetgen.project.file import FILE_NAME
from jobsetgen.project.files import Disk
from jobsetgen.project.inputs import (
    Inputs,
    has_project,
    read_manifests,
    read_project,
    read_sources,
    together,
)
from jobsetgen.source.text import MAX_BYTES, Source
from jobsetgen.stop import StopError

STDIN = "-"


def read_operands(paths: Sequence[str]) -> Inputs:
    """Read everything that the paths name; no path at all is the current folder.

    Raises StopError for a path that is not there or cannot be read, and for two projects in one
    call.
    """
    parts: list[Inputs] = []
    projects = 0
    for path in paths or ["."]:
        project = project_folder(path)
        projects += project is not None
        if projects > 1:
            message = "only one project (a folder with a jobsetgen.yaml) can be compiled at a time"
            raise StopError("usage", message)
        parts.append(_read(path) if project is None else read_project(_own(project)))
    return together(parts)


def project_folder(path: str) -> str | None:
    """Return the folder of the project that a path names: by itself, or by its project file."""
    if path == STDIN:
        return None
    if os.path.isdir(path):
        return path if has_project(_anywhere(path)) else None
    file = Path(path)
    is_project = file.name == FILE_NAME and os.path.isfile(path)
    return str(file.parent) if is_project else None


def shown(path: str) -> str:
    """Return how diagnostics name a path of the command line."""
    return "stdin" if path == STDIN else Disk(path).shown("")


def _own(folder: str) -> Disk:
    """Return a project's folder: whoever names it vouches for its project file."""
    return Disk(folder, vouched=[FILE_NAME])


def _read(path: str) -> Inputs:
    """Read what is no project."""
    if os.path.isdir(path):
        return read_manifests(_anywhere(path))
    return read_sources([Source(name=shown(path), content=_content(path))])


def _anywhere(path: str) -> Disk:
    """Return what a path names, wherever its links lead: whoever types it means them."""
    return Disk(path, root="/")


def _content(path: str) -> bytes:
    """Read a file, or as much of standard input as is compiled and a little more."""
    if path == STDIN:
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    try:
        # As it is written: `a.yaml/` is no file, and an empty name is not the current folder.
        with open(path, "rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise StopError("usage", f"cannot read {path}: {error.strerror}") from error
