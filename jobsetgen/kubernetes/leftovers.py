"""Remove the fields that the API server and kubectl add to an object."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jobsetgen.kubernetes.secrets import LAST_APPLIED

# Metadata that the API server adds to an object, and that is not meant to be applied.
_LEFTOVERS = frozenset(
    [
        "uid",
        "resourceVersion",
        "creationTimestamp",
        "generation",
        "managedFields",
        "selfLink",
        "deletionTimestamp",
    ]
)


def without_leftovers(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return an object without the fields that the API server and kubectl have added."""
    kept = {key: value for key, value in data.items() if key != "status"}
    metadata = kept.get("metadata")
    if isinstance(metadata, Mapping):
        kept["metadata"] = _metadata_without_leftovers(metadata)
    return kept


def _metadata_without_leftovers(metadata: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in metadata.items() if key not in _LEFTOVERS}
    annotations = kept.get("annotations")
    if isinstance(annotations, Mapping) and LAST_APPLIED in annotations:
        kept["annotations"] = {
            key: value for key, value in annotations.items() if key != LAST_APPLIED
        }
        if not kept["annotations"]:
            del kept["annotations"]
    return kept
