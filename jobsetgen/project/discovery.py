"""Find the projects that files on this machine belong to."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from jobsetgen.project.file import FILE_NAME, read_project_file
from jobsetgen.project.files import Disk, walk
from jobsetgen.stop import StopError


def projects_of(paths: Sequence[str]) -> list[str]:
    """Return the folders of the projects that paths belong to, without duplicates.

    A file belongs to the nearest project above it, which may have rendered it, and to each project
    further up that lists it in its resources. A folder belongs to the nearest project above it, and
    includes all projects below it that are not in hidden folders.
    """
    found: dict[Path, None] = {}
    for path in map(Path, map(os.path.abspath, paths)):
        folders = [*_above(path)[:1], *_further(path)]
        if os.path.isdir(path):
            folders += _projects_below(path)
        found.update(dict.fromkeys(folder.resolve() for folder in folders))
    return [_shortest(folder) for folder in found]


def governing(path: str) -> list[str]:
    """Return the folders of the projects that compile a file; empty for a folder."""
    whole = Path(os.path.abspath(path))
    if os.path.isdir(path):
        return []
    return [_shortest(folder) for folder in _above(whole) if _compiles(folder, whole)]


def _further(path: Path) -> list[Path]:
    """Return the projects further up than the nearest one that compile a file."""
    return [folder for folder in _above(path)[1:] if _compiles(folder, path)]


def _above(path: Path) -> list[Path]:
    """Return the folders with a project file, from a path upwards."""
    folders = [path, *path.parents] if os.path.isdir(path) else path.parents
    return [folder for folder in folders if os.path.isfile(folder / FILE_NAME)]


def _shortest(folder: Path) -> str:
    """Return a folder relative to the current one; never with a leading dash."""
    name = os.path.relpath(folder)
    return f"./{name}" if name.startswith("-") else name


def _projects_below(root: Path) -> Iterator[Path]:
    for current, folders, names in walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        if FILE_NAME in names and Path(current) != root:
            yield Path(current)


def _compiles(project: Path, path: Path) -> bool:
    """Whether a project compiles a file.

    The file or its folder is in the project's resources, or the project sets none.
    """
    return bool({path, path.parent} & _resources(project))


@functools.cache
def _resources(folder: Path) -> frozenset[Path]:
    try:
        layer, _ = read_project_file(FILE_NAME, Disk(str(folder)).read(FILE_NAME))
    except StopError:
        return frozenset()
    named = layer.resources if layer else None
    if named is None:
        return frozenset([Path(os.path.abspath(folder))])
    return frozenset(Path(os.path.abspath(folder / each.path)) for each in named)
