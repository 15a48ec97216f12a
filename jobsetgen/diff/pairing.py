"""Pair what two sides have in common: by name, and otherwise by content (a rename)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

Item = TypeVar("Item")

ALIKE = 0.8
"""The share of equal leaves from which two items count as one that was renamed."""

# Comparing each unmatched item with every other is quadratic; above this number, only items that
# are equal except for their names are recognized as renamed.
_MOST_COMPARED = 100


class Pair(NamedTuple, Generic[Item]):
    """One item of both sides; None on the side that does not have it."""

    old: Item | None
    new: Item | None
    is_renamed: bool = False


class Likeness(NamedTuple, Generic[Item]):
    """How items are compared: by key, and, without their names, by their leaves.

    Only items of the same `kind` are paired. `leaves` returns the leaves of an item without what
    is derived from its name.
    """

    key: Callable[[Item], Hashable]
    kind: Callable[[Item], Hashable]
    leaves: Callable[[Item], frozenset[Hashable]]


def paired(old: Sequence[Item], new: Sequence[Item], likeness: Likeness[Item]) -> list[Pair[Item]]:
    """Return the pairs of two sides: those of the new side in its order, then what is removed."""
    by_key = {likeness.key(item): item for item in old}
    same = {likeness.key(item) for item in new if likeness.key(item) in by_key}
    gone = [item for item in old if likeness.key(item) not in same]
    added = [item for item in new if likeness.key(item) not in same]
    renamed = {likeness.key(after): before for before, after in _renamed(gone, added, likeness)}
    known = {likeness.key(before) for before in renamed.values()}

    pairs: list[Pair[Item]] = []
    for item in new:
        key = likeness.key(item)
        if key in same:
            pairs.append(Pair(by_key[key], item))
        else:
            pairs.append(Pair(renamed.get(key), item, key in renamed))
    removed = (item for item in gone if likeness.key(item) not in known)
    return pairs + [Pair(item, None) for item in removed]


def _renamed(
    gone: Sequence[Item], added: Sequence[Item], likeness: Likeness[Item]
) -> list[tuple[Item, Item]]:
    """Return the removed and added items that are one: equal ones first, then the most alike."""
    if not gone or not added:
        return []
    found = list(_equal(gone, added, likeness))
    left = _without(gone, (before for before, _ in found), likeness)
    right = _without(added, (after for _, after in found), likeness)
    if max(len(left), len(right)) > _MOST_COMPARED:
        return found
    return found + list(_alike(left, right, likeness))


def _equal(
    gone: Iterable[Item], added: Iterable[Item], likeness: Likeness[Item]
) -> Iterator[tuple[Item, Item]]:
    waiting: dict[Hashable, list[Item]] = {}
    for item in gone:
        waiting.setdefault((likeness.kind(item), likeness.leaves(item)), []).append(item)
    for item in added:
        candidates = waiting.get((likeness.kind(item), likeness.leaves(item)))
        if candidates:
            yield candidates.pop(0), item


def _without(items: Iterable[Item], taken: Iterable[Item], likeness: Likeness[Item]) -> list[Item]:
    keys = set(map(likeness.key, taken))
    return [item for item in items if likeness.key(item) not in keys]


def _alike(
    gone: Sequence[Item], added: Sequence[Item], likeness: Likeness[Item]
) -> Iterator[tuple[Item, Item]]:
    """Yield pairs that share enough leaves, the most alike first, each item once."""
    scores = [
        (-_share(likeness.leaves(before), likeness.leaves(after)), left, right)
        for left, before in enumerate(gone)
        for right, after in enumerate(added)
        if likeness.kind(before) == likeness.kind(after)
    ]
    used_left: set[int] = set()
    used_right: set[int] = set()
    for score, left, right in sorted(scores):
        if -score < ALIKE:
            return
        if left not in used_left and right not in used_right:
            used_left.add(left)
            used_right.add(right)
            yield gone[left], added[right]


def _share(one: frozenset[Hashable], other: frozenset[Hashable]) -> float:
    most = max(len(one), len(other))
    return len(one & other) / most if most else 1.0


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the leaves of plain data, each as its path and its value."""
    if isinstance(value, Mapping) and value:
        for key, item in value.items():
            yield from leaves(item, (*path, key))
    elif isinstance(value, list) and value:
        for index, item in enumerate(value):
            yield from leaves(item, (*path, index))
    else:
        yield (*path, str(value) if isinstance(value, Mapping | list) else value)
