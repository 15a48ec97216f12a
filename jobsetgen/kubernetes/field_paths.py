"""Field paths: references of a container to labels and annotations of its pod."""

from __future__ import annotations

import re
from typing import NamedTuple

_ENTRY = r"metadata\.(label|annotation)s\['(.*)'\]"


class Entry(NamedTuple):
    """One entry of a pod's metadata: `kind` is label or annotation."""

    kind: str
    key: str


def label_path(key: str) -> str:
    """Return the field path of a label."""
    return f"metadata.labels['{key}']"


def annotation_path(key: str) -> str:
    """Return the field path of an annotation."""
    return f"metadata.annotations['{key}']"


def entry_of(path: str) -> Entry | None:
    """Return the label or annotation of a field path, or None for other fields."""
    found = re.fullmatch(_ENTRY, path, re.S)
    return Entry(kind=found[1], key=found[2]) if found else None
