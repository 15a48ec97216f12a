"""`--each`: the projects that paths belong to, each compiled for itself."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from jobsetgen.cli.compiling import compiled, report, stop_on_nothing
from jobsetgen.cli.operands import STDIN
from jobsetgen.cli.printing import complain
from jobsetgen.diagnostics import in_order
from jobsetgen.output.places import Rendered, placed
from jobsetgen.project.discovery import governing, projects_of
from jobsetgen.project.file import FILE_NAME
from jobsetgen.stop import StopError


def rendered(paths: Sequence[str], flags: Mapping[str, Any]) -> list[Rendered]:
    """Compile the projects that paths belong to, and return those that name an output.

    Without paths it is the current folder. Files of no project are passed over, as hooks are given
    all there are. Raises StopError with everything that is wrong in any project, and where folders
    hold no project with an output.
    """
    for path in paths:
        _refuse_unknown(path)
    folders = projects_of(paths or ["."])
    results = [compiled((folder,), flags) for folder in folders]

    report(in_order(item for result in results for item in result.diagnostics))
    if not all(result.ok for result in results):
        raise StopError("input")
    for folder, result in zip(folders, results, strict=True):
        stop_on_nothing(result, (folder,))

    found = placed(list(zip(folders, results, strict=True)))
    if not found:
        _report_nothing_found(paths)
    return found


def governed(paths: Sequence[str]) -> list[str]:
    """Return paths, each once, with the projects that compile a file in the file's place."""
    found: dict[str, None] = {}
    for path in paths:
        folders = [] if path == STDIN else governing(path)
        found.update(dict.fromkeys(folders or [path]))
    return list(found)


def _refuse_unknown(path: str) -> None:
    """Stop at a path that is not there, and was of no project: a hook names deleted files, too."""
    if not os.path.lexists(path) and not projects_of([path]):
        raise StopError("usage", f"{path} does not exist, and no project is above it")


def _report_nothing_found(paths: Sequence[str]) -> None:
    if not paths or any(map(os.path.isdir, paths)):
        raise StopError("usage", f"no {FILE_NAME} here, above or below sets output")
    complain(f"nothing to do: no {FILE_NAME} here or above sets output")
