"""`--each`: compile separately each project that a path belongs to."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from jobsetgen.cli.compiling import compiled, stop_on_errors, stop_on_nothing
from jobsetgen.cli.operands import STDIN
from jobsetgen.cli.printing import complain
from jobsetgen.output.places import Rendered, placed
from jobsetgen.pipeline import with_previews
from jobsetgen.progress import counted
from jobsetgen.project.discovery import (
    governing,
    is_inside_project,
    projects_below,
    projects_of,
)
from jobsetgen.project.file import FILE_NAME
from jobsetgen.project.inputs import MANIFESTS
from jobsetgen.stop import StopError


def render_projects(paths: Sequence[str], flags: Mapping[str, Any]) -> list[Rendered]:
    """Compile the projects that paths belong to, and return those that set `output`.

    The default path is the current folder. Files that belong to no project are skipped, because
    hooks pass all files. Reports the diagnostics of all projects. Raises StopError if any is an
    error, or if the folders contain no project with an output.
    """
    for path in paths:
        _refuse_unknown(path)
        if path == STDIN:
            raise StopError("usage", "--each compiles projects, and standard input is in none")
    folders = projects_of(paths or ["."])
    each = counted("Compiling projects", folders)
    results = [with_previews(compiled((folder,), flags)) for folder in each]
    stop_on_errors(*results)
    for folder, result in zip(folders, results, strict=True):
        stop_on_nothing(result, (folder,))

    found = placed(list(zip(folders, results, strict=True)))
    if not found:
        _report_nothing_found(paths)
    return found


def governed(paths: Sequence[str]) -> list[str]:
    """Return paths without duplicates, each file replaced by the projects that compile it.

    A folder stands for itself and for the projects below it.
    """
    found: dict[str, None] = {}
    for path in paths:
        folders = [] if path == STDIN else governing(path)
        found.update(dict.fromkeys(folders or _with_projects_below(path)))
    return list(found)


def _with_projects_below(path: str) -> list[str]:
    if not os.path.isdir(path):
        return [path]
    below = projects_below(path)
    has_files = any(name.endswith(MANIFESTS) for name in os.listdir(path))
    return [path, *below] if has_files or not below else below


def _refuse_unknown(path: str) -> None:
    """Raise StopError for a missing path outside all projects: hooks also pass deleted files."""
    try:
        os.lstat(path)
    except OSError as error:
        if is_inside_project(path) or projects_of([path]):
            return
        if isinstance(error, FileNotFoundError):
            message = f"{path} does not exist and is not inside a project"
        else:
            message = f"cannot read {path}: {error.strerror}"
        raise StopError("usage", message) from error


def _report_nothing_found(paths: Sequence[str]) -> None:
    if not paths or any(map(os.path.isdir, paths)):
        raise StopError("usage", f"no {FILE_NAME} in, above or below these paths sets output")
    complain("nothing to do: these files belong to no project that sets output")
