"""Find the projects that files on this machine belong to."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from jobsetgen.project.dependencies import (
    Dependencies,
    dependencies,
    without_mere_bases,
)
from jobsetgen.project.file import FILE_NAME
from jobsetgen.project.files import Disk, walk, work_tree


def projects_of(paths: Sequence[str]) -> list[str]:
    """Return the folders of the projects that paths belong to, without duplicates.

    A file belongs to the nearest project above it, which may have rendered it, and to each project
    in the git work tree that it is a part of. A folder belongs to the nearest project above it, and
    includes all projects below it that are not in hidden folders. A project without an output that
    is a base of another one among them is left out: it is compiled as a part of that one.
    """
    found: dict[Path, None] = {}
    for path in map(Path, map(os.path.abspath, paths)):
        folders = _above(path)[:1]
        folders += _projects_below(path) if os.path.isdir(path) else _made_of(path)
        found.update(dict.fromkeys(folder.resolve() for folder in folders))
    return [_shortest(folder) for folder in _without_mere_bases(found)]


def governing(path: str) -> list[str]:
    """Return the folders of the projects that a file is a part of; empty for a folder."""
    if os.path.isdir(path):
        return []
    folders = dict.fromkeys(map(Path.resolve, _made_of(Path(os.path.abspath(path)))))
    return [_shortest(folder) for folder in _without_mere_bases(folders)]


def _made_of(path: Path) -> list[Path]:
    """Return the projects that a file is a part of, those above it first."""
    top = work_tree(path)
    above = _above(path)
    others = [] if top is None else [each for each in _all_projects(top) if each not in above]
    return [folder for folder in [*above, *others] if _include(folder, path)]


def _include(folder: Path, path: Path) -> bool:
    return _parts_of(folder).include(_name(path, _root(folder)))


def _root(folder: Path) -> Path:
    """Return what a project may read: its git work tree, or itself."""
    return work_tree(folder) or folder


@functools.cache
def _parts_of(folder: Path) -> Dependencies:
    root = _root(folder)
    # Files have the names that a compile gives them, so that each is read once.
    return dependencies(Disk(os.path.relpath(root)), _name(folder, root))


@functools.cache
def _all_projects(top: Path) -> tuple[Path, ...]:
    return tuple(_projects_below(top, with_root=True))


def _without_mere_bases(folders: Iterable[Path]) -> Iterator[Path]:
    """Yield folders without those that are only there for others among them."""
    by_root: dict[Path, dict[str, Dependencies]] = {}
    for folder in folders:
        root = _root(folder)
        by_root.setdefault(root, {})[_name(folder, root)] = _parts_of(folder)
    for root, parts in by_root.items():
        for name in without_mere_bases(parts):
            yield root if name == "." else root / name


def _above(path: Path) -> list[Path]:
    """Return the folders with a project file, from a path upwards."""
    folders = [path, *path.parents] if os.path.isdir(path) else path.parents
    return [folder for folder in folders if os.path.isfile(folder / FILE_NAME)]


def _shortest(folder: Path) -> str:
    """Return a folder relative to the current one; never with a leading dash."""
    name = os.path.relpath(folder)
    return f"./{name}" if name.startswith("-") else name


def _name(path: Path, root: Path) -> str:
    """Return a path relative to a root, as `Dependencies` names it."""
    return Path(os.path.relpath(path, root)).as_posix()


def _projects_below(root: Path, *, with_root: bool = False) -> Iterator[Path]:
    for current, folders, names in walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        if FILE_NAME in names and (with_root or Path(current) != root):
            yield Path(current)
