"""`jobsetgen validate`."""

from __future__ import annotations

from typing import Any

import click

from jobsetgen.cli.compiling import compile_options, compiled, report
from jobsetgen.cli.each import governed
from jobsetgen.cli.flags import CompileCommand
from jobsetgen.cli.printing import give
from jobsetgen.diagnostics import in_order
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
@click.option(
    "--each",
    is_flag=True,
    help="Validate each PATH separately; for a file of a project, validate the whole project.",
)
def command(paths: tuple[str, ...], form: str, each: bool, **flags: Any) -> None:
    """Report every error, warning and notice in the input; write no output.

    Exits with status 1 if there is an error. `jobsetgen rule CODE` explains a code.
    """
    inputs = [(path,) for path in governed(paths)] if each else [paths]
    diagnostics = in_order(item for part in inputs for item in compiled(part, flags).diagnostics)
    if form == "text":
        report(diagnostics)
    else:
        give([REPORTERS[form](diagnostics)])
    if any(item.is_error for item in diagnostics):
        raise StopError("input")
