"""Field paths: how a container names the label or annotation of its pod that it reads."""

from __future__ import annotations

import re
from typing import NamedTuple

_ENTRY = re.compile(r"metadata\.(label|annotation)s\['(.*)'\]", re.S)


class Entry(NamedTuple):
    """One entry of a pod's metadata: `kind` is label or annotation."""

    kind: str
    key: str


def label_path(key: str) -> str:
    """Return the path by which a container reads a label."""
    return f"metadata.labels['{key}']"


def annotation_path(key: str) -> str:
    """Return the path by which a container reads an annotation."""
    return f"metadata.annotations['{key}']"


def entry_of(path: str) -> Entry | None:
    """Return the label or annotation that a path reads, or None for one to another field."""
    found = _ENTRY.fullmatch(path)
    return Entry(kind=found[1], key=found[2]) if found else None
