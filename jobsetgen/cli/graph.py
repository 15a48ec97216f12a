"""`jobsetgen graph`."""

from __future__ import annotations

from typing import Any

import click

from jobsetgen.cli.compiling import compile_options, compiled, stop_on_errors
from jobsetgen.cli.flags import CompileCommand
from jobsetgen.cli.printing import complain, give
from jobsetgen.review.picture import picture
from jobsetgen.review.summary import summarize

_EXAMPLES = {
    "Draw the sets of a project": "jobsetgen graph train",
    "Save the picture of one file": "jobsetgen graph jobset.yaml > jobset.mmd",
}


@click.command("graph", cls=CompileCommand, examples=_EXAMPLES)
@compile_options
@click.option(
    "--format",
    "form",
    type=click.Choice(("mermaid",)),
    default="mermaid",
    show_default=True,
    help="The language of the picture.",
)
def command(paths: tuple[str, ...], form: str, **flags: Any) -> None:
    """Draw what will run: a Mermaid flowchart for each JobSet.

    Boxes are replicatedJobs with their Jobs; solid arrows are the startup order. GitHub and GitLab
    render the picture if it is in a `mermaid` code block of Markdown. Pictures of several JobSets are
    separated by an empty line.
    """
    result = compiled(paths, flags)
    stop_on_errors(result)
    if not result.expansions:
        complain("the input contains no JobSets")
        return
    summaries = (summarize(expansion, result.settings) for expansion in result.expansions)
    give(["\n".join(map(picture, summaries))])
