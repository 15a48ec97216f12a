"""Services and claims of the input that are used in place of those that a JobSet would make."""

from __future__ import annotations

from collections.abc import Sequence

from jobsetgen.model.unit import Unit


def by_name(kind: str, units: Sequence[Unit]) -> dict[str, list[Unit]]:
    """Index the objects of a kind, so that an input of many sets is not searched once for each of them."""
    found: dict[str, list[Unit]] = {}
    for unit in units:
        if unit.kind == kind:
            found.setdefault(unit.name, []).append(unit)
    return found
