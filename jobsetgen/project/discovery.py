"""Find the projects that files on this machine belong to."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from jobsetgen.project.dependencies import (
    Dependencies,
    PartsIndex,
    dependencies,
    without_mere_bases,
)
from jobsetgen.project.file import FILE_NAME
from jobsetgen.project.files import Disk, walk, work_tree


def projects_of(paths: Sequence[str]) -> list[str]:
    """Return the folders of the projects that paths belong to, without duplicates.

    A file belongs to each project in the git work tree that it is a part of, and to the nearest
    project above it if that has rendered it, or is invalid. A folder belongs to the nearest project
    above it, and includes all projects below it that are not in hidden folders. A project without
    an output that is a base of another one among them is left out: it is compiled as a part of that
    one.
    """
    found: dict[Path, None] = {}
    for path in map(Path, map(os.path.abspath, paths)):
        if os.path.isdir(path):
            found.update(dict.fromkeys([*_above(path)[:1], *_projects_below(path)]))
        else:
            found.update(dict.fromkeys([*_rendered_by(path), *_made_of(path)]))
    folders = dict.fromkeys(map(Path.resolve, found))
    return [_shortest(folder) for folder in _without_mere_bases(folders)]


def is_inside_project(path: str) -> bool:
    """Whether a path is inside the folder of a project; it need not exist."""
    return bool(_above(Path(os.path.abspath(path))))


def governing(path: str) -> list[str]:
    """Return the folders of the projects that a file is a part of; empty for a folder."""
    if os.path.isdir(path):
        return []
    folders = dict.fromkeys(map(Path.resolve, _made_of(Path(os.path.abspath(path)))))
    return [_shortest(folder) for folder in _without_mere_bases(folders)]


def projects_below(path: str) -> list[str]:
    """Return the projects in the folders below a folder, without hidden ones and mere bases."""
    folders = (folder.resolve() for folder in _projects_below(Path(os.path.abspath(path))))
    return [_shortest(folder) for folder in _without_mere_bases(folders)]


def _rendered_by(path: Path) -> list[Path]:
    """Return the nearest project above a file, if the file may be one of its output."""
    nearest = _above(path.parent)[:1]
    return [each for each in nearest if _parts_of(each).may_have_rendered(_name_in(each, path))]


def _made_of(path: Path) -> list[Path]:
    """Return the projects that a file is a part of, those above it first."""
    above = _above(path.parent)
    own = [each for each in above if _parts_of(each).include(_name_in(each, path))]
    top = _top_of(path.parent)
    others = [] if top is None else _others_with(top, path)
    return [*own, *(each for each in others if each not in above)]


def _others_with(top: Path, path: Path) -> list[Path]:
    """Return the projects of a work tree that a file is a part of."""
    return [
        Path(project)
        for root, index in _indexes(top).items()
        for project in index.projects_with(_name(path, root))
    ]


@functools.cache
def _indexes(top: Path) -> dict[Path, PartsIndex]:
    """Return what the projects of a work tree are made of, by the root of the projects.

    A repository inside the work tree is the root of its own projects.
    """
    by_root: dict[Path, dict[str, Dependencies]] = {}
    for folder in _all_projects(top):
        by_root.setdefault(_root(folder), {})[str(folder)] = _parts_of(folder)
    return {root: PartsIndex(parts) for root, parts in by_root.items()}


@functools.cache
def _top_of(folder: Path) -> Path | None:
    return work_tree(folder)


def _name_in(folder: Path, path: Path) -> str:
    """Return a path as the parts of the project in a folder are named."""
    return _name(path, _root(folder))


def _root(folder: Path) -> Path:
    """Return what a project may read: its git work tree, or itself."""
    return _top_of(folder) or folder


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


@functools.cache
def _above(path: Path) -> tuple[Path, ...]:
    """Return the folders with a project file, from a path upwards."""
    folders = (path, *path.parents)
    return tuple(folder for folder in folders if os.path.isfile(folder / FILE_NAME))


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
