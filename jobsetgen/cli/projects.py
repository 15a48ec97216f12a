"""`--each`: the projects that files belong to, and what each of them renders where."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jobsetgen.cli.options import compiled, report, stop_on_nothing
from jobsetgen.diagnostics import in_order
from jobsetgen.pipeline import Compilation
from jobsetgen.project.project import FILE_NAME, read_project
from jobsetgen.stop import StopError


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a project renders: its folder, its output folder, and what belongs there."""

    project: str
    output: str
    compilation: Compilation


def rendered(paths: Sequence[str], flags: Mapping[str, Any]) -> list[Rendered]:
    """Compile the projects that paths belong to, and return those that name an output.

    Without paths it is the current folder. Ends with status 1, with everything that is wrong in
    any, when there is an error. Raises StopError for an output folder that is a link out of
    its project or another project's, and where folders hold no project with an output; files of no
    project are passed over, as hooks are given all there are.
    """
    for path in paths:
        if not os.path.lexists(path) and not projects_of([path]):
            raise StopError("usage", f"there is no {path}, and no project that it was of")
    results = [(folder, compiled((folder,), flags)) for folder in projects_of(paths or ["."])]
    report(in_order(item for _, result in results for item in result.diagnostics))
    if not all(result.ok for _, result in results):
        raise StopError("input")
    for folder, result in results:
        stop_on_nothing(result, (folder,))
    found = [
        Rendered(folder, _output(folder, result), result)
        for folder, result in results
        if result.settings.output
    ]
    if not found:
        _say_nothing_was_found(paths)
    _refuse_shared(found)
    return found


def projects_of(paths: Sequence[str]) -> list[str]:
    """Return the folders of the projects that paths belong to, each once.

    A file belongs to the nearest project above it, which may have rendered it, and to each one
    further up that names it among its resources; a folder to the nearest project above it, and with
    it all projects below, but for hidden folders. Files of no project are left out.
    """
    found: dict[Path, None] = {}
    for path in map(Path, map(os.path.abspath, paths)):
        above = _above(path)
        further = [folder for folder in above[1:] if _names(folder, path)]
        below = _projects_below(path) if os.path.isdir(path) else ()
        found.update(dict.fromkeys(folder.resolve() for folder in (*above[:1], *further, *below)))
    return [_shortest(folder) for folder in found]


def governed(paths: Sequence[str]) -> list[str]:
    """Return paths, each once, with the folders of the projects that compile a file in the file's place."""
    found: dict[str, None] = {}
    for path in paths:
        whole = Path(os.path.abspath(path))
        folders = (
            []
            if path == "-" or os.path.isdir(path)
            else [each for each in _above(whole) if _names(each, whole)]
        )
        found.update(dict.fromkeys(map(_shortest, folders) if folders else [path]))
    return list(found)


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


def _names(project: Path, path: Path) -> bool:
    """Whether a project compiles a file: it or its folder is among the resources, or they are left to the folder."""
    return bool({path, path.parent} & _resources(project))


@functools.cache
def _resources(folder: Path) -> frozenset[Path]:
    try:
        project, _ = read_project(FILE_NAME, (folder / FILE_NAME).read_bytes())
    except OSError:
        return frozenset()
    names = (".",) if project is None or project.resources is None else project.resources
    return frozenset(Path(os.path.abspath(folder / name)) for name in names)


def _output(folder: str, result: Compilation) -> str:
    found = Path(folder, result.settings.output)
    try:
        is_inside = found.resolve().is_relative_to(Path(folder).resolve())
    except (OSError, RuntimeError):  # links in a circle
        is_inside = False
    if not is_inside:
        raise StopError("usage", f"{found} is a link that leads out of the project's folder")
    return str(found)


def _say_nothing_was_found(paths: Sequence[str]) -> None:
    message = f"there is no {FILE_NAME} with an output here"
    if not paths or any(map(os.path.isdir, paths)):
        raise StopError("usage", f"{message}, above or below")
    sys.stderr.write(f"jobsetgen: nothing to do: {message} or above\n")


def _refuse_shared(found: Sequence[Rendered]) -> None:
    """Refuse outputs that are one, or one in another: each project would take the other's files for stale ones."""
    owners: dict[Path, str] = {}
    for each in found:
        output = Path(each.output).resolve()
        if output in owners:
            raise StopError(
                "usage",
                f"{each.output} is the output of two projects, {owners[output]} and {each.project}",
            )
        owners[output] = each.project
    for output, project in owners.items():
        if outer := next((owners[folder] for folder in output.parents if folder in owners), None):
            raise StopError(
                "usage", f"the output of project {project} lies in that of project {outer}"
            )
