"""`jobsetgen check`."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from jobsetgen.cli.flags import CompileCommand, flag
from jobsetgen.cli.options import (
    compile_options,
    compiled,
    output_folder,
    stop_on_errors,
    stop_on_nothing,
)
from jobsetgen.pipeline import Compilation
from jobsetgen.review.textdiff import unified
from jobsetgen.stop import StopError


@click.command("check", cls=CompileCommand)
@compile_options
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    callback=output_folder,
    help="The folder that `build -o` wrote.",
)
@click.option("--against", metavar="FILE", help="The file that `build` was written to.")
@flag("--allow-empty")
@click.option(
    "--each",
    is_flag=True,
    help="Compare the output of each project that a PATH belongs to, where it says.",
)
def command(
    paths: tuple[str, ...], output: str | None, against: str | None, each: bool, **flags: Any
) -> None:
    """Compare committed output with what build would write now.

    Exit status 0 when they are the same; 1 with a unified diff when they are not. Nothing is
    written.
    """
    if [output is not None, against is not None, each].count(True) != 1:
        raise StopError(
            "usage", "say what to compare with: -o DIR, --against FILE or --each, one of them"
        )
    again = (
        _stale_projects(paths, flags) if each else _stale_output(paths, flags, output, str(against))
    )
    if again:
        sys.stderr.write(
            f"jobsetgen: the committed output is stale; write it anew by: jobsetgen build {again}\n"
        )
        raise StopError("input")


def _stale_projects(paths: tuple[str, ...], flags: dict[str, Any]) -> str:
    """Show what has changed; return what `build` is to be called with, or nothing where nothing has."""
    from jobsetgen.cli.projects import rendered

    stale = [
        one.project
        for one in rendered(paths, flags)
        if _shown(_folder_changes(one.compilation, one.output))
    ]
    return shlex.join(["--each", *stale]) if stale else ""


def _stale_output(
    paths: tuple[str, ...], flags: dict[str, Any], folder: str | None, file: str
) -> str:
    """As `_stale_projects`, for one output: a folder, or else a file."""
    result = compiled(paths, flags)
    stop_on_errors(result)
    stop_on_nothing(result, paths)
    if folder is not None:
        return f"-o {folder} ..." if _shown(_folder_changes(result, folder)) else ""
    return f"... > {file}" if _shown(_file_changes(result, file)) else ""


def _shown(changes: Iterable[str]) -> bool:
    """Print changes as they come; return whether there were any."""
    found = False
    for change in changes:
        found = True
        sys.stdout.write(change)
    return found


def _file_changes(result: Compilation, against: str) -> Iterator[str]:
    yield from unified(against, _text(Path(against)), result.text())


def _folder_changes(result: Compilation, folder: str) -> Iterator[str]:
    from jobsetgen.output.folder import is_file, ours
    from jobsetgen.output.layout import files

    root = Path(folder)
    expected = set()
    for name, text in files(result):
        expected.add(name)
        if os.path.lexists(root / name) and not is_file(root / name):
            raise StopError("usage", f"{root / name} is in the way: it is no file")
        yield from unified(f"{folder}/{name}", _text(root / name), text)
    for name in sorted(set(ours(root)) - expected):
        yield from unified(f"{folder}/{name}", _text(root / name), None)


def _text(path: Path) -> str | None:
    """Return a committed file's text, or None where there is none."""
    try:
        return path.read_bytes().decode("utf-8", "backslashreplace")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StopError("usage", f"cannot read {path}: {error.strerror}") from error
