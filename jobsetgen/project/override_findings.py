"""What to say about an override of `replicas` or `images` that changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.words import near, one_of


def missing_target(
    path: Path, entry: Mapping[str, Any], field: str, known: Iterable[str]
) -> Finding:
    """Return the finding about an entry of `replicas` whose JobSet or replicatedJob is unknown.

    `field` is the one that names it, and `known` are the names that there are.
    """
    message = f"there is no JobSet {entry['jobSet']}"
    if field == "replicatedJob":
        message = f"JobSet {entry['jobSet']} has no replicatedJob {entry['replicatedJob']}"
    names = sorted(known)
    hint = near(entry[field], names) or one_of(names)
    return Finding(path=(*path, field), message=message, hint=hint)


def unused_image(path: Path, entry: Mapping[str, Any], used: Iterable[str]) -> Finding:
    """Return the finding about an entry of `images` that no container uses."""
    message = f"no container of a JobSet uses the image {entry['name']}"
    return Finding(path=(*path, "name"), message=message, hint=near(entry["name"], used))
