"""Fields of Jobs that are written in another way and mean the same, such as 1Gi and 1024Mi.

The generation is a hash over the text, so they replace the Jobs like any other change.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jobsetgen.diff.changes import FieldChange, Operation
from jobsetgen.diff.pairing import leaves
from jobsetgen.diff.renaming import DERIVED, renamed
from jobsetgen.diff.sides import Family, TrainingSet
from jobsetgen.expand.objects import Object

_Path = tuple[str | int, ...]
_Leaves = dict[_Path, Any]


def respelled(
    old: Family, new: Family, before: TrainingSet, after: TrainingSet
) -> tuple[FieldChange, ...]:
    """Return the fields of Jobs with the same meaning that are not written the same."""
    theirs = _leaves(renamed(old.template, before.generation, after.generation))
    ours = _leaves(new.template)
    return tuple(_changes(theirs, ours))


def _leaves(template: Object) -> _Leaves:
    found: _Leaves = {}
    for *path, value in leaves({"spec": template.get("spec")}):
        if not DERIVED.intersection(path):
            found[tuple(path)] = value
    return found


def _changes(old: _Leaves, new: _Leaves) -> Iterator[FieldChange]:
    for path in dict.fromkeys([*old, *new]):
        before, after = old.get(path), new.get(path)
        if before != after:
            yield FieldChange(path=path, operation=_operation(before, after), old=before, new=after)


def _operation(before: Any, after: Any) -> Operation:
    if before is None:
        return "add"
    return "remove" if after is None else "replace"
