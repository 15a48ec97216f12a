"""`jobsetgen domains`."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from jobsetgen import emit
from jobsetgen.cli.exits import Command
from jobsetgen.cli.inputs import shown
from jobsetgen.plain import mapping
from jobsetgen.stop import StopError


@click.command("domains", cls=Command)
@click.option(
    "--nodes",
    required=True,
    metavar="FILE",
    help="What `kubectl get nodes -o json` printed; - is standard input.",
)
@click.option("--key", required=True, help="The node label that names a node's topology domain.")
def command(nodes: str, key: str) -> None:
    """List the topology domains of a saved node list, as `placement` of a jobsetgen.yaml.

    Domains come in natural order (pool-2 before pool-10); a comment tells how many nodes they have.
    Nodes that are cordoned count, as a list in Git is for longer than that.
    """
    counts: dict[str, int] = {}
    for node in _nodes(nodes):
        domain = mapping(mapping(node, "metadata"), "labels").get(key)
        if isinstance(domain, str):
            counts[domain] = counts.get(domain, 0) + 1
    if not counts:
        raise StopError("input", f"no node in {shown(nodes)} has the label {key}")
    names = sorted(counts, key=_natural)
    placement = {"placement": {"strategy": "domains", "domains": {key: names}}}
    sys.stdout.write(f"# {_summary(counts)}\n{emit.text(placement)}")


def _nodes(file: str) -> list[dict[str, Any]]:
    try:
        with click.open_file(file, "rb") as stream:
            data = json.load(stream)
    except OSError as error:
        raise StopError("usage", f"cannot read {file}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        line, column = getattr(error, "lineno", 1), getattr(error, "colno", 1)
        raise StopError(
            "input",
            f"{shown(file)}:{line}:{column}: this is not JSON; save it by: kubectl get nodes -o json",
        ) from error
    items = data.get("items", [data]) if isinstance(data, dict) else data
    if not isinstance(items, list) or not all(
        isinstance(item, dict) and item.get("kind") == "Node" for item in items
    ):
        raise StopError(
            "input",
            f"{shown(file)}:1:1: this is no list of nodes; save it by: kubectl get nodes -o json",
        )
    return items


def _natural(name: str) -> list[tuple[int, int, str]]:
    """Return a sort key under which numbers inside of names count as numbers: the shorter one is the smaller."""
    import re

    parts = re.findall(r"[0-9]+|[^0-9]+", name)
    numbers = [(part.isdecimal(), part.lstrip("0")) for part in parts]
    keys = [
        (0, len(digits), digits) if is_number else (1, 0, digits) for is_number, digits in numbers
    ]
    return [*keys, (0, 0, name)]


def _summary(counts: dict[str, int]) -> str:
    least, most = min(counts.values()), max(counts.values())
    each = (
        f"{least} to {most} nodes" if least != most else "1 node" if most == 1 else f"{most} nodes"
    )
    return f"{len(counts)} domains of {each}"
