"""Find what changes in the Jobs of a set."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import replace

from jobsetgen.diff.changes import FieldChange, Operation
from jobsetgen.diff.findings import Finding, of_family
from jobsetgen.diff.pairing import Likeness, Pair, leaves, paired
from jobsetgen.diff.phrases import some_jobs
from jobsetgen.diff.renaming import renamed
from jobsetgen.diff.rows_of_jobs import (
    EDITED,
    EMPTIED,
    EMPTIED_BESIDE,
    JOBS,
    PLAN,
    RESPELLED,
    RUN,
)
from jobsetgen.diff.rows_of_objects import ADDED, REMOVED
from jobsetgen.diff.rows_of_sets import CREATED
from jobsetgen.diff.sides import Family, TrainingSet
from jobsetgen.diff.single_jobs import Changed, changed_jobs
from jobsetgen.diff.spelling import respelled
from jobsetgen.naming import job_name

_FAMILIES: Likeness[Family] = Likeness(
    key=lambda family: family.replicated_job,
    kind=lambda _: "Job",
    leaves=lambda family: _leaves(family),
)


def job_findings(old: TrainingSet, new: TrainingSet) -> Iterator[Finding]:
    """Yield what changes in the Jobs of a set.

    A set may also lose its last Job, or get its first. If only the generation differs, Jobs are
    written in another way, or this is another run of them.
    """
    if old.jobs and not new.jobs:
        trigger = EMPTIED if new.plan is None else EMPTIED_BESIDE
        yield Finding(trigger=trigger, kind="JobSet", name=new.name)
        return
    if new.jobs and not old.jobs:
        yield Finding(trigger=CREATED, kind="JobSet", name=new.name)
        return
    pairs = paired(old.families, new.families, _FAMILIES)
    found = [item for pair in pairs for item in _of_pair(pair, old, new)]
    yield from (_in_a_plan(item, old, new) for item in found)
    has_changed = any(item.trigger == JOBS for item in found)
    if old.generation == new.generation or has_changed:
        return
    if not new.jobs and "" in (old.generation, new.generation):
        # Rendered manifests without a Job do not say of which generation they are.
        return
    rewritten = [item for pair in pairs for item in _respelled(pair, old, new)]
    yield from (
        rewritten
        or list(_reordered(old, new))
        or [Finding(trigger=RUN, kind="JobSet", name=new.name)]
    )


def _in_a_plan(finding: Finding, old: TrainingSet, new: TrainingSet) -> Finding:
    """Return a change of Jobs that are only in the plan as an edit of it, if it is one.

    A build would have given them another generation.
    """
    is_edited = old.mode == new.mode == "watcher" and old.generation == new.generation
    if finding.trigger != JOBS or not is_edited:
        return finding
    return replace(finding, trigger=PLAN)


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
        for changed in changed_jobs(old, new, before, after):
            yield _of_changed(changed, new, before, after)
        yield from _of_unknown(old, new, after)
        yield from _of_missing(new, REMOVED, "remove", set(new.missing) - set(old.missing), after)
        yield from _of_missing(new, ADDED, "add", set(old.missing) - set(new.missing), after)


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


def _of_changed(changed: Changed, new: Family, before: TrainingSet, after: TrainingSet) -> Finding:
    """Return what changes in all Jobs of a replicatedJob, or in some.

    Another generation replaces all of them.
    """
    if changed.indexes is None:
        return of_family(changed.trigger, new, changed.fields)
    trigger = changed.trigger
    if trigger == JOBS and before.generation == after.generation:
        trigger = EDITED
    found = of_family(trigger, new, changed.fields)
    words = some_jobs(after, new.replicated_job, changed.indexes)
    return replace(found, indexes=changed.indexes, jobs=words)


def _of_unknown(old: Family, new: Family, after: TrainingSet) -> Iterator[Finding]:
    """Yield Jobs that are like the others on one side only, and cannot be compared.

    They are too many, or there are two with one index.
    """
    known = {*old.edited, *new.edited}
    indexes = sorted((set(old.irregular) ^ set(new.irregular)) - known)
    if indexes:
        found = of_family(EDITED, new)
        words = some_jobs(after, new.replicated_job, indexes)
        yield replace(found, indexes=tuple(indexes), jobs=words)


def _of_missing(
    family: Family, trigger: str, operation: Operation, indexes: set[int], after: TrainingSet
) -> Iterator[Finding]:
    for index in sorted(indexes):
        name = job_name(after.name, family.replicated_job, index)
        yield Finding(trigger=trigger, kind="Job", name=name, operation=operation)
