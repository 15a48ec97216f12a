"""`jobsetgen check`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

import click

from jobsetgen.cli.compiling import (
    compile_options,
    compiled,
    stop_on_errors,
    stop_on_nothing,
)
from jobsetgen.cli.flags import (
    CompileCommand,
    companion_flags,
    flag,
    refuse_companion_flags,
)
from jobsetgen.cli.operands import STDIN
from jobsetgen.cli.printing import complain, finish, show
from jobsetgen.cli.texts import folder_name
from jobsetgen.output.stale import file_changes, folder_changes
from jobsetgen.pipeline import Compilation, with_previews
from jobsetgen.stop import StopError

_EXAMPLES = {
    "Fail if a committed folder is out of date": "jobsetgen check -o rendered jobset.yaml",
    "Check every project in this folder and below": "jobsetgen check --each",
}


@click.command("check", cls=CompileCommand, examples=_EXAMPLES)
@compile_options
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    callback=folder_name,
    help="The output folder of `build -o`.",
)
@click.option("--against", metavar="FILE", help="The file with the output of `build`.")
@flag("--target")
@flag("--allow-empty")
@companion_flags
@click.option(
    "--each",
    is_flag=True,
    help="Compare the output folder of each project that a PATH belongs to or contains.",
)
@click.pass_context
def command(
    context: click.Context,
    /,
    paths: tuple[str, ...],
    output: str | None,
    against: str | None,
    each: bool,
    **flags: Any,
) -> None:
    """Compare committed output with what build would write.

    Exits with status 0 if they are equal. Otherwise prints a unified diff and exits with status 1;
    standard error has the command that regenerates the output, and what applying it does to running
    training. Changes no files.
    """
    if [output is not None, against is not None, each].count(True) != 1:
        message = "pass exactly one of -o DIR, --against FILE and --each"
        raise StopError("usage", message)
    if against is not None:
        refuse_companion_flags(flags)
    if each:
        _check_projects(context, paths, flags)
    else:
        _check_output(context, paths, flags, str(output if against is None else against))


def _check_projects(context: click.Context, paths: Sequence[str], flags: dict[str, Any]) -> None:
    from jobsetgen.cli.each import render_projects

    outdated = [
        each
        for each in render_projects(paths, flags)
        if _print_diff(folder_changes(each.compilation, each.output, each.project))
    ]
    if outdated:
        projects = [each.project for each in outdated]
        _stop(context, projects, [(each.output, each.compilation) for each in outdated])


def _check_output(
    context: click.Context, paths: tuple[str, ...], flags: dict[str, Any], output: str
) -> None:
    """Compare one output file or folder."""
    is_file = context.params["against"] is not None
    result = compiled(paths, flags)
    if not is_file:
        result = with_previews(result)
    stop_on_errors(result)
    stop_on_nothing(result, paths)
    compare = file_changes if is_file else folder_changes
    if _print_diff(compare(result, output)):
        _stop(context, paths, [(output, result)])


def _print_diff(changes: Iterable[str]) -> bool:
    """Print changes as they come; return whether there were any."""
    is_outdated = False
    for change in changes:
        is_outdated = True
        show(change)
    return is_outdated


def _stop(
    context: click.Context, paths: Sequence[str], outputs: Sequence[tuple[str, Compilation]]
) -> NoReturn:
    """Raise StopError, after saying how to regenerate outputs, and what that does.

    `paths` are those that the `build` compiles.
    """
    # A check that finds nothing needs none of it.
    from jobsetgen.cli.outdated import build_command, effect

    finish()
    command = build_command(context, paths)
    complain(f"the committed output is out of date; regenerate it{_source(paths)} with: {command}")
    found = effect(outputs, is_file=context.params["against"] is not None)
    if found:
        complain(f"effect of the regenerated output: {found}")
    raise StopError("input")


def _source(paths: Sequence[str]) -> str:
    return " from the same standard input" if STDIN in paths else ""
