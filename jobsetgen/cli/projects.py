"""`--each`: the projects that files belong to, and what each of them renders where."""

from __future__ import annotations

import functools
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from jobsetgen.cli.options import compiled, report, stop_on_nothing
from jobsetgen.diagnostics import in_order
from jobsetgen.model.project import FILE_NAME, read_project
from jobsetgen.pipeline import Compilation


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a project renders: its folder, its output folder, and what belongs there."""

    project: str
    output: str
    compilation: Compilation


def rendered(paths: Sequence[str], flags: Mapping[str, Any]) -> list[Rendered]:
    """Compile the projects that paths belong to, and return those that name an output.

    Without paths it is the current folder. Ends with status 1, with everything that is wrong in any, when there is an
    error. Raises click.UsageError for an output folder that is a link out of its project or another project's, and
    where folders hold no project with an output; files of no project are passed over, as hooks are given all there are.
    """
    results = [(folder, compiled((folder,), flags)) for folder in projects_of(paths or ["."])]
    report(in_order(item for _, result in results for item in result.diagnostics))
    if not all(result.ok for _, result in results):
        sys.exit(1)
    for folder, result in results:
        stop_on_nothing(result, (folder,))
    found = [Rendered(folder, _output(folder, result), result) for folder, result in results if result.settings.output]
    if not found:
        _say_nothing_was_found(paths)
    _refuse_shared(found)
    return found


def projects_of(paths: Sequence[str]) -> list[str]:
    """Return the folders of the projects that paths belong to, each once.

    A file belongs to the nearest project above it, which may have rendered it, and to each one further up that names it
    among its resources; a folder to the nearest project above it, and with it all projects below. Files of no project
    are left out.
    """
    found: dict[str, None] = {}
    for path in map(Path, map(os.path.abspath, paths)):
        folders = [path, *path.parents] if os.path.isdir(path) else path.parents
        above = [folder for folder in folders if os.path.isfile(folder / FILE_NAME)]
        further = [folder for folder in above[1:] if _names(folder, path)]
        below = _projects_below(path) if os.path.isdir(path) else ()
        for folder in (*above[:1], *further, *below):
            found.setdefault(os.path.relpath(folder))
    return list(found)


def _projects_below(root: Path) -> Iterator[Path]:
    for current, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        if FILE_NAME in names and Path(current) != root:
            yield Path(current)


def _names(project: Path, path: Path) -> bool:
    """Whether a project further up has a file, or the folder it lies in, among its resources."""
    return bool({path, path.parent} & _resources(project))


@functools.cache
def _resources(folder: Path) -> frozenset[Path]:
    try:
        project, _ = read_project(FILE_NAME, (folder / FILE_NAME).read_bytes())
    except OSError:
        return frozenset()
    names = project.resources if project else None
    return frozenset(Path(os.path.abspath(folder / name)) for name in names or ())


def _output(folder: str, result: Compilation) -> str:
    found = Path(folder, result.settings.output)
    try:
        is_inside = found.resolve().is_relative_to(Path(folder).resolve())
    except (OSError, RuntimeError):  # links in a circle
        is_inside = False
    if not is_inside:
        raise click.UsageError(f"{found} is a link that leads out of the project's folder")
    return str(found)


def _say_nothing_was_found(paths: Sequence[str]) -> None:
    message = f"there is no {FILE_NAME} with an output here"
    if not paths or any(map(os.path.isdir, paths)):
        raise click.UsageError(f"{message}, above or below")
    sys.stderr.write(f"jobsetgen: nothing to do: {message} or above\n")


def _refuse_shared(found: Sequence[Rendered]) -> None:
    owners: dict[Path, str] = {}
    for each in found:
        owner = owners.setdefault(Path(each.output).resolve(), each.project)
        if owner != each.project:
            raise click.UsageError(f"{each.output} is the output of two projects, {owner} and {each.project}")


def unknown_to_git(folders: Sequence[str]) -> list[str]:
    """Return the files in folders that a commit would leave out: git does not know them, and is not to ignore them.

    Outside of a git repository there are none.
    """
    command = ["git", "--literal-pathspecs", "ls-files", "--others", "--exclude-standard", "-z", "--", *folders]
    try:
        done = subprocess.run(command, capture_output=True, check=False)
    except OSError:  # there is no git
        return []
    return [os.fsdecode(name) for name in done.stdout.split(b"\0") if name]
