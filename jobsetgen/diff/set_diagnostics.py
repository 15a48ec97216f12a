"""Which diagnostics of a set are new, and which are gone."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import replace

from jobsetgen.diagnostics import Diagnostic
from jobsetgen.diff.changes import SetChange
from jobsetgen.diff.sides import Side, TrainingSet

_BySet = dict[tuple[str, int], list[Diagnostic]]
"""Diagnostics by the file and the first line of the set that they are about."""


def with_diagnostics(changes: Iterable[SetChange], old: Side, new: Side) -> list[SetChange]:
    """Return changes with the diagnostics of their sets that only one side has."""
    before, after = _by_set(old), _by_set(new)
    return [
        replace(
            change,
            added_diagnostics=_only(_of(change.new, after), _of(change.old, before)),
            gone_diagnostics=_only(_of(change.old, before), _of(change.new, after)),
        )
        for change in changes
    ]


def _by_set(side: Side) -> _BySet:
    """Return the diagnostics of a side by set: a document ends where the next set begins."""
    starts: dict[str, list[int]] = {}
    for state in side.sets:
        if state.place:
            starts.setdefault(state.place.file, []).append(state.place.line)
    found: _BySet = {}
    for lines in starts.values():
        lines.sort()
    for item in side.diagnostics:
        lines = starts.get(item.file, [])
        position = bisect_right(lines, item.line)
        if position:
            found.setdefault((item.file, lines[position - 1]), []).append(item)
    return found


def _of(state: TrainingSet | None, by_set: _BySet) -> list[Diagnostic]:
    if state is None or state.place is None:
        return []
    return by_set.get((state.place.file, state.place.line), [])


def _only(these: Iterable[Diagnostic], others: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return diagnostics that others do not have, wherever in the file they are."""
    known = {(item.code, item.message) for item in others}
    return tuple(item for item in these if (item.code, item.message) not in known)
