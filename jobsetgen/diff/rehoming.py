"""Objects that belong to a set on one side and pass through on the other.

A claim that the set creates may also be written out in the input: in the cluster it is the same.
"""

from __future__ import annotations

from collections.abc import Hashable, Set
from dataclasses import replace

from jobsetgen.diff.object_findings import key_of
from jobsetgen.diff.sides import Side, TrainingSet
from jobsetgen.expand.objects import Object

_Home = tuple[str, str]
"""The namespace and the name of a set."""


def rehomed(old: Side, new: Side) -> tuple[Side, Side]:
    """Return both sides with such an object in the set, if both have the set.

    If only one has it, as when a set is removed and its claim is written out, the object passes
    through on both sides.
    """
    old, new = _like(old, new), _like(new, old)
    return _released(old, new), _released(new, old)


def _released(side: Side, other: Side) -> Side:
    """Return a side without the objects in its sets that pass through on the other side."""
    outside = {key_of(item) for item in other.pass_through}
    loose = [item for state in side.sets for item in state.others if key_of(item) in outside]
    if not loose:
        return side
    kept = (_without(state, outside) for state in side.sets)
    # A Service alone looks like that of a set without Jobs.
    sets = tuple(state for state in kept if state.families or state.others or state.plan)
    return replace(side, sets=sets, pass_through=(*side.pass_through, *loose))


def _without(state: TrainingSet, outside: Set[Hashable]) -> TrainingSet:
    others = tuple(item for item in state.others if key_of(item) not in outside)
    return replace(state, others=others)


def _like(side: Side, other: Side) -> Side:
    """Return a side whose objects are in the set that they are in on the other side."""
    homes = {
        key_of(item): (state.namespace, state.name) for state in other.sets for item in state.others
    }
    sets = {(state.namespace, state.name): state for state in side.sets}
    moved: dict[_Home, list[Object]] = {}
    left: list[Object] = []
    for item in side.pass_through:
        home = homes.get(key_of(item))
        if home is not None and home in sets:
            moved.setdefault(home, []).append(item)
        else:
            left.append(item)
    if not moved:
        return side
    states = tuple(_with(state, moved.get(home, [])) for home, state in sets.items())
    return replace(side, sets=states, pass_through=tuple(left))


def _with(state: TrainingSet, items: list[Object]) -> TrainingSet:
    known: set[Hashable] = {key_of(item) for item in state.others}
    own = [item for item in items if key_of(item) not in known]
    return replace(state, others=(*state.others, *own)) if own else state
