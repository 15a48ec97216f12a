"""The flags of the option table, as click options and as layers of options."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from jobsetgen.cli.exits import Command
from jobsetgen.cli.printing import can_show_status, show
from jobsetgen.cli.reports import conclude, is_quiet
from jobsetgen.cli.texts import is_text
from jobsetgen.diagnostics import Diagnostic, Place
from jobsetgen.options.row import Option
from jobsetgen.options.table import OPTIONS
from jobsetgen.project.layer import Layer, option_layer
from jobsetgen.stop import StopError

_COMPANION_FLAGS = ("--no-readme", "--no-gitattributes")
_ARGUMENTS = "jobsetgen.arguments"
_EVERY_OPTION = "jobsetgen.every-option"
_Command = TypeVar("_Command", bound=Callable[..., Any])
_Callback = Callable[[click.Context, click.Parameter, Any], Any]


class _Flag(click.Option):
    """A flag of the table. `group` is its heading in the help.

    One that `is_advanced` is listed only by --help-all.
    """

    def __init__(self, *args: Any, row: Option, **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self.group = row.group
        self.is_advanced = row.is_advanced
        self._default = _default_of(row)

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the flag as the help shows it, with its default."""
        record = super().get_help_record(ctx)
        is_listed = ctx.meta.get(_EVERY_OPTION) or not self.is_advanced
        if record is None or not is_listed:
            return None
        return record[0], f"{self.help}{self._default}"


class CompileCommand(Command):
    """A command whose help lists its own options first, then those of the table by group."""

    def __init__(self, *args: Any, **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self.params.append(_help_all())

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments, and keep them as they were written."""
        ctx.meta[_ARGUMENTS] = tuple(args)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command, and end it with the summary of what it has reported."""
        try:
            result = self._show_progress(ctx)
        except click.ClickException:
            conclude()
            raise
        conclude()
        return result

    def _show_progress(self, ctx: click.Context) -> Any:
        """Run the command, and show its progress to whoever watches."""
        if is_quiet() or not can_show_status():
            return super().invoke(ctx)
        from jobsetgen.cli.progress_line import shown_progress

        with shown_progress():
            return super().invoke(ctx)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options of each group."""
        from jobsetgen.cli.help import write_options

        write_options(self.get_params(ctx), _heading, ctx, formatter)


def _help_all() -> click.Option:
    return click.Option(
        ["--help-all"],
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_show_everything,
        help="Also show the options that are usually set in a jobsetgen.yaml.",
    )


def _show_everything(context: click.Context, _parameter: click.Parameter, is_asked: bool) -> None:
    if is_asked and not context.resilient_parsing:
        context.meta[_EVERY_OPTION] = True
        show(f"{context.get_help()}\n")
        context.exit()


def _heading(option: click.Option) -> str:
    from jobsetgen.cli.help import OWN

    return option.group if isinstance(option, _Flag) else OWN


def arguments_of(context: click.Context) -> tuple[str, ...]:
    """Return the arguments of a compiling command as they were written."""
    arguments: tuple[str, ...] = context.meta[_ARGUMENTS]
    return arguments


def shared_flags(command: _Command) -> _Command:
    """Add the flags that every compiling command has."""
    for row in reversed(OPTIONS):
        if row.flag and row.flag.is_shared:
            command = _click_option(row)(command)
    return command


def flag(name: str) -> Callable[[_Command], _Command]:
    """Return a decorator that adds one flag that only some commands have."""
    return _click_option(next(row for row in OPTIONS if row.flag and row.flag.name == name))


def companion_flags(command: _Command) -> _Command:
    """Add the flags about the files beside the manifests of an output folder."""
    for name in reversed(_COMPANION_FLAGS):
        command = flag(name)(command)
    return command


def refuse_companion_flags(values: Mapping[str, Any]) -> None:
    """Raise StopError if one of them was given to a command that uses no output folder."""
    flags = [row.flag for row in OPTIONS if row.flag and row.flag.name in _COMPANION_FLAGS]
    for each in flags:
        if values.get(each.key) is not None:
            raise StopError("usage", f"{each.name} requires -o or --each")


def layers(values: Mapping[str, Any]) -> tuple[list[Layer], list[Diagnostic]]:
    """Return a layer for each flag that was given, and the diagnostics of invalid ones.

    A diagnostic has the flag's name instead of a file. `values` are click's: by parameter name,
    None for a flag that was not given. Raises StopError for values that are not UTF-8.
    """
    found: list[Layer] = []
    diagnostics: list[Diagnostic] = []
    for row in OPTIONS:
        value = values.get(row.flag.key) if row.flag else None
        if row.flag is None or value is None:
            continue
        if not is_text(value):
            raise StopError("usage", f"the value of {row.flag.name} is not UTF-8")
        layer, wrong = option_layer(Place(row.flag.name), row, value)
        found += [layer] if layer else []
        diagnostics += wrong
    return found, diagnostics


def _click_option(row: Option) -> Callable[[_Command], _Command]:
    assert row.flag is not None
    names = [row.flag.short, row.flag.name] if row.flag.short else [row.flag.name]
    return click.option(*names, cls=_Flag, row=row, help=row.flag.help, **_attributes(row))


def _default_of(row: Option) -> str:
    """Return the default as the help shows it, or an empty string."""
    if isinstance(row.default, bool):
        return ""
    default = row.default if isinstance(row.default, int) else row.default or row.default_text
    return f"  [default: {default}]" if default != "" else ""


def _attributes(row: Option) -> dict[str, Any]:
    """Return the click attributes for reading the value."""
    assert row.flag is not None
    kind = row.kind
    if kind.of_texts is not None:
        return {"multiple": True, "metavar": kind.metavar, "callback": _repeated(row)}
    if kind.schema["type"] == "boolean":
        return {"is_flag": True, "flag_value": row.flag.switch, "default": None}
    if kind.schema["type"] == "integer":
        return {"type": _range(kind.schema), "metavar": "INTEGER"}
    if "enum" in kind.schema:
        return {"type": click.Choice(kind.schema["enum"])}
    return {"callback": _checked(row)}


def _range(schema: Mapping[str, Any]) -> click.IntRange:
    if schema.get("format") == "int32":
        return click.IntRange(-(2**31), 2**31 - 1)
    return click.IntRange(schema.get("minimum"), schema.get("maximum"))


def _repeated(row: Option) -> _Callback:
    """Return a callback that parses all values of a repeatable flag; None if there are none."""
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
