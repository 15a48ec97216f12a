"""Report diagnostics on standard error: as text, or at a terminal with source and a summary."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from jobsetgen.cli import printing
from jobsetgen.cli.printing import COLORS, Color
from jobsetgen.diagnostics import Diagnostic, in_order
from jobsetgen.pipeline import Compilation
from jobsetgen.source.text import Source

if TYPE_CHECKING:
    from jobsetgen.review.on_terminal import Screen

_REPORTS = "jobsetgen.reports"
_Command = TypeVar("_Command", bound=Callable[..., Any])


# Not a dataclass: every build creates this class, and a dataclass takes several times as long.
class _Reports:
    """How a command reports, and what it has reported: the basis of the summary."""

    def __init__(self) -> None:
        self.color: Color = "auto"
        self.is_quiet = False
        self.diagnostics: list[Diagnostic] = []
        self.files: set[str] = set()
        self.jobsets = 0
        self.has_summary = False
        self.is_counted = False


def reporting_options(command: _Command) -> _Command:
    """Add the options about what is reported, and in which form."""
    command = click.option(
        "--color",
        type=click.Choice(COLORS),
        default="auto",
        show_default=True,
        expose_value=False,
        callback=_set_color,
        help="When to color text and show the source of diagnostics. auto: only at a terminal.",
    )(command)
    return click.option(
        "-q",
        "--quiet",
        is_flag=True,
        expose_value=False,
        callback=_set_quiet,
        help="Report only errors, not warnings or notices.",
    )(command)


def _set_color(context: click.Context, _parameter: click.Parameter, color: Color) -> None:
    _reports(context).color = color


def _set_quiet(context: click.Context, _parameter: click.Parameter, is_quiet: bool) -> None:
    _reports(context).is_quiet = is_quiet


def _reports(context: click.Context | None = None) -> _Reports:
    """Return the reports of the command that is running."""
    context = context or click.get_current_context(silent=True)
    if context is None:
        return _Reports()
    found: _Reports = context.meta.setdefault(_REPORTS, _Reports())
    return found


def is_quiet() -> bool:
    """Whether a command reports errors only."""
    return _reports().is_quiet


def is_colored_output() -> bool:
    """Whether a command colors what it prints on standard output."""
    return printing.is_colored("stdout", _reports().color)


def heard(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return the diagnostics that a command reports: with --quiet only errors."""
    return [item for item in diagnostics if item.is_error or not is_quiet()]


def report(
    diagnostics: Iterable[Diagnostic], sources: Iterable[Source] = (), jobsets: int = 0
) -> None:
    """Print diagnostics on standard error.

    `sources` are the files that they are in; `jobsets` is the number of JobSets in these files.
    """
    reports = _reports()
    found = heard(diagnostics)
    contents = list(sources)
    reports.files |= {each.name for each in contents}
    reports.jobsets += jobsets
    reports.diagnostics += found
    if not found:
        return
    if not printing.is_for_people(reports.color):
        from jobsetgen.review.reporters import as_text

        printing.report(as_text(found))
        return
    from jobsetgen.review.on_terminal import as_blocks
    from jobsetgen.review.source_lines import SourceLines

    reports.has_summary = True
    printing.report_painted(as_blocks(found, SourceLines(contents), _screen(reports)))


def report_compiled(results: Sequence[Compilation]) -> None:
    """Print the diagnostics of compilations on standard error."""
    report(
        in_order(item for each in results for item in each.diagnostics),
        itertools.chain.from_iterable(each.sources for each in results),
        sum(each.jobset_count for each in results),
    )


def count_jobsets() -> None:
    """Let the command end with the number of JobSets that it has read; not with --quiet."""
    reports = _reports()
    reports.is_counted = not reports.is_quiet
    reports.has_summary = reports.has_summary or reports.is_counted


def conclude() -> None:
    """Print the summary of what a command has reported, as the last line.

    Where it is not for people, there is one only if JobSets are counted and there are no errors.
    """
    reports = _reports()
    is_for_people = printing.is_for_people(reports.color)
    is_plain = reports.is_counted and not any(item.is_error for item in reports.diagnostics)
    if not reports.has_summary or not (is_for_people or is_plain):
        return
    from jobsetgen.review.on_terminal import Screen, summary_line

    printing.finish()
    screen = _screen(reports) if is_for_people else Screen(width=0, is_colored=False)
    jobsets = reports.jobsets if reports.jobsets or is_plain else None
    text = summary_line(reports.diagnostics, len(reports.files), jobsets, screen)
    if is_for_people:
        printing.report_painted(text)
    else:
        printing.complain(text.rstrip("\n"))


def _screen(reports: _Reports) -> Screen:
    from jobsetgen.review.on_terminal import Screen

    is_colored = printing.is_colored("stderr", reports.color)
    return Screen(width=printing.width(), is_colored=is_colored)
