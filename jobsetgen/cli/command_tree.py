"""The commands as plain data: what a shell needs to complete them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

import click

from jobsetgen.rules.registry import CODES

ValueKind = Literal["none", "words", "codes", "files", "folders", "text"]

# Kinds of values by the last word of their name in the help, such as FILE or [PATH|-].
_BY_METAVAR: dict[str, ValueKind] = {
    "CODE": "codes",
    "FILE": "files",
    "PATH": "files",
    "DIR": "folders",
}


class Word(NamedTuple):
    """One of the words that a value can be, or the name of a command, with what it means."""

    name: str
    text: str


class Value(NamedTuple):
    """What completes a value: `words`, the codes of diagnostics, names of files or folders.

    Nothing completes free `text`; `none` is the value of a flag, which has none. `label` is its
    name in the help.
    """

    kind: ValueKind
    label: str = ""
    words: tuple[str, ...] = ()


class CompletedOption(NamedTuple):
    """An option with all its names, those with one dash first."""

    names: tuple[str, ...]
    text: str
    value: Value
    is_repeatable: bool


class CompletedCommand(NamedTuple):
    """A command or a group. `path` leads to it from the program, which is the empty path.

    What completes its `arguments` are `commands` if it is a group.
    """

    path: tuple[str, ...]
    commands: tuple[Word, ...]
    options: tuple[CompletedOption, ...]
    arguments: Value

    @property
    def name(self) -> str:
        """Its name behind that of the program, such as `init jax`."""
        return " ".join(self.path)


def all_codes() -> list[Word]:
    """Return the codes of all diagnostics, with their titles."""
    return [Word(code.id, code.title) for code in CODES]


def walk(context: click.Context) -> Iterator[CompletedCommand]:
    """Yield the command of a context, and every command below it; a group comes before its own."""
    below = list(_below(context))
    yield CompletedCommand(
        path=tuple(context.command_path.split()[1:]),
        commands=tuple(Word(str(each.info_name), _summary(each.command)) for each in below),
        options=tuple(_options(context)),
        arguments=_arguments(context),
    )
    for each in below:
        yield from walk(each)


def _below(context: click.Context) -> Iterator[click.Context]:
    """Yield the contexts of the commands of a group."""
    group = context.command
    if not isinstance(group, click.Group):
        return
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is not None and not command.hidden:
            yield click.Context(command, info_name=name, parent=context)


def _options(context: click.Context) -> Iterator[CompletedOption]:
    for param in context.command.get_params(context):
        if isinstance(param, click.Option) and not param.hidden:
            names = [*param.opts, *param.secondary_opts]
            yield CompletedOption(
                names=tuple(sorted(names, key=lambda name: name.startswith("--"))),
                text=_first_sentence(param.help or ""),
                value=Value("none") if param.is_flag else _value(param),
                is_repeatable=param.multiple,
            )


def _arguments(context: click.Context) -> Value:
    """Return what completes the arguments of a command; all of them have the same kind."""
    command = context.command
    if isinstance(command, click.Group):
        return Value("words", "COMMAND", tuple(command.list_commands(context)))
    arguments = [param for param in command.params if isinstance(param, click.Argument)]
    return _value(arguments[0]) if arguments else Value("none")


def _value(param: click.Parameter) -> Value:
    label = param.metavar or (param.name or "").upper()
    if isinstance(param.type, click.Choice):
        return Value("words", label, tuple(map(str, param.type.choices)))
    words = re.findall("[A-Z]+", label)
    return Value(_BY_METAVAR.get(words[-1], "text") if words else "text", label)


def _summary(command: click.Command) -> str:
    return _first_sentence(command.help or "")


def _first_sentence(text: str) -> str:
    """Return the first sentence of a help text on one line, without its full stop."""
    line = " ".join(text.split("\n\n")[0].split())
    return re.split(r"(?<=[.;]) ", line, maxsplit=1)[0].rstrip(".;")
