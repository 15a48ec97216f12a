"""Extract topology domains from a node list, for `placement` of a jobsetgen.yaml."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from jobsetgen.diagnostics import Place
from jobsetgen.plain import mapping
from jobsetgen.stop import StopError
from jobsetgen.words import plural

_SAVE = "save it with: kubectl get nodes -o json"


def read_nodes(file: str, content: bytes) -> list[dict[str, Any]]:
    """Return the nodes in the output of `kubectl get nodes -o json`.

    `file` is its name in messages. Raises StopError if the content is anything else.
    """
    try:
        data = json.loads(content)
    except (ValueError, RecursionError) as error:
        line, column = getattr(error, "lineno", 1), getattr(error, "colno", 1)
        raise _refused(Place(file, line, column), "invalid JSON") from error
    items = data.get("items", [data]) if isinstance(data, dict) else data
    if not isinstance(items, list) or not all(map(_is_node, items)):
        raise _refused(Place(file), "not a list of nodes")
    return items


def domains_of(nodes: Iterable[Mapping[str, Any]], key: str) -> dict[str, int]:
    """Return the number of nodes in each topology domain: each value of the node label `key`.

    Domains are in natural order: pool-2 before pool-10.
    """
    counts: dict[str, int] = {}
    for node in nodes:
        domain = mapping(mapping(node, "metadata"), "labels").get(key)
        if isinstance(domain, str):
            counts[domain] = counts.get(domain, 0) + 1
    return {name: counts[name] for name in sorted(counts, key=_natural)}


def summary(counts: Mapping[str, int]) -> str:
    """Return a phrase with the number of domains and of nodes in each."""
    least, most = min(counts.values()), max(counts.values())
    if least != most:
        return f"{len(counts)} domains of {least} to {most} nodes each"
    each = " each" if len(counts) > 1 else ""
    return f"{plural(len(counts), 'domain')} of {plural(most, 'node')}{each}"


def _is_node(item: Any) -> bool:
    return isinstance(item, dict) and item.get("kind") == "Node"


def _refused(place: Place, reason: str) -> StopError:
    where = f"{place.file}:{place.line}:{place.column}"
    return StopError("input", f"{where}: {reason}; {_SAVE}")


def _natural(name: str) -> list[tuple[int, int, str]]:
    """Return a sort key that compares numbers inside names numerically."""
    return [*map(_part, re.findall(r"[0-9]+|[^0-9]+", name)), (0, 0, name)]


def _part(text: str) -> tuple[int, int, str]:
    if not text.isdecimal():
        return (1, 0, text)
    digits = text.lstrip("0")
    return (0, len(digits), digits)
