"""Compare two sides: pair their sets and objects, and judge what differs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence

from jobsetgen.diff.changes import Comparison, Totals
from jobsetgen.diff.consequences import IDS, UNKNOWN, worst
from jobsetgen.diff.judgement import judged_objects, judged_set
from jobsetgen.diff.kustomizing import kustomize_changes, kustomize_notes
from jobsetgen.diff.object_findings import foreign_findings
from jobsetgen.diff.pairing import Likeness, leaves, paired
from jobsetgen.diff.rehoming import rehomed
from jobsetgen.diff.renaming import DERIVED, renamed
from jobsetgen.diff.set_diagnostics import with_diagnostics
from jobsetgen.diff.sides import Side, TrainingSet
from jobsetgen.progress import counted

_SETS: Likeness[TrainingSet] = Likeness(
    key=lambda state: (state.namespace, state.name),
    kind=lambda _: "JobSet",
    leaves=lambda state: _leaves(state),
)


def compare(old: Side, new: Side) -> Comparison:
    """Return everything that differs between two sides, the worst first.

    If the old side does not compile, nothing is known about what changes. If kustomize changes one
    side otherwise than the other, the verdict is unknown, too.
    """
    if old.is_broken:
        return _unknown(old, new)
    old, new = rehomed(old, new)
    pairs = paired(old.sets, new.sets, _SETS)
    judged = map(judged_set, counted("Comparing sets", pairs))
    changed = [change for change in judged if change]
    changed = with_diagnostics(changed, old, new)
    changed.sort(key=lambda change: IDS.index(change.verdict))
    foreign = judged_objects(foreign_findings(old.pass_through, new.pass_through, _profile(old)))
    verdicts = [change.verdict for change in changed]
    verdict = worst([*verdicts, *(change.consequence for change in foreign)])
    kustomized = kustomize_changes(old, new)
    return Comparison(
        old=old,
        new=new,
        verdict=UNKNOWN if kustomized else verdict,
        sets=tuple(changed),
        unchanged=len(pairs) - len(changed),
        pass_through=foreign,
        totals=_totals(old.sets, new.sets),
        notes=tuple(_notes(old, new)),
        kustomized=kustomized,
    )


def _profile(side: Side) -> str:
    """Return the profile of a side's sets; `any` if they have several, or there are none."""
    profiles = {state.profile for state in side.sets}
    return profiles.pop() if len(profiles) == 1 else "any"


def _unknown(old: Side, new: Side) -> Comparison:
    return Comparison(
        old=old,
        new=new,
        verdict=UNKNOWN,
        sets=(),
        unchanged=0,
        pass_through=(),
        totals=_totals((), new.sets),
        notes=(f"{old.label} does not compile, so what changes is unknown",),
    )


def _leaves(state: TrainingSet) -> frozenset[Hashable]:
    """Return the leaves of a set's Jobs without its name, and without what is derived."""
    return frozenset(
        (family.replicated_job, *leaf)
        for family in state.families
        for leaf in leaves(renamed(family.template, state.name, ""))
        if not DERIVED.intersection(leaf)
    )


def _totals(old: Sequence[TrainingSet], new: Sequence[TrainingSet]) -> Totals:
    return Totals(
        jobs=(sum(state.jobs for state in old), sum(state.jobs for state in new)),
        pods=(sum(state.pods for state in old), sum(state.pods for state in new)),
        accelerators=(_accelerators(old), _accelerators(new)),
    )


def _accelerators(states: Iterable[TrainingSet]) -> Mapping[str, int]:
    totals: Counter[str] = Counter()
    for state in states:
        totals.update(state.accelerators)
    return dict(sorted(totals.items()))


def _notes(old: Side, new: Side) -> Iterable[str]:
    kinds = {side.kind for side in (old, new)} - {"nothing"}
    if "rendered" in kinds and len(kinds) > 1:
        yield "specs are compared with rendered manifests"
    yield from kustomize_notes(old, new)
