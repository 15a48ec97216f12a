"""`jobsetgen diff`."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any, TypedDict

import click

from jobsetgen.cli.compiling import compare_options, with_flags
from jobsetgen.cli.delivery import deliveries_between
from jobsetgen.cli.flags import CompileCommand, flag
from jobsetgen.cli.outdated import pasted
from jobsetgen.cli.printing import give, width
from jobsetgen.cli.reports import is_colored_output, report
from jobsetgen.cli.sides import Operand, Pair, read_pairs
from jobsetgen.cli.unread import folders_below
from jobsetgen.diagnostics import Diagnostic, in_order
from jobsetgen.diff.as_json import as_json
from jobsetgen.diff.as_markdown import as_markdown
from jobsetgen.diff.as_text import as_text
from jobsetgen.diff.changes import Comparison
from jobsetgen.diff.comparison import compare
from jobsetgen.diff.compiled import compiled_side
from jobsetgen.diff.consequences import IDS, UNKNOWN, worst
from jobsetgen.diff.delivery import DeliveryChange
from jobsetgen.diff.folding import rendered_side
from jobsetgen.diff.prices import Prices, read_prices
from jobsetgen.diff.scripts import Scripts
from jobsetgen.diff.sides import Side
from jobsetgen.pipeline import compile_inputs
from jobsetgen.project.changed_files import States
from jobsetgen.source.text import Source
from jobsetgen.stop import StopError
from jobsetgen.words import listed_first

_MOST_CHARACTERS = 65_000
"""What fits into a comment on GitHub."""


_MOST_FOLDERS = 5
_NOTHING = (
    "there is nothing to compare on either side; pass the folder of the manifests, or --base REV"
    " --each to compare every project in this folder and below"
)


class _More(TypedDict):
    """What every format is given besides the comparisons."""

    prices: Prices | None
    deliveries: Sequence[DeliveryChange]


def _ids(_context: click.Context, _parameter: click.Parameter, text: str | None) -> tuple[str, ...]:
    """Return the consequences that a list names."""
    names = tuple(name.strip() for name in (text or "").split(",") if name.strip())
    possible = (UNKNOWN, *IDS)
    strange = [name for name in names if name not in possible]
    if strange:
        raise click.BadParameter(f"'{strange[0]}' is not one of {', '.join(possible)}")
    return names


_EXAMPLES = {
    "Review uncommitted changes": "jobsetgen diff train",
    "Fail if a branch would delete data": (
        "jobsetgen diff --base main --each --fail-on deletes-data"
    ),
}


@click.command("diff", cls=CompileCommand, examples=_EXAMPLES)
@compare_options
@click.option(
    "--base", metavar="REV", help="Compare with the merge base of REV and HEAD (or --head)."
)
@click.option("--head", metavar="REV", help="Use this commit as NEW instead of the working tree.")
@click.option(
    "--each", is_flag=True, help="Compare each project that a PATH belongs to or contains."
)
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(("text", "markdown", "json")),
    default="text",
    show_default=True,
    help="text for terminals, markdown for a comment, json for programs.",
)
@click.option(
    "--max-chars",
    type=click.IntRange(min=1_000),
    default=_MOST_CHARACTERS,
    show_default=True,
    help="Maximum length of the Markdown; the least severe changes are left out first.",
)
@click.option(
    "--prices",
    metavar="FILE",
    help="YAML file with hourly prices of accelerators, such as nvidia.com/gpu: 2.5.",
)
@flag("--target")
@click.option("--exit-code", is_flag=True, help="Exit with status 4 if anything differs.")
@click.option(
    "--fail-on",
    metavar="IDS",
    callback=_ids,
    help="Exit with status 4 if a consequence in this list occurs: deletes-data,sync-fails,...",
)
def command(
    paths: tuple[str, ...],
    base: str | None,
    head: str | None,
    each: bool,
    form: str,
    max_chars: int,
    prices: str | None,
    exit_code: bool,
    fail_on: Sequence[str],
    **flags: Any,
) -> None:
    """Compare two states of the same sets, and say what the change does to running training.

    Pass OLD and NEW: each a file, a folder, git:REV[:PATH], or - for standard input. With one PATH,
    OLD is that path in the commit HEAD. With --base, each PATH is compared with itself in the merge
    base. Specs are compiled; rendered folders are read as they are. By default, exits with status 0
    even if there are differences.
    """
    known = _prices(prices)
    pairs = read_pairs(paths, base=base, head=head, each=each)
    found, states = _compared(pairs, flags)
    if not any(map(_has_anything, found)):
        raise StopError("usage", f"{_NOTHING}{_folders_below(paths)}")
    deliveries = deliveries_between(states) if states else ()
    more: _More = {"prices": known, "deliveries": deliveries}
    if form == "json":
        give([as_json(found, _verdict(found, deliveries), **more)])
    elif form == "markdown":
        give([as_markdown(found, max_chars=max_chars, command=_command(), **more)])
    else:
        # Escaped by the format itself, or the colors would be escaped as well.
        give([as_text(found, width=width(), color=is_colored_output(), **more)])
    _stop_on(_occurring(found, deliveries), fail_on, exit_code)


def _folders_below(paths: Sequence[str]) -> str:
    """Return the folders with manifests below the paths, which a comparison does not read."""
    found = [name for path in paths or ["."] for name in folders_below(path)]
    if not found:
        return ""
    return f" (not read: {listed_first(found[:_MOST_FOLDERS], len(found))})"


def _has_anything(comparison: Comparison) -> bool:
    """Whether any side has an object, or cannot be read."""
    sides = (comparison.old, comparison.new)
    return any(side.sets or side.pass_through or side.is_broken for side in sides)


def _compared(
    pairs: Iterable[Pair], flags: dict[str, Any]
) -> tuple[list[Comparison], States | None]:
    """Compare the sides of each pair; return also the states of the repository that all are in.

    Raises StopError if any new side does not compile.
    """
    found: list[Comparison] = []
    states: States | None = None
    broken: list[Diagnostic] = []
    sources: list[Source] = []
    scripts = Scripts()
    for pair in pairs:
        states = pair.states
        new = _side(pair.new, flags, scripts)
        if new.is_broken:
            broken += new.diagnostics
            sources += pair.new.content.sources
        else:
            found.append(compare(_side(pair.old, flags, scripts), new))
    if broken:
        report(in_order(broken), sources)
        raise StopError("input")
    return found, states


def _side(operand: Operand, flags: dict[str, Any], scripts: Scripts) -> Side:
    """Return one side, compiled or as it was rendered."""
    content = operand.content
    if content.kind == "nothing":
        return Side(kind="nothing", label=operand.label, revision=operand.revision)
    if content.kind == "rendered":
        about = (operand.label, operand.revision, content.transformers)
        return rendered_side(content.texts, *about, scripts=scripts)
    result = compile_inputs(with_flags(content.inputs, flags))
    return compiled_side(result, content.kind, operand.label, operand.revision)


def _verdict(found: Sequence[Comparison], deliveries: Sequence[DeliveryChange]) -> str:
    verdicts = [each.verdict for each in found]
    return UNKNOWN if deliveries or UNKNOWN in verdicts else worst(verdicts)


def _occurring(found: Sequence[Comparison], deliveries: Sequence[DeliveryChange]) -> set[str]:
    """Return all consequences of some comparisons."""
    occurring = {consequence for each in found for consequence in _consequences(each)}
    return occurring | ({UNKNOWN} if deliveries else set())


def _stop_on(occurring: Collection[str], fail_on: Sequence[str], exit_code: bool) -> None:
    """Raise StopError if there is what the flags ask to fail on."""
    wanted = [each for each in (UNKNOWN, *IDS) if each in occurring and each in fail_on]
    if wanted:
        raise StopError("different", f"--fail-on matches: {', '.join(wanted)}")
    if exit_code and occurring:
        raise StopError("different")


def _consequences(comparison: Comparison) -> set[str]:
    """Return all consequences of a comparison, not only the worst of each set."""
    found = {change.consequence for each in comparison.sets for change in each.changes}
    found |= {change.consequence for change in comparison.pass_through}
    return found | ({UNKNOWN} if comparison.verdict == UNKNOWN else set())


def _prices(path: str | None) -> Prices | None:
    if path is None:
        return None
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise StopError("usage", f"cannot read {path}: {error.strerror}") from error
    return read_prices(path, content)


def _command() -> str:
    """Return the command line, as it can be pasted."""
    return pasted(["jobsetgen", *sys.argv[1:]])
