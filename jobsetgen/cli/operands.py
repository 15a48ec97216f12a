"""Read the inputs that the paths on the command line name: files, folders, standard input."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from jobsetgen.project.file import FILE_NAME
from jobsetgen.project.files import Disk, stays_inside, work_tree
from jobsetgen.project.foreign import read_foreign
from jobsetgen.project.inputs import (
    Inputs,
    has_project,
    read_manifests,
    read_sources,
    together,
)
from jobsetgen.project.reading import read_project
from jobsetgen.source.text import MAX_BYTES, Source
from jobsetgen.stop import StopError

if TYPE_CHECKING:
    from jobsetgen.overlays.values import Given

STDIN = "-"

_NO_PROJECT = "--values and --set require a project, a folder with a jobsetgen.yaml"


def read_operands(
    paths: Sequence[str], given: Given | None = None, root: str | None = None
) -> Inputs:
    """Read everything that the paths name; the default is the current folder.

    `given` are the values for the templates of a project, and `root` is the folder that it may
    read. Raises StopError for a path that does not exist or cannot be read, for more than one
    project, and for values without a project.
    """
    parts: list[Inputs] = []
    projects = 0
    for path in paths or ["."]:
        project = project_folder(path)
        projects += project is not None
        if projects > 1:
            message = (
                "only one project (a folder with a jobsetgen.yaml) can be compiled at a time;"
                " build, check and validate compile several with --each"
            )
            raise StopError("usage", message)
        parts.append(
            _read(path) if project is None else read_project(own_folder(project, root), given)
        )
    if given and not projects:
        raise StopError("usage", _NO_PROJECT)
    return together(parts)


class Part(NamedTuple):
    """Paths that are compiled together, and the folder of the project among them, if there is one."""

    paths: tuple[str, ...]
    project: str | None


def separate_projects(paths: Sequence[str]) -> list[Part]:
    """Return a part for each project that paths name; all other paths are one part.

    With at most one project, everything is compiled together.
    """
    projects = [project_folder(path) for path in paths or ["."]]
    if sum(project is not None for project in projects) <= 1:
        return [Part(tuple(paths), next(filter(None, projects), None))]
    named = list(zip(paths, projects, strict=True))
    others = tuple(path for path, project in named if project is None)
    parts = [Part((path,), project) for path, project in named if project is not None]
    return [*parts, Part(others, None)] if others else parts


def project_folder(path: str) -> str | None:
    """Return the project folder that a path names, directly or by its project file, or None."""
    if path == STDIN:
        return None
    if os.path.isdir(path):
        return path if has_project(anywhere(path)) else None
    file = Path(path)
    is_project = file.name == FILE_NAME and os.path.isfile(path)
    return str(file.parent) if is_project else None


def shown(path: str) -> str:
    """Return the name of a path of the command line in diagnostics."""
    return "stdin" if path == STDIN else Disk(path).shown("")


def own_folder(folder: str, root: str | None = None) -> Disk:
    """Return a project's folder, whose bases may be anywhere in a root or in its git work tree.

    Outside any work tree, its project file may be anywhere: naming it on the command line makes it
    trusted.
    """
    if root is not None:
        return Disk(folder, root=root)
    top = _work_tree_of(folder)
    if top is None:
        return Disk(folder, trusted=[FILE_NAME])
    return Disk(folder, root=str(top))


def _read(path: str) -> Inputs:
    """Read a path that is not a project."""
    if os.path.isdir(path):
        files = in_tree(path)
        return read_foreign(files) or read_manifests(files)
    return read_sources([Source(name=shown(path), content=content_of(path))])


def in_tree(path: str) -> Disk:
    """Return the folder of a path, following links within its git work tree, or within itself."""
    top = _work_tree_of(path)
    return Disk(path, root=os.path.realpath(path) if top is None else str(top))


def _work_tree_of(path: str) -> Path | None:
    """Return the top of the work tree of a path; raise StopError if a link leads out of it."""
    top = work_tree(path)
    if not stays_inside(path, top):
        message = f"{shown(path)} is a link that points outside its git work tree"
        raise StopError("usage", message)
    return top


def anywhere(path: str) -> Disk:
    """Return the folder of a path, following links: the user named it on the command line."""
    return Disk(path, root="/")


def content_of(path: str) -> bytes:
    """Return the content of a file or standard input, at most one byte more than the limit."""
    if path == STDIN:
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    try:
        # Not normalized: `a.yaml/` is not a file, and an empty name is not the current folder.
        with open(path, "rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise StopError("usage", _unreadable(path, error)) from error


def _unreadable(path: str, error: OSError) -> str:
    """Return why a path of the command line cannot be read."""
    message = ""
    if isinstance(error, FileNotFoundError):
        # Imported here, because most commands find every file.
        from jobsetgen.project.addresses import not_fetched

        message = not_fetched(path)
    return message or f"cannot read {path}: {error.strerror}"
