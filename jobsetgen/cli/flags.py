"""The flags of the table of options, as click has them, and as layers of the project."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from jobsetgen.diagnostics import Diagnostic
from jobsetgen.model.project import Project, layer
from jobsetgen.options.row import Option
from jobsetgen.options.table import OPTIONS

_Command = TypeVar("_Command", bound=Callable[..., Any])
_Callback = Callable[[click.Context, click.Parameter, Any], Any]


def shared_flags(command: _Command) -> _Command:
    """Add the flags that every command has that compiles."""
    for row in reversed(OPTIONS):
        if row.flag and row.flag.is_shared:
            command = _click_option(row)(command)
    return command


def flag(name: str) -> Callable[[_Command], _Command]:
    """Return what adds one flag, which few commands have."""
    return _click_option(next(row for row in OPTIONS if row.flag and row.flag.name == name))


def layers(values: Mapping[str, Any], place: str = "") -> tuple[tuple[Project, ...], tuple[Diagnostic, ...]]:
    """Return what flags choose, each as a project with the flag in the place of its file, and what is wrong with any.

    `values` has them as click does: by the name of the parameter, and None where the flag is not given. Where they do
    not come from flags, `place` says from where.
    """
    found: list[Project] = []
    diagnostics: list[Diagnostic] = []
    for row in OPTIONS:
        if row.flag is None or (value := values.get(row.flag.key)) is None:
            continue
        project, wrong = layer(place or row.flag.name, row, value)
        found += [project] if project else []
        diagnostics += wrong
    return tuple(found), tuple(diagnostics)


def _click_option(row: Option) -> Callable[[_Command], _Command]:
    assert row.flag is not None
    names = [row.flag.short, row.flag.name] if row.flag.short else [row.flag.name]
    return click.option(*names, help=row.flag.help.format(default=row.default), **_attributes(row))


def _attributes(row: Option) -> dict[str, Any]:
    """Return how click reads the value."""
    kind = row.kind
    if kind.of_texts is not None:
        return {"multiple": True, "metavar": kind.metavar, "callback": _repeated(row)}
    if kind.schema["type"] == "boolean":
        return {"is_flag": True, "default": None}
    if kind.schema["type"] == "integer":
        return {"type": _range(kind.schema)}
    if "enum" in kind.schema:
        return {"type": click.Choice(kind.schema["enum"])}
    return {"callback": _checked(row)}


def _range(schema: Mapping[str, Any]) -> click.IntRange:
    if schema.get("format") == "int32":
        return click.IntRange(-(2**31), 2**31 - 1)
    return click.IntRange(min=schema.get("minimum"))


def _repeated(row: Option) -> _Callback:
    """Return a callback that reads the texts of a flag together; where there is none the value is None."""
    of_texts = row.kind.of_texts
    assert of_texts is not None

    def read(_context: click.Context, _parameter: click.Parameter, texts: tuple[str, ...]) -> Any:
        try:
            return of_texts(texts) if texts else None
        except ValueError as error:
            raise click.BadParameter(str(error)) from error

    return read


def _checked(row: Option) -> _Callback | None:
    refused = row.flag.refused if row.flag else None
    if refused is None:
        return None

    def check(_context: click.Context, _parameter: click.Parameter, text: str | None) -> str | None:
        if text is not None and (reason := refused(text)):
            raise click.BadParameter(reason)
        return text

    return check
