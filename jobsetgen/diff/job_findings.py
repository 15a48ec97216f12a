"""Find what changes in the Jobs of a set."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from jobsetgen.diff.changes import FieldChange, Operation
from jobsetgen.diff.findings import Finding, of_family
from jobsetgen.diff.job_fields import job_fields
from jobsetgen.diff.pairing import Likeness, Pair, leaves, paired
from jobsetgen.diff.renaming import renamed
from jobsetgen.diff.rows_of_jobs import EDITED, EMPTIED, JOBS, RESPELLED, RUN
from jobsetgen.diff.rows_of_objects import ADDED, REMOVED
from jobsetgen.diff.sides import Family, TrainingSet
from jobsetgen.diff.spelling import respelled
from jobsetgen.naming import job_name
from jobsetgen.words import listed

_FAMILIES: Likeness[Family] = Likeness(
    key=lambda family: family.replicated_job,
    kind=lambda _: "Job",
    leaves=lambda family: _leaves(family),
)


def job_findings(old: TrainingSet, new: TrainingSet) -> Iterator[Finding]:
    """Yield what changes in the Jobs of a set.

    If only the generation differs, Jobs are written in another way, or this is another run of them.
    """
    if old.jobs and not new.jobs:
        yield Finding(trigger=EMPTIED, kind="JobSet", name=new.name)
        return
    pairs = paired(old.families, new.families, _FAMILIES)
    found = [item for pair in pairs for item in _of_pair(pair, old, new)]
    yield from found
    has_changed = any(item.trigger == JOBS for item in found)
    if old.generation == new.generation or has_changed:
        return
    rewritten = [item for pair in pairs for item in _respelled(pair, old, new)]
    yield from (
        rewritten
        or list(_reordered(old, new))
        or [Finding(trigger=RUN, kind="JobSet", name=new.name)]
    )


def _leaves(family: Family) -> frozenset[Hashable]:
    return frozenset(leaves(renamed(family.template, family.replicated_job, "")))


def _of_pair(pair: Pair[Family], before: TrainingSet, after: TrainingSet) -> Iterator[Finding]:
    old, new = pair.old, pair.new
    if old is None and new is not None:
        yield of_family(JOBS, new, operation="add")
    elif new is None and old is not None:
        yield of_family(JOBS, old, operation="remove")
    elif old is not None and new is not None:
        if pair.is_renamed:
            yield of_family(JOBS, new, (_renaming(old, new),))
        for trigger, fields in job_fields(old, new, before, after).items():
            yield of_family(trigger, new, fields)
        yield from _of_single_jobs(old, new, after)


def _reordered(old: TrainingSet, new: TrainingSet) -> Iterator[Finding]:
    """Yield another order of the replicatedJobs, by which the global indices are counted."""
    before = [family.replicated_job for family in old.families]
    after = [family.replicated_job for family in new.families]
    if before != after:
        order = FieldChange(path=("replicatedJobs",), operation="move", old=before, new=after)
        yield Finding(trigger=JOBS, kind="JobSet", name=new.name, fields=(order,))


def _respelled(pair: Pair[Family], before: TrainingSet, after: TrainingSet) -> Iterator[Finding]:
    if pair.old and pair.new and (fields := respelled(pair.old, pair.new, before, after)):
        yield of_family(RESPELLED, pair.new, fields)


def _renaming(old: Family, new: Family) -> FieldChange:
    before, after = old.replicated_job, new.replicated_job
    return FieldChange(path=("name",), operation="replace", old=before, new=after)


def _of_single_jobs(old: Family, new: Family, after: TrainingSet) -> Iterator[Finding]:
    """Yield what happens to Jobs that are missing, or not like the others, on one side only."""
    edited = sorted(set(new.irregular) ^ set(old.irregular))
    if edited:
        yield Finding(
            trigger=EDITED,
            kind="Job",
            name=listed([job_name(after.name, new.replicated_job, each) for each in edited[:3]]),
            replicated_job=new.replicated_job,
            indexes=tuple(edited),
        )
    yield from _of_missing(new, REMOVED, "remove", set(new.missing) - set(old.missing), after)
    yield from _of_missing(new, ADDED, "add", set(old.missing) - set(new.missing), after)


def _of_missing(
    family: Family, trigger: str, operation: Operation, indexes: set[int], after: TrainingSet
) -> Iterator[Finding]:
    for index in sorted(indexes):
        name = job_name(after.name, family.replicated_job, index)
        yield Finding(trigger=trigger, kind="Job", name=name, operation=operation)
