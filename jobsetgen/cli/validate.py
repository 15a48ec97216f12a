"""`jobsetgen validate`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from jobsetgen.cli.compiling import compile_options, compiled, stop_on_no_jobsets
from jobsetgen.cli.each import governed
from jobsetgen.cli.flags import CompileCommand, flag
from jobsetgen.cli.printing import give
from jobsetgen.cli.reports import count_jobsets, heard, report_compiled
from jobsetgen.cli.unread import name_unread
from jobsetgen.diagnostics import Diagnostic, in_order
from jobsetgen.pipeline import Compilation
from jobsetgen.review.reporters import REPORTERS
from jobsetgen.stop import StopError

_EXAMPLES = {
    "Find all problems of a project": "jobsetgen validate train",
    "Annotate the lines of a pull request": "jobsetgen validate --format github --each train",
}


@click.command("validate", cls=CompileCommand, examples=_EXAMPLES)
@compile_options
@click.option(
    "--format",
    "form",
    type=click.Choice(tuple(REPORTERS)),
    default="text",
    show_default=True,
    help="text goes to standard error; json, github and sarif to standard output.",
)
@flag("--allow-empty")
@click.option(
    "--each",
    is_flag=True,
    help="Validate each PATH on its own: for a file of a project, the project; for a folder, also"
    " the projects below it.",
)
def command(paths: tuple[str, ...], form: str, each: bool, **flags: Any) -> None:
    """Report every error, warning and notice in the input; write no output.

    Exits with status 1 if there is an error or, without --each, no JobSet. `jobsetgen rule CODE`
    explains a code.
    """
    projects = governed(paths) if each else []
    inputs = [(path,) for path in projects] if each else [paths]
    results = [compiled(part, flags) for part in inputs]
    if form == "text":
        report_compiled(results)
        count_jobsets()
        name_unread(paths, [path for path in projects if path not in paths])
    else:
        give([REPORTERS[form](heard(_diagnostics(results, form)))])
    if not all(result.ok for result in results):
        raise StopError("input")
    if not each:
        stop_on_no_jobsets(results, paths)


def _diagnostics(results: Sequence[Compilation], form: str) -> list[Diagnostic]:
    """Return the diagnostics of results; for SARIF also those that options ignore."""
    found = [item for result in results for item in result.diagnostics]
    if form == "sarif":
        found += [item for result in results for item in result.suppressed]
    return in_order(found)
