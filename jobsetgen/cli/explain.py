"""`jobsetgen explain`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click

from jobsetgen.cli.compiling import (
    compile_options,
    compiled,
    stop_on_errors,
    stop_on_no_jobsets,
)
from jobsetgen.cli.flags import CompileCommand, flag
from jobsetgen.cli.operands import Part, separate_projects, shown
from jobsetgen.cli.printing import give, is_terminal, show, width
from jobsetgen.cli.reports import count_jobsets
from jobsetgen.cli.unread import name_unread
from jobsetgen.pipeline import Compilation
from jobsetgen.progress import counted
from jobsetgen.review.explain import as_data, as_text
from jobsetgen.review.summary import Summary, summarize
from jobsetgen.review.terminal import harmless, json_text

_EXAMPLES = {
    "Show what a file will run": "jobsetgen explain jobset.yaml",
    "See where an overlay's fields come from": "jobsetgen explain --sources prod",
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
@click.option(
    "--sources",
    "with_sources",
    is_flag=True,
    help="Also list the fields that projects changed, with the file and line they come from.",
)
@flag("--allow-empty")
def command(paths: tuple[str, ...], form: str, with_sources: bool, **flags: Any) -> None:
    """Explain what will run: Jobs, pods, images, resources, storage, order and policies.

    Several projects (folders with a jobsetgen.yaml) are explained one after another. Exits with
    status 1 if there is no JobSet.
    """
    parts = separate_projects(paths)
    results = _compiled(parts, flags)
    explained = list(zip(parts, results, strict=True))
    if form == "json":
        give([_json(explained, with_sources)])
    else:
        has_several = len(explained) > 1
        show("\n".join(_text(*each, has_several, with_sources) for each in explained))
        count_jobsets()
        name_unread(paths)
    stop_on_no_jobsets(results, paths)


def _compiled(parts: Sequence[Part], flags: Mapping[str, Any]) -> list[Compilation]:
    """Compile parts. Raises StopError if any does not compile."""
    results = [compiled(part.paths, flags) for part in counted("Compiling projects", parts)]
    stop_on_errors(*results)
    return results


def _summaries(result: Compilation) -> list[Summary]:
    return [summarize(expansion, result.settings) for expansion in result.expansions]


def _json(explained: Sequence[tuple[Part, Compilation]], with_sources: bool) -> str:
    data = as_data(
        (part.project, summary) for part, result in explained for summary in _summaries(result)
    )
    if with_sources:
        from jobsetgen.review.sources import sources
        from jobsetgen.review.sources_report import as_data as sources_data

        data["sources"] = [
            sources_data(each, part.project)
            for part, result in explained
            for each in sources(result)
        ]
    return json_text(data)


def _text(part: Part, result: Compilation, has_heading: bool, with_sources: bool) -> str:
    """Return the explanation of a part; with a heading if there are several."""
    columns = width() if is_terminal() else None
    text = "\n".join(as_text(each, columns) for each in _summaries(result))
    heading = f"{_heading(part)}\n\n" if has_heading else ""
    text = heading + (text or "The input contains no JobSets.\n")
    if not with_sources:
        return text
    from jobsetgen.review import sources_report
    from jobsetgen.review.sources import sources

    return f"{text}\n{sources_report.as_text(sources(result))}"


def _heading(part: Part) -> str:
    if part.project is None:
        return "Other files"
    return f"Project {harmless(shown(part.project))}"
