"""Committed output that is out of date: what regenerating it does, and the command that does it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator, Sequence

import click

from jobsetgen.cli.contents import source_content
from jobsetgen.cli.flags import arguments_of
from jobsetgen.cli.operands import STDIN, anywhere
from jobsetgen.diff import words
from jobsetgen.diff.comparison import compare
from jobsetgen.diff.compiled import compiled_side
from jobsetgen.diff.folding import rendered_side
from jobsetgen.diff.overview import overview
from jobsetgen.diff.sides import Side
from jobsetgen.output.rendered import is_rendered, rendered_texts
from jobsetgen.output.transformers import transformers
from jobsetgen.pipeline import Compilation
from jobsetgen.review.terminal import harmless
from jobsetgen.source.text import Source
from jobsetgen.stop import StopError

_AGAINST = "against"
_NOT_PLAIN = re.compile(rb"[^\w@%+=,./ -]")


def effect(outputs: Sequence[tuple[str, Compilation]], *, is_file: bool) -> str:
    """Return what regenerating output does to running training: the verdict of `jobsetgen diff`.

    `outputs` are folders, or files if `is_file`, each with what `build` would write there. Empty if
    any of what is committed cannot be read as rendered manifests.
    """
    committed_side = _file_side if is_file else _folder_side
    comparisons = []
    for name, compilation in outputs:
        try:
            committed = committed_side(name)
        except StopError:
            return ""
        if committed is None or committed.is_broken:
            return ""
        comparisons.append(compare(committed, compiled_side(compilation, "specs", "")))
    whole = overview(comparisons)
    if whole.kustomized:
        return words.kustomized_headline(whole)
    return words.headline(whole)


def build_command(context: click.Context, paths: Sequence[str]) -> str:
    """Return the `build` that regenerates what a `check` has compared, as it can be pasted.

    It has the flags of the `check`, as they were written, and `paths`.
    """
    parts = ["jobsetgen", "build", *_written_flags(context)]
    if any(path.startswith("-") and path != STDIN for path in paths):
        parts.append("--")
    command = pasted([*parts, *paths])
    file = context.params[_AGAINST]
    return command if file is None else f"{command} > {pasted([file])}"


def pasted(arguments: Iterable[str]) -> str:
    """Return arguments as a shell reads them, on one line and without control characters."""
    return " ".join(map(_quoted, arguments))


def _folder_side(folder: str) -> Side | None:
    """Return what an output folder applies, read file by file; None if it is not ours."""
    files = anywhere(folder)
    if not is_rendered(files):
        return None
    return rendered_side(rendered_texts(files), folder, transformers=[transformers(files)])


def _file_side(name: str) -> Side | None:
    """Return the rendered manifests of a file; None if it holds anything else."""
    # Not as an operand, of which "-" would be standard input.
    files = anywhere(".")
    content = source_content([Source(name=files.shown(name), content=files.read(name))])
    return rendered_side(content.texts, name) if content.kind == "rendered" else None


def _written_flags(context: click.Context) -> Iterator[str]:
    """Yield the flags of a command line with their values, without `--against`."""
    arguments = arguments_of(context)
    parser = context.command.make_parser(context)
    values, _, order = parser.parse_args(list(arguments))
    for flag in dict.fromkeys(order):
        if not isinstance(flag, click.Option) or flag.name == _AGAINST:
            continue
        # Of a short and a long name, the one that was written.
        name = next((each for each in flag.opts if each in arguments), flag.opts[-1])
        if flag.is_flag:
            yield name
        else:
            given = values[flag.name]
            for value in given if flag.multiple else [given]:
                yield from (name, value)


def _quoted(argument: str) -> str:
    """Return an argument in quotes if it needs any.

    What a terminal must not get is escaped as Bash and Zsh read it, between $' and '.
    """
    quoted = shlex.quote(argument)
    if quoted.isprintable() and harmless(quoted) == quoted:
        return quoted
    content = argument.encode("utf-8", "surrogateescape")
    escaped = _NOT_PLAIN.sub(lambda found: b"\\x%02x" % found[0][0], content)
    return f"$'{escaped.decode()}'"
