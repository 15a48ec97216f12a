"""What occurs several times in an object, and is reported once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from jobsetgen.diagnostics import Path
from jobsetgen.model.unit import Unit


def not_ignored(unit: Unit, code: str, paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the paths on whose lines no comment suppresses a code."""
    for path in paths:
        place = unit.document.place(path)
        if code not in unit.document.ignores.get((place.file, place.line), frozenset()):
            yield path
