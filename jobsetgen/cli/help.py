"""The parts of a help text: options by group, commands by group, examples."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import click

OWN = "Options"
"""The heading of a command's own options."""

Examples = Mapping[str, str]
"""Command lines that help shows, by what they do."""


def write_options(
    options: Iterable[click.Parameter],
    group_of: Callable[[click.Option], str],
    context: click.Context,
    formatter: click.HelpFormatter,
) -> None:
    """Write options under the heading of each group; the command's own come first."""
    groups: dict[str, list[tuple[str, str]]] = {OWN: []}
    for option in options:
        record = option.get_help_record(context) if isinstance(option, click.Option) else None
        if record is not None:
            assert isinstance(option, click.Option)
            groups.setdefault(group_of(option), []).append(record)
    for heading, records in groups.items():
        with formatter.section(heading):
            formatter.write_dl(records)


def write_commands(groups: Mapping[str, Mapping[str, str]], formatter: click.HelpFormatter) -> None:
    """Write commands with their texts under the heading of each group, in one column."""
    width = max(len(name) for commands in groups.values() for name in commands)
    for heading, commands in groups.items():
        rows: Sequence[tuple[str, str]] = [(f"{name:{width}}", commands[name]) for name in commands]
        with formatter.section(heading):
            formatter.write_dl(rows)


def write_examples(examples: Examples, formatter: click.HelpFormatter) -> None:
    """Write each example on one line below what it does."""
    if not examples:
        return
    with formatter.section("Examples"):
        for purpose, line in examples.items():
            _write_line(f"{purpose}:", formatter)
            with formatter.indentation():
                _write_line(line, formatter)


def _write_line(line: str, formatter: click.HelpFormatter) -> None:
    formatter.write(f"{'':{formatter.current_indent}}{line}\n")
