"""`jobsetgen check`."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from typing import Any

import click

from jobsetgen.cli.compiling import (
    compile_options,
    compiled,
    output_folder,
    stop_on_errors,
    stop_on_nothing,
)
from jobsetgen.cli.flags import (
    CompileCommand,
    companion_flags,
    flag,
    refuse_companion_flags,
)
from jobsetgen.cli.printing import complain, show
from jobsetgen.output.stale import file_changes, folder_changes
from jobsetgen.stop import StopError


@click.command("check", cls=CompileCommand)
@compile_options
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    callback=output_folder,
    help="The output folder of `build -o`.",
)
@click.option("--against", metavar="FILE", help="The file with the output of `build`.")
@flag("--allow-empty")
@companion_flags
@click.option(
    "--each",
    is_flag=True,
    help="Compare the output folder of each project that a PATH belongs to.",
)
def command(
    paths: tuple[str, ...], output: str | None, against: str | None, each: bool, **flags: Any
) -> None:
    """Compare committed output with what build would write.

    Exits with status 0 if they are equal; otherwise prints a unified diff and exits with status 1.
    Writes nothing.
    """
    if [output is not None, against is not None, each].count(True) != 1:
        message = "pass exactly one of -o DIR, --against FILE and --each"
        raise StopError("usage", message)
    is_file = against is not None
    if is_file:
        refuse_companion_flags(flags)
    again = (
        _stale_projects(paths, flags)
        if each
        else _stale_output(paths, flags, str(against if is_file else output), is_file=is_file)
    )
    if again:
        complain(
            f"the committed output is out of date; regenerate it with: jobsetgen build {again}"
        )
        raise StopError("input")


def _stale_projects(paths: tuple[str, ...], flags: dict[str, Any]) -> str:
    """Print the changes; return the arguments of the `build` that fixes them, if any."""
    from jobsetgen.cli.each import render_projects

    stale = [
        each.project
        for each in render_projects(paths, flags)
        if _print_diff(folder_changes(each.compilation, each.output))
    ]
    return shlex.join(["--each", *stale]) if stale else ""


def _stale_output(
    paths: tuple[str, ...], flags: dict[str, Any], output: str, *, is_file: bool
) -> str:
    """Like `_stale_projects`, for one output file or folder."""
    result = compiled(paths, flags)
    stop_on_errors(result)
    stop_on_nothing(result, paths)
    if is_file:
        return f"... > {output}" if _print_diff(file_changes(result, output)) else ""
    return f"-o {output} ..." if _print_diff(folder_changes(result, output)) else ""


def _print_diff(changes: Iterable[str]) -> bool:
    """Print changes as they come; return whether there were any."""
    is_stale = False
    for change in changes:
        is_stale = True
        show(change)
    return is_stale
