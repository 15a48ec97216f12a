"""`jobsetgen krm`."""

from __future__ import annotations

import sys

import click

from jobsetgen.cli.exits import Command
from jobsetgen.cli.options import report, with_projects
from jobsetgen.frontends.krm.options import options
from jobsetgen.frontends.krm.renamed import renamed_later
from jobsetgen.frontends.krm.replaced import replaced
from jobsetgen.frontends.krm.resources import concerned, read, written
from jobsetgen.frontends.krm.results import as_text, results
from jobsetgen.options.table import Settings
from jobsetgen.pipeline import compile_documents
from jobsetgen.source.text import MAX_BYTES
from jobsetgen.stop import StopError


@click.command("krm", cls=Command)
def command() -> None:
    """Replace the JobSets of a ResourceList on standard input by their expansion, as a KRM function does.

    The functionConfig is a JobSetGenerator, or a ConfigMap with its fields. What is wrong stands in
    the results, and with an error the items come out as they went in, with exit status 1.
    """
    resources, problems = read(sys.stdin.buffer.read(MAX_BYTES + 1))
    if resources is None:
        report(problems)
        raise StopError("input")
    project, wrong = options(resources)
    compilation = compile_documents(
        concerned(resources), project.settings() if project else Settings()
    )
    found = [*problems, *wrong, *renamed_later(resources, compilation)]
    compilation = with_projects(compilation, [project] if project else [], found)
    told = results(resources, compilation.diagnostics)
    sys.stderr.write(as_text(told))
    items = (
        replaced(resources, compilation)
        if compilation.ok
        else [each.data for each in resources.items]
    )
    sys.stdout.writelines(list(written(resources, items, told)))  # all of it, or nothing
    if not compilation.ok:
        raise StopError("input")
