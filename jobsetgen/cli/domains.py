"""`jobsetgen domains`."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from jobsetgen import emit
from jobsetgen.cli.inputs import shown


@click.command("domains")
@click.option(
    "--nodes", required=True, metavar="FILE", help="What `kubectl get nodes -o json` printed; - is standard input."
)
@click.option("--key", required=True, help="The node label that names a node's topology domain.")
def command(nodes: str, key: str) -> None:
    """List the topology domains of a saved node list, as `placement` of a jobsetgen.yaml.

    Domains come in natural order (pool-2 before pool-10); a comment tells how many nodes they have. Nodes that are
    cordoned count, as a list in Git is for longer than that.
    """
    counts: dict[str, int] = {}
    for node in _nodes(nodes):
        labels = (node.get("metadata") or {}).get("labels") or {}
        if isinstance(labels.get(key), str):
            counts[labels[key]] = counts.get(labels[key], 0) + 1
    if not counts:
        raise click.ClickException(f"no node in {shown(nodes)} has the label {key}")
    names = sorted(counts, key=_natural)
    placement = {"placement": {"strategy": "domains", "domains": {key: names}}}
    sys.stdout.write(f"# {_summary(counts)}\n{emit.text(placement)}")


def _nodes(file: str) -> list[dict[str, Any]]:
    try:
        with click.open_file(file, "rb") as stream:
            data = json.load(stream)
    except OSError as error:
        raise click.UsageError(f"cannot read {file}: {error.strerror}") from error
    except ValueError as error:
        line, column = getattr(error, "lineno", 1), getattr(error, "colno", 1)
        raise click.ClickException(
            f"{shown(file)}:{line}:{column}: this is not JSON; save it by: kubectl get nodes -o json"
        ) from error
    items = data.get("items", [data]) if isinstance(data, dict) else data
    if not isinstance(items, list) or not all(isinstance(item, dict) and item.get("kind") == "Node" for item in items):
        raise click.ClickException(
            f"{shown(file)}:1:1: this is no list of nodes; save it by: kubectl get nodes -o json"
        )
    return items


def _natural(name: str) -> list[tuple[int, int, str]]:
    """Return a sort key under which numbers inside of names count as numbers."""
    import re

    parts = re.findall(r"\d+|\D+", name)
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts] + [(0, 0, name)]


def _summary(counts: dict[str, int]) -> str:
    least, most = min(counts.values()), max(counts.values())
    each = f"{least} to {most} nodes" if least != most else "1 node" if most == 1 else f"{most} nodes"
    return f"{len(counts)} domains of {each}"
