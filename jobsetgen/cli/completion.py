"""`jobsetgen completion`."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from typing import Any

import click

from jobsetgen.cli.command_tree import CompletedOption, Value, all_codes, walk
from jobsetgen.cli.exits import Command
from jobsetgen.cli.printing import give
from jobsetgen.templating import filled_template

_EXAMPLES = {
    "Enable completion in this shell": 'eval "$(jobsetgen completion bash)"',
    "Save the script for zsh, in a folder of $fpath": "jobsetgen completion zsh > _jobsetgen",
}
_SHELLS = ("bash", "zsh", "fish")


@click.command("completion", cls=Command, examples=_EXAMPLES)
@click.argument("shell", type=click.Choice(_SHELLS))
@click.pass_context
def command(context: click.Context, /, shell: str) -> None:
    """Print a script that completes commands, options and their values in a shell.

    The script is static: completing does not run jobsetgen. Print it again after an upgrade. Zsh
    also loads it from a file named _jobsetgen in a folder of $fpath, and fish from
    ~/.config/fish/completions/jobsetgen.fish.
    """
    give([_script(shell, context.find_root())])


def _script(shell: str, root: click.Context) -> str:
    """Return the script that completes the program of a context."""
    values = {"commands": list(walk(root)), "codes": all_codes()}
    return filled_template(f"completion/jobsetgen.{shell}.j2", values, _FILTERS)


_ZSH_ACTIONS: dict[str, str] = {
    "codes": "_jobsetgen_codes",
    "files": "_files",
    "folders": "_files -/",
    # A blank: nothing completes it.
    "text": " ",
}
_FISH_VALUES: dict[str, str] = {
    "none": "",
    "codes": "-x -a '(__jobsetgen_codes)'",
    "files": "-r -F",
    "folders": "-x -a '(__fish_complete_directories)'",
    "text": "-x",
}


def _zsh_specs(option: CompletedOption) -> Iterator[str]:
    """Yield the specification of each name of an option for zsh's _arguments."""
    excluded = "*" if option.is_repeatable else f"({' '.join(option.names)})"
    for name in option.names:
        text = f"[{_zsh_escape(option.text)}]"
        if option.value.kind == "none":
            yield f"{excluded}{name}{text}"
        else:
            joined = "=" if name.startswith("--") else "+"
            yield f"{excluded}{name}{joined}{text}:{_zsh_value(option.value)}"


def _zsh_value(value: Value) -> str:
    """Return the name of a value and what completes it, as in a specification of _arguments."""
    action = f"({' '.join(value.words)})" if value.words else _ZSH_ACTIONS[value.kind]
    return f"{_zsh_escape(value.label)}:{action}"


def _zsh_escape(text: str) -> str:
    escaped = text.replace("\\", "\\\\")
    for mark in ":[]":
        escaped = escaped.replace(mark, f"\\{mark}")
    return escaped


def _fish_names(option: CompletedOption) -> str:
    """Return the names of an option as arguments of fish's `complete`."""
    flags = (
        ("-l", name[2:]) if name.startswith("--") else ("-s", name[1:]) for name in option.names
    )
    return " ".join(f"{flag} {name}" for flag, name in flags)


def _fish_value(value: Value) -> str:
    """Return what completes a value as arguments of fish's `complete`."""
    if value.words:
        return f"-x -a {_fish_quote(' '.join(value.words))}"
    return _FISH_VALUES[value.kind]


def _fish_quote(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


_FILTERS: dict[str, Callable[..., Any]] = {
    "quote": shlex.quote,
    "zsh_specs": _zsh_specs,
    "zsh_value": _zsh_value,
    "fish_names": _fish_names,
    "fish_value": _fish_value,
    "fish_quote": _fish_quote,
}
