"""Name the nested folders that a command has not read."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator, Sequence

from jobsetgen.cli.operands import anywhere
from jobsetgen.cli.printing import complain
from jobsetgen.cli.reports import is_quiet
from jobsetgen.output.rendered import is_rendered
from jobsetgen.project.files import Files
from jobsetgen.project.inputs import has_project, manifests
from jobsetgen.stop import StopError
from jobsetgen.words import listed_first

_MOST_SHOWN = 5
_MOST_LEVELS = 3


def name_unread(paths: Sequence[str], projects: Sequence[str] = ()) -> None:
    """Say on standard error which folders below plain folders have manifests that were not read.

    `projects` are folders that were read as well, with all below them.
    """
    if is_quiet():
        return
    found = [name for path in paths or ["."] for name in unread(path) if not _is_in(name, projects)]
    if found:
        names = listed_first(found[:_MOST_SHOWN], len(found))
        complain(f"folders below are not read: {names}")


def _is_in(folder: str, projects: Sequence[str]) -> bool:
    path = os.path.join(os.path.realpath(folder), "")
    return any(path.startswith(os.path.join(os.path.realpath(each), "")) for each in projects)


def unread(path: str) -> list[str]:
    """Return the nested folders with manifests that a build of a folder does not read.

    Empty for a project, which lists what it compiles. Output folders of jobsetgen are left out.
    """
    return [name for name in folders_below(path) if not is_rendered(anywhere(name))]


def folders_below(path: str) -> list[str]:
    """Return the nested folders with manifests of a plain folder, output folders included."""
    if not os.path.isdir(path):
        return []
    files = anywhere(path)
    if has_project(files) or is_rendered(files):
        return []
    return [files.shown(name) for name in _with_manifests(files, "", _MOST_LEVELS)]


def _with_manifests(files: Files, folder: str, levels: int) -> Iterator[str]:
    """Yield the folders below a folder with manifests, without those in hidden folders."""
    for name in _listing(files, folder):
        if posixpath.basename(name).startswith(".") or files.entry(name) != "folder":
            continue
        if _has_manifest(files, name):
            yield name
        elif levels > 1:
            yield from _with_manifests(files, name, levels - 1)


def _has_manifest(files: Files, folder: str) -> bool:
    try:
        return next(manifests(files, folder), None) is not None
    except StopError:
        return False


def _listing(files: Files, folder: str) -> Sequence[str]:
    try:
        return files.listing(folder)
    except StopError:
        return []
