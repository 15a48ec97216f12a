"""The changes between the Jobs of a replicatedJob, by what they trigger."""

from __future__ import annotations

from collections.abc import Iterable

from jobsetgen.diff.changes import FieldChange
from jobsetgen.diff.fields import field_changes
from jobsetgen.diff.findings import Triggered, by_trigger
from jobsetgen.diff.renaming import renamed
from jobsetgen.diff.rows_of_jobs import (
    DEADLINE,
    JOB_METADATA,
    JOBS,
    LIMITS_OF_JOBS,
    NAMES,
    STOPPED,
)
from jobsetgen.diff.sides import Family, TrainingSet
from jobsetgen.expand.objects import NAME, Object, fill
from jobsetgen.kubernetes.updates import changes_in_place
from jobsetgen.model import keys
from jobsetgen.naming import job_name
from jobsetgen.plain import mapping

# Labels that count the Jobs, or follow from the name: `replicas` and the name say it already.
_DERIVED = frozenset(
    [keys.JOBSET_UID, keys.REPLICATED_JOB_REPLICAS, keys.GLOBAL_REPLICAS, keys.GROUP_REPLICAS]
)


def job_fields(old: Family, new: Family, before: TrainingSet, after: TrainingSet) -> Triggered:
    """Return what differs between the Jobs of a replicatedJob, by trigger.

    `before` and `after` are their sets. The generation, which follows from the content, and labels
    that count Jobs are left out, as is `suspend`, which belongs to the set.
    """
    fields = [*numbers(old, new), *template_fields(old, new, before, after)]
    return job_triggers(change for change in fields if not is_of_set(change))


def numbers(old: Family, new: Family) -> Iterable[FieldChange]:
    """Yield the changes of a replicatedJob that are not in the templates of its Jobs."""
    yield from _replicas(old, new)
    yield from _domains(old, new)


def template_fields(
    old: Family, new: Family, before: TrainingSet, after: TrainingSet
) -> list[FieldChange]:
    """Return what differs between the templates, whether it belongs to the set or not."""
    template = renamed(old.template, before.generation, after.generation)
    template = renamed(template, old.replicated_job, new.replicated_job)
    other = new.template
    if _name(template) != _name(other):
        template = fill(template, {NAME: _first_name(old, before)})
        other = fill(other, {NAME: _first_name(new, after)})
    return field_changes(template, other)


def job_triggers(changes: Iterable[FieldChange]) -> Triggered:
    """Return changed fields of Jobs by their trigger."""
    return by_trigger(changes, _trigger)


def is_of_set(change: FieldChange) -> bool:
    """Whether a field of all Jobs follows from the set, which says it already."""
    return bool(_DERIVED & set(change.path)) or change.path == ("spec", "suspend")


def announced(family: Family) -> int:
    """Return the number of Jobs that a replicatedJob should have."""
    return len(family.indexes) + len(family.missing)


def _name(template: Object) -> object:
    return mapping(template, "metadata").get("name")


def _first_name(family: Family, state: TrainingSet) -> str:
    return job_name(state.name, family.replicated_job, family.indexes[0] if family.indexes else 0)


def _replicas(old: Family, new: Family) -> Iterable[FieldChange]:
    before, after = announced(old), announced(new)
    if before != after:
        yield FieldChange(path=("replicas",), operation="replace", old=before, new=after)


def _domains(old: Family, new: Family) -> Iterable[FieldChange]:
    """Yield the change of pinned topology domains, of the Jobs that both sides have."""
    most = min(len(old.domains), len(new.domains))
    before, after = old.domains[:most], new.domains[:most]
    if before != after:
        yield FieldChange(path=("domains",), operation="replace", old=list(before), new=list(after))


def _trigger(change: FieldChange) -> str:
    """Return the trigger of a changed field of a Job."""
    first, *rest = change.path
    if change.path == ("metadata", "name"):
        return NAMES
    if first == "metadata":
        return JOB_METADATA
    if first != "spec" or not rest or not changes_in_place(str(rest[0])):
        return JOBS
    if rest == ["parallelism"] and change.new == 0:
        return STOPPED
    if rest == ["activeDeadlineSeconds"] and _is_less_time(change):
        return DEADLINE
    return LIMITS_OF_JOBS


def _is_less_time(change: FieldChange) -> bool:
    """Whether a deadline is new, or earlier than before."""
    old, new = change.old, change.new
    return isinstance(new, int) and (not isinstance(old, int) or new < old)
