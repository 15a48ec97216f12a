"""`jobsetgen explain`."""

from __future__ import annotations

from typing import Any

import click

from jobsetgen.cli.compiling import compile_options, compiled, stop_on_errors
from jobsetgen.cli.flags import CompileCommand
from jobsetgen.cli.printing import give, show
from jobsetgen.review.explain import as_json, as_text
from jobsetgen.review.summary import summarize

_EXAMPLES = {
    "Read what a file will run": "jobsetgen explain jobset.yaml",
    "Explain it as the watcher will run it": "jobsetgen explain --jobs watcher train",
}


@click.command("explain", cls=CompileCommand, examples=_EXAMPLES)
@compile_options
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="text for people, json for programs.",
)
def command(paths: tuple[str, ...], form: str, **flags: Any) -> None:
    """Explain what will run: Jobs, pods, accelerators, images, DNS names, order and policies."""
    result = compiled(paths, flags)
    stop_on_errors(result)
    summaries = [summarize(expansion, result.settings) for expansion in result.expansions]
    if form == "json":
        give([as_json(summaries)])
        return
    show("\n".join(map(as_text, summaries)) or "The input contains no JobSets.\n")
