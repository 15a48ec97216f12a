"""`jobsetgen krm`."""

from __future__ import annotations

import sys

import click

from jobsetgen.cli.exits import Command
from jobsetgen.cli.printing import give, report
from jobsetgen.frontends.krm.function import answer
from jobsetgen.source.text import MAX_BYTES
from jobsetgen.stop import StopError

_EXAMPLES = {
    "Transform a list": "jobsetgen krm < list.yaml > expanded.yaml",
    "Print only the diagnostics": "jobsetgen krm < list.yaml > /dev/null",
}


@click.command("krm", cls=Command, examples=_EXAMPLES)
def command() -> None:
    """Replace the JobSets of a ResourceList on standard input with their expansions (KRM function).

    The functionConfig is a JobSetGenerator, or a ConfigMap that contains the fields of one.
    Diagnostics are returned as results. If there is an error, the items are unchanged and the exit
    status is 1.
    """
    found = answer(sys.stdin.buffer.read(MAX_BYTES + 1))
    report(found.words)
    give(found.output)
    if not found.is_ok:
        raise StopError("input")
