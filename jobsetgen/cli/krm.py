"""`jobsetgen krm`."""

from __future__ import annotations

import sys

import click

from jobsetgen.cli.options import report, with_projects
from jobsetgen.frontends import krm
from jobsetgen.model.settings import Settings
from jobsetgen.pipeline import compile_documents
from jobsetgen.source.loader import MAX_BYTES


@click.command("krm")
def command() -> None:
    """Replace the JobSets of a ResourceList on standard input by their expansion, as a KRM function does.

    The functionConfig is a JobSetGenerator, or a ConfigMap with its fields. What is wrong stands in the results, and
    with an error the items come out as they went in, with exit status 1.
    """
    resources, problems = krm.read(sys.stdin.buffer.read(MAX_BYTES + 1))
    if resources is None:
        report(problems)
        sys.exit(1)
    project, wrong = krm.options(resources)
    compilation = compile_documents(resources.items, project.settings() if project else Settings())
    compilation = with_projects(compilation, [project] if project else [], [*problems, *wrong])
    found = krm.results(resources, compilation.diagnostics)
    sys.stderr.write(krm.as_text(found))
    items = krm.replaced(resources, compilation) if compilation.ok else [each.data for each in resources.items]
    sys.stdout.writelines(list(krm.written(resources, items, found)))  # all of it, or nothing
    if not compilation.ok:
        sys.exit(1)
