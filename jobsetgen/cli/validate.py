"""`jobsetgen validate`."""

from __future__ import annotations

import sys
from typing import Any

import click

from jobsetgen.cli.options import compile_options, compiled, report
from jobsetgen.review.reporters import REPORTERS


@click.command("validate")
@compile_options
@click.option(
    "--format",
    "form",
    type=click.Choice(tuple(REPORTERS)),
    default="text",
    help="text goes to standard error; json, github and sarif to standard output.",
)
def command(paths: tuple[str, ...], form: str, **flags: Any) -> None:
    """Show everything that is wrong or unwise in the input, and write no output.

    Exit status 1 when there is an error.
    """
    result = compiled(paths, flags)
    if form == "text":
        report(result.diagnostics)
    else:
        sys.stdout.write(REPORTERS[form](result.diagnostics))
    if not result.ok:
        sys.exit(1)
