"""Open or make an output folder, below its project without following a link."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from jobsetgen.project.files import work_tree
from jobsetgen.stop import StopError

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
STEP = FOLDER | os.O_NOFOLLOW


def open_root(path: str, project: str | None) -> int:
    """Return the descriptor of an output folder.

    Links in the path are followed if they stay inside the project or, if there is none, inside the
    git work tree. Raises StopError for a link out of it, and OSError.
    """
    if project is None:
        top = work_tree(path)
        if top is None:
            return os.open(path, FOLDER)
        return _open_steps(str(top), _steps_in_work_tree(path, top))
    return _open_steps(project, steps_inside(path, project))


def _open_steps(top: str, steps: list[str]) -> int:
    """Return the descriptor of a folder below another one, following no link on the way."""
    descriptor = os.open(os.path.realpath(top), FOLDER)
    for step in steps:
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
        _make_steps(os.path.realpath(project), steps_inside(path, project), made)
        return
    if (tree := work_tree(path)) is not None:
        _make_steps(os.path.realpath(tree), _steps_in_work_tree(path, tree), made)
        return
    place = Path(os.path.realpath(path))
    for folder in reversed([each for each in (place, *place.parents) if not each.is_dir()]):
        with _noted(str(folder), made):
            os.mkdir(folder)


def _make_steps(top: str, steps: list[str], made: list[str]) -> None:
    """Make the folders below another one, each in the one before, following no link."""
    above = os.open(top, FOLDER)
    try:
        for step in steps:
            top = f"{top}/{step}"
            with _noted(top, made):
                os.mkdir(step, dir_fd=above)
            folder = os.open(step, STEP, dir_fd=above)
            os.close(above)
            above = folder
    finally:
        os.close(above)


@contextmanager
def _noted(folder: str, made: list[str]) -> Iterator[None]:
    """Note a folder that a block makes, unless it exists."""
    # Noted before it is made, so that an interrupt in between loses nothing.
    made.append(folder)
    try:
        yield
    except FileExistsError:
        made.remove(folder)


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


def _steps_in_work_tree(path: str, top: Path) -> list[str]:
    """Return the folders from the top of a work tree to an output, which may be that top."""
    place = os.path.relpath(os.path.realpath(path), os.path.realpath(top))
    steps = place.split(os.sep)
    if steps[0] == os.pardir:
        raise StopError("usage", f"{path} is a link that points outside its git work tree")
    return [] if steps[0] == os.curdir else steps
