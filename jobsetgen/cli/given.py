"""The flags that only a project has: --values, --set, and --root."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click

from jobsetgen.cli.reports import report
from jobsetgen.cli.texts import folder_name, is_text
from jobsetgen.stop import StopError

if TYPE_CHECKING:
    from jobsetgen.overlays.values import Given, Values

VALUES, SET, ROOT = "values", "assignments", "root"
"""The names of the parameters."""

_Command = TypeVar("_Command", bound=Callable[..., Any])


def value_flags(command: _Command) -> _Command:
    """Add the flags to a command."""
    command = click.option(
        "--root",
        ROOT,
        metavar="DIR",
        callback=folder_name,
        help="The folder that contains all files of a project; by default its git work tree.",
    )(command)
    command = click.option(
        "--set",
        SET,
        multiple=True,
        metavar="KEY=VALUE",
        help="Set a value for the templates of the project, such as image.tag=v2; repeatable.",
    )(command)
    return click.option(
        "--values",
        VALUES,
        multiple=True,
        metavar="FILE",
        help="A file of values for the templates of the project; repeatable, the last one wins.",
    )(command)


def given_values(flags: Mapping[str, Any]) -> Given | None:
    """Return what the flags give, or None if neither was passed.

    Raises StopError for a file that cannot be read, and for an invalid assignment.
    """
    files, texts = flags.get(VALUES) or (), flags.get(SET) or ()
    if not files and not texts:
        return None
    # Imported here, because few builds have values.
    from jobsetgen.overlays.assignments import assignment
    from jobsetgen.overlays.values import Given

    if not is_text(list(texts)):
        raise StopError("usage", "the value of --set is not UTF-8")
    try:
        assignments = tuple(assignment(text) for text in texts)
    except ValueError as error:
        raise StopError("usage", f"--set: {error}") from error
    return Given(values=_read_files(files), assignments=assignments)


def _read_files(files: tuple[str, ...]) -> Values:
    """Return the values of files, of which the last wins; report what is wrong and stop."""
    from jobsetgen.cli.operands import content_of, shown
    from jobsetgen.overlays.values import NO_VALUES, merged, read_values
    from jobsetgen.source.text import Source

    values = NO_VALUES
    diagnostics = []
    for file in files:
        found, wrong = read_values(Source(name=shown(file), content=content_of(file)))
        values = merged(values, found)
        diagnostics += wrong
    if diagnostics:
        report(diagnostics)
    if any(item.is_error for item in diagnostics):
        raise StopError("input")
    return values
