"""`jobsetgen explain`."""

from __future__ import annotations

from typing import Any

import click

from jobsetgen.cli.compiling import compile_options, compiled, stop_on_errors
from jobsetgen.cli.flags import CompileCommand
from jobsetgen.cli.printing import show
from jobsetgen.review.explain import explain


@click.command("explain", cls=CompileCommand)
@compile_options
def command(paths: tuple[str, ...], **flags: Any) -> None:
    """Tell what will run: Jobs, pods, accelerators, DNS names, placement, start order, restart rules."""
    result = compiled(paths, flags)
    stop_on_errors(result)
    texts = [explain(expansion, result.settings) for expansion in result.expansions]
    show("\n".join(texts) or "The input holds no JobSet.\n")
