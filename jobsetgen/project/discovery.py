"""The projects on this machine that files belong to."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from jobsetgen.project.file import FILE_NAME, read_project_file


def projects_of(paths: Sequence[str]) -> list[str]:
    """Return the folders of the projects that paths belong to, each once.

    A file belongs to the nearest project above it, which may have rendered it, and to each one
    further up that names it among its resources; a folder to the nearest project above it, and
    with it all projects below, but for hidden folders. Files of no project are left out.
    """
    found: dict[Path, None] = {}
    for path in map(Path, map(os.path.abspath, paths)):
        folders = [*_above(path)[:1], *_further(path)]
        if os.path.isdir(path):
            folders += _projects_below(path)
        found.update(dict.fromkeys(folder.resolve() for folder in folders))
    return [_shortest(folder) for folder in found]


def governing(path: str) -> list[str]:
    """Return the folders of the projects that compile a file, or nothing for a folder."""
    whole = Path(os.path.abspath(path))
    if os.path.isdir(path):
        return []
    return [_shortest(folder) for folder in _above(whole) if _compiles(folder, whole)]


def _further(path: Path) -> list[Path]:
    """Return the projects above the nearest one that compile a file."""
    return [folder for folder in _above(path)[1:] if _compiles(folder, path)]


def _above(path: Path) -> list[Path]:
    """Return the folders with a project file, from the path upwards."""
    folders = [path, *path.parents] if os.path.isdir(path) else path.parents
    return [folder for folder in folders if os.path.isfile(folder / FILE_NAME)]


def _shortest(folder: Path) -> str:
    """Return a folder as one writes it from the current one; never as what looks like an option."""
    name = os.path.relpath(folder)
    return f"./{name}" if name.startswith("-") else name


def _projects_below(root: Path) -> Iterator[Path]:
    for current, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        if FILE_NAME in names and Path(current) != root:
            yield Path(current)


def _compiles(project: Path, path: Path) -> bool:
    """Whether a project compiles a file.

    It or its folder is among the resources, or they are left to the folder.
    """
    return bool({path, path.parent} & _resources(project))


@functools.cache
def _resources(folder: Path) -> frozenset[Path]:
    try:
        layer, _ = read_project_file(FILE_NAME, (folder / FILE_NAME).read_bytes())
    except OSError:
        return frozenset()
    names = layer.resources if layer else None
    if names is None:
        names = (".",)
    return frozenset(Path(os.path.abspath(folder / name)) for name in names)
