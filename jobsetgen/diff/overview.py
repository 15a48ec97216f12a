"""The comparisons of a run together: all sets that change, the worst first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from jobsetgen.diff.changes import Comparison, ObjectChange, Totals
from jobsetgen.diff.consequences import IDS, worst
from jobsetgen.diff.delivery import DeliveryChange
from jobsetgen.diff.entry import Entry, Pair
from jobsetgen.diff.sides import Side, TrainingSet

SEVERITY = {consequence: rank for rank, consequence in enumerate(IDS)}
"""The rank of each consequence, the worst first."""

_CRITICAL = frozenset(["deletes-data", "sync-fails"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """All comparisons of a run.

    `sets` is the number of all sets, the unchanged ones included. `pass_through` are the changes of
    objects that are not ours. `broken` are the sides that do not compile; nothing else is taken from
    their comparisons, since all that they have is unknown. `kustomized` are the fields of a
    kustomization whose effect is not compared; the rest is that without them. `deliveries` are the
    objects that decide what is applied and that are not evaluated; the rest is that if they do not
    matter.
    """

    verdict: str
    entries: tuple[Entry, ...]
    sets: int
    pass_through: tuple[ObjectChange, ...]
    totals: Totals
    notes: tuple[str, ...]
    broken: tuple[Side, ...]
    kustomized: tuple[str, ...]
    deliveries: tuple[DeliveryChange, ...] = ()

    @property
    def critical(self) -> list[Entry]:
        """The sets that are named whatever the space."""
        return [each for each in self.entries if each.change.verdict in _CRITICAL]

    @property
    def has_changes(self) -> bool:
        """Whether anything is known to change."""
        return bool(self.entries or self.pass_through)

    @property
    def has_verdict(self) -> bool:
        """Whether the verdict is that of all that is applied."""
        is_whole = not (self.kustomized or self.deliveries)
        return is_whole and (self.has_changes or not self.broken)

    @property
    def has_partial_verdict(self) -> bool:
        """Whether the verdict is only that of the manifests that were compared."""
        is_compared = bool(self.deliveries) and not (self.broken or self.kustomized)
        return not self.has_verdict and (self.has_changes or is_compared)

    def of(self, verdict: str) -> list[Entry]:
        """Return the sets with a verdict."""
        return [each for each in self.entries if each.change.verdict == verdict]

    def objects(self, consequence: str) -> list[ObjectChange]:
        """Return the changes of objects without a set that have a consequence."""
        return [each for each in self.pass_through if each.consequence == consequence]

    def with_consequence(self, *consequences: str) -> list[Entry]:
        """Return the sets to which one of some consequences happens."""
        return [each for each in self.entries if not each.consequences.isdisjoint(consequences)]


def severity(consequence: str) -> int:
    """Return the rank of a consequence, 0 for the worst."""
    return SEVERITY[consequence]


def overview(
    comparisons: Sequence[Comparison], deliveries: Sequence[DeliveryChange] = ()
) -> Overview:
    """Return the overview of all comparisons of a run."""
    known = [each for each in comparisons if not _broken(each)]
    has_projects = len(comparisons) > 1
    entries = _entries(known, has_projects=has_projects)
    pass_through = tuple(chain.from_iterable(each.pass_through for each in known))
    notes = chain.from_iterable(each.notes for each in known)
    return Overview(
        verdict=worst([*map(_verdict, entries), *(each.consequence for each in pass_through)]),
        entries=entries,
        sets=sum(len(each.sets) + each.unchanged for each in known),
        pass_through=pass_through,
        totals=_sum(known),
        # The same note on each project is one.
        notes=tuple(dict.fromkeys(notes)),
        broken=tuple(chain.from_iterable(map(_broken, comparisons))),
        kustomized=tuple(chain.from_iterable(each.kustomized for each in known)),
        deliveries=tuple(deliveries),
    )


def sets_of(comparisons: Sequence[Comparison]) -> tuple[list[TrainingSet], list[TrainingSet]]:
    """Return all sets before and after."""
    old = [state for each in comparisons for state in each.old.sets]
    new = [state for each in comparisons for state in each.new.sets]
    return old, new


def add_pairs(pairs: Iterable[Pair]) -> Pair:
    """Return the sums of numbers before and after."""
    before, after = 0, 0
    for old, new in pairs:
        before += old
        after += new
    return before, after


def add_counts(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Return the sums of counts by name, sorted by name."""
    sums: dict[str, int] = {}
    for each in counts:
        for name, count in each.items():
            sums[name] = sums.get(name, 0) + count
    return dict(sorted(sums.items()))


def _entries(comparisons: Sequence[Comparison], *, has_projects: bool) -> tuple[Entry, ...]:
    """Return the sets of comparisons, the worst first."""
    found = []
    for each in comparisons:
        project = _project(each) if has_projects else ""
        found += [Entry(project=project, change=change) for change in each.sets]
    return tuple(sorted(found, key=lambda entry: severity(entry.change.verdict)))


def _project(comparison: Comparison) -> str:
    """Return the name of a project for people."""
    side = comparison.old if comparison.new.kind == "nothing" else comparison.new
    return side.label


def _verdict(entry: Entry) -> str:
    return entry.change.verdict


def _broken(comparison: Comparison) -> list[Side]:
    return [side for side in (comparison.old, comparison.new) if side.is_broken]


def _sum(comparisons: Sequence[Comparison]) -> Totals:
    totals = [each.totals for each in comparisons]
    return Totals(
        jobs=add_pairs(each.jobs for each in totals),
        pods=add_pairs(each.pods for each in totals),
        accelerators=(
            add_counts(each.accelerators[0] for each in totals),
            add_counts(each.accelerators[1] for each in totals),
        ),
    )
