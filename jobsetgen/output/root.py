"""Open or make an output folder, below its project without following a link."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from jobsetgen.stop import StopError

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
STEP = FOLDER | os.O_NOFOLLOW


def open_root(path: str, project: str | None) -> int:
    """Return the descriptor of an output folder.

    Links in the path are followed if they stay inside the project, or if there is none. Raises
    StopError for a link out of it, and OSError.
    """
    if project is None:
        return os.open(path, FOLDER)
    descriptor = os.open(project, FOLDER)
    for step in steps_inside(path, project):
        above = descriptor
        try:
            descriptor = os.open(step, STEP, dir_fd=above)
        finally:
            os.close(above)
    return descriptor


def make_root(path: str, project: str | None, made: list[str]) -> None:
    """Make an output folder and those above it, unless they exist; note in `made` which those are.

    Raises like `open_root`.
    """
    if os.path.isdir(path):
        return
    if project is not None:
        steps_inside(path, project)
    for folder in reversed(_missing(path, project)):
        # Noted before it is made, so that an interrupt in between loses nothing.
        made.append(str(folder))
        try:
            _make(folder, project)
        except FileExistsError:
            made.remove(str(folder))


def remove_made(made: list[str]) -> None:
    """Remove the folders that were made, as far as they are empty."""
    for path in reversed(made):
        with suppress(OSError):
            os.rmdir(path)


def steps_inside(path: str, project: str) -> list[str]:
    """Return the folders from the project to an output; raise StopError if it is not below it."""
    place = os.path.relpath(os.path.realpath(path), os.path.realpath(project))
    steps = place.split(os.sep)
    if steps[0] == os.pardir:
        raise StopError("usage", f"{path} is a link that points outside the project folder")
    if steps[0] == os.curdir:
        raise StopError("usage", f"{path} is a link to the project folder itself")
    return steps


def _missing(path: str, project: str | None) -> list[Path]:
    """Return the folder of a path and those above it, up to its project, that do not exist."""
    place = Path(os.path.realpath(path))
    top = place.parents[-1] if project is None else Path(os.path.realpath(project))
    inside = [each for each in (place, *place.parents) if top in each.parents]
    return [each for each in inside if not each.is_dir()]


def _make(folder: Path, project: str | None) -> None:
    """Make one folder; its parent exists."""
    if project is None:
        os.mkdir(folder)
        return
    inside = os.path.realpath(project)
    if os.path.samefile(folder.parent, inside):
        above = os.open(inside, FOLDER)
    else:
        above = open_root(str(folder.parent), project)
    try:
        os.mkdir(folder.name, dir_fd=above)
    finally:
        os.close(above)
