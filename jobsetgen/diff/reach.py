"""The pods and accelerators that a consequence reaches."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from jobsetgen.diff.changes import ObjectChange, SetChange
from jobsetgen.diff.entry import Entry, Pair
from jobsetgen.diff.sides import Family, TrainingSet
from jobsetgen.kubernetes.accelerators import noun


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The numbers of pods, and of accelerators by their noun, before and after."""

    pods: Pair
    units: Mapping[str, Pair]


def units(resource: str) -> str:
    """Return the noun for one unit of an accelerator: TPU chip, GPU."""
    word = noun(resource) or "accelerator"
    return "TPU chip" if word == "chip" else word


def reach(entry: Entry, consequences: Collection[str] | None) -> Reach:
    """Return what some consequences reach in a set; all of the set if none are named.

    Jobs of a set that keeps its generation are replaced one by one, as after an edit by hand; a
    new generation replaces all of them.
    """
    change = entry.change
    if change.old is None or change.new is None:
        return _same(change.new or change.old)
    if consequences and change.old.generation == change.new.generation:
        indexes = _indexes(change, consequences)
        if indexes:
            return _some(change.new, indexes)
    return _between(change.old, change.new)


def whole(entry: Entry) -> Reach:
    """Return all that a set runs before and after, nothing where it does not exist."""
    old, new = entry.accelerators
    before, after = entry.pods
    return _pair((before, old), (after, new))


def _same(only: TrainingSet | None) -> Reach:
    return _between(only, only) if only else Reach(pods=(0, 0), units={})


def _between(old: TrainingSet, new: TrainingSet) -> Reach:
    return _pair((old.pods, old.accelerators), (new.pods, new.accelerators))


def _indexes(change: SetChange, consequences: Collection[str]) -> dict[str, set[int]]:
    """Return the indexes of the Jobs that some consequences reach, by replicatedJob."""
    found: dict[str, set[int]] = {}
    for each in change.changes:
        if _reaches_jobs(each, consequences):
            found.setdefault(each.replicated_job, set()).update(each.indexes)
    return found


def _reaches_jobs(change: ObjectChange, consequences: Collection[str]) -> bool:
    return bool(change.replicated_job) and change.consequence in consequences


def _some(whole: TrainingSet, indexes: Mapping[str, set[int]]) -> Reach:
    pods = 0
    accelerators: dict[str, int] = {}
    for family in whole.families:
        count = family.pods * len(indexes.get(family.replicated_job, ()))
        pods += count
        _add(accelerators, family, count)
    return _pair((pods, accelerators), (pods, accelerators))


def _add(accelerators: dict[str, int], family: Family, pods: int) -> None:
    for resource, count in family.accelerators.items():
        accelerators[resource] = accelerators.get(resource, 0) + count * pods


def _pair(old: tuple[int, Mapping[str, int]], new: tuple[int, Mapping[str, int]]) -> Reach:
    before, after = _by_noun(old[1]), _by_noun(new[1])
    nouns = sorted({*before, *after})
    return Reach(
        pods=(old[0], new[0]),
        units={each: (before.get(each, 0), after.get(each, 0)) for each in nouns},
    )


def _by_noun(accelerators: Mapping[str, int]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for resource, count in accelerators.items():
        word = units(resource)
        counts[word] = counts.get(word, 0) + count
    return {word: count for word, count in counts.items() if count}
