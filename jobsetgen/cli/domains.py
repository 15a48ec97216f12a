"""`jobsetgen domains`."""

from __future__ import annotations

import click

from jobsetgen import emit
from jobsetgen.cli.exits import Command
from jobsetgen.cli.operands import shown
from jobsetgen.cli.printing import give
from jobsetgen.cli.texts import utf8
from jobsetgen.project.domains import domains_of, read_nodes, summary
from jobsetgen.stop import StopError

_EXAMPLES = {
    "List the node pools of a cluster": (
        "jobsetgen domains --nodes nodes.json --key cloud.google.com/gke-nodepool"
    ),
    "Add the racks to a jobsetgen.yaml that has no placement": (
        "jobsetgen domains --nodes nodes.json --key topology/rack >> jobsetgen.yaml"
    ),
}


@click.command("domains", cls=Command, examples=_EXAMPLES)
@click.option(
    "--nodes",
    required=True,
    metavar="FILE",
    help="The output of `kubectl get nodes -o json`; - for standard input.",
)
@click.option(
    "--key",
    callback=utf8,
    required=True,
    help="The node label that names a node's topology domain.",
)
def command(nodes: str, key: str) -> None:
    """Print the topology domains of a saved node list as the `placement` of a jobsetgen.yaml.

    Domains are in natural order (pool-2 before pool-10); a comment gives the number of nodes of
    each. Cordoned nodes are included, because a cordon is temporary and the list in Git is not.
    """
    counts = domains_of(read_nodes(shown(nodes), _content(nodes)), key)
    if not counts:
        raise StopError("input", f"no node in {shown(nodes)} has the label {key}")
    placement = {"placement": {"strategy": "domains", "domains": {key: list(counts)}}}
    give([f"# {summary(counts)}\n", emit.text(placement)])


def _content(file: str) -> bytes:
    try:
        with click.open_file(file, "rb") as stream:
            content: bytes = stream.read()
            return content
    except OSError as error:
        raise StopError("usage", f"cannot read {file}: {error.strerror}") from error
