"""`jobsetgen schema`."""

from __future__ import annotations

import json

import click

from jobsetgen.cli.exits import Command
from jobsetgen.cli.printing import give
from jobsetgen.kubernetes.versions import VERSIONS
from jobsetgen.schema import OWN_KINDS, standalone

_EXAMPLES = {
    "Complete and check JobSets in an editor": "jobsetgen schema > jobset.schema.json",
    "Complete and check a jobsetgen.yaml in an editor": "jobsetgen schema JobSetGenerator > jobsetgen.schema.json",
}


@click.command("schema", cls=Command, examples=_EXAMPLES)
@click.argument("kind", type=click.Choice(tuple(OWN_KINDS), case_sensitive=False), default="JobSet")
@click.option(
    "--kubernetes-version",
    type=click.Choice(VERSIONS),
    default=VERSIONS[-1],
    show_default=True,
    help="The cluster's version.",
)
def command(kind: str, kubernetes_version: str) -> None:
    """Print the self-contained JSON Schema of a kind: JobSet (the default) or JobSetGenerator."""
    schema = standalone(kind, kubernetes_version)
    give([json.dumps(schema, indent=2, ensure_ascii=False), "\n"])
