"""`jobsetgen explain`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click

from jobsetgen.cli.compiling import compile_options, compiled, stop_on_errors
from jobsetgen.cli.flags import CompileCommand
from jobsetgen.cli.operands import Part, separate_projects, shown
from jobsetgen.cli.printing import give, is_terminal, show, width
from jobsetgen.progress import counted
from jobsetgen.review.explain import as_json, as_text
from jobsetgen.review.summary import Summary, summarize
from jobsetgen.review.terminal import harmless

_EXAMPLES = {
    "Show what a file will run": "jobsetgen explain jobset.yaml",
    "Explain two projects": "jobsetgen explain dev prod",
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
    """Explain what will run: Jobs, pods, images, resources, storage, order and policies.

    Several projects (folders with a jobsetgen.yaml) are explained one after another.
    """
    explained = _explained(separate_projects(paths), flags)
    if form == "json":
        found = [(part.project, each) for part, summaries in explained for each in summaries]
        give([as_json(found)])
        return
    has_several = len(explained) > 1
    blocks = [_text(part, summaries, has_several) for part, summaries in explained]
    show("\n".join(blocks))


def _explained(parts: Sequence[Part], flags: Mapping[str, Any]) -> list[tuple[Part, list[Summary]]]:
    """Compile parts and summarize their sets. Raises StopError if any does not compile."""
    results = [compiled(part.paths, flags) for part in counted("Compiling projects", parts)]
    stop_on_errors(*results)
    summaries = (
        [summarize(expansion, result.settings) for expansion in result.expansions]
        for result in results
    )
    return list(zip(parts, summaries, strict=True))


def _text(part: Part, summaries: Sequence[Summary], has_heading: bool) -> str:
    """Return the explanation of a part; with a heading if there are several."""
    columns = width() if is_terminal() else None
    text = "\n".join(as_text(each, columns) for each in summaries)
    heading = f"{_heading(part)}\n\n" if has_heading else ""
    return heading + (text or "The input contains no JobSets.\n")


def _heading(part: Part) -> str:
    if part.project is None:
        return "Other files"
    return f"Project {harmless(shown(part.project))}"
