"""Which entries of `replicas` in a project are repeated."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Diagnostic, Finding
from jobsetgen.plain import objects
from jobsetgen.project.layer import Layer
from jobsetgen.project.replicas_codes import REPEATED_REPLICAS


def repeated_replicas(layer: Layer) -> Iterator[Diagnostic]:
    """Yield a warning for each entry of `replicas` in a layer that overrides another of it."""
    first: dict[tuple[str, str], int] = {}
    for index, entry in objects(layer.data, "replicas"):
        key = entry["jobSet"], entry["replicatedJob"]
        before = first.setdefault(key, index)
        if before == index:
            continue
        line = layer.document.place(("replicas", before)).line
        message = (
            f"duplicate replicas of {key[0]}/{key[1]} (first set on line {line}): the last applies"
        )
        path = ("replicas", index, "replicatedJob")
        finding = Finding(path=path, message=message, hint="Remove one of the two.")
        yield layer.document.diagnostic(REPEATED_REPLICAS, finding)
