"""The changes between the Jobs of a replicatedJob, by what they trigger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from jobsetgen.diff.changes import FieldChange
from jobsetgen.diff.fields import field_changes
from jobsetgen.diff.renaming import renamed
from jobsetgen.diff.rows_of_jobs import DEADLINE, JOB_METADATA, JOBS, LIMITS_OF_JOBS, STOPPED
from jobsetgen.diff.sides import Family, TrainingSet
from jobsetgen.kubernetes.updates import changes_in_place
from jobsetgen.model import keys

# Labels that count the Jobs, or follow from the name: `replicas` and the name say it already.
_DERIVED = frozenset(
    [keys.JOBSET_UID, keys.REPLICATED_JOB_REPLICAS, keys.GLOBAL_REPLICAS, keys.GROUP_REPLICAS]
)

Triggered = Mapping[str, tuple[FieldChange, ...]]
"""Changed fields by their trigger."""


def job_fields(old: Family, new: Family, before: TrainingSet, after: TrainingSet) -> Triggered:
    """Return what differs between the Jobs of a replicatedJob, by trigger.

    `before` and `after` are their sets. The generation, which follows from the content, and labels
    that count Jobs are left out, as is `suspend`, which belongs to the set.
    """
    template = renamed(old.template, before.generation, after.generation)
    template = renamed(template, old.replicated_job, new.replicated_job)
    found: dict[str, list[FieldChange]] = {}
    for change in (
        *_replicas(old, new),
        *_domains(old, new),
        *field_changes(template, new.template),
    ):
        trigger = _trigger(change)
        if trigger:
            found.setdefault(trigger, []).append(change)
    return MappingProxyType({trigger: tuple(changes) for trigger, changes in found.items()})


def announced(family: Family) -> int:
    """Return the number of Jobs that a replicatedJob should have."""
    return len(family.indexes) + len(family.missing)


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
    """Return the trigger of a changed field of a Job, or an empty string."""
    first, *rest = change.path
    if _DERIVED & set(change.path) or change.path == ("spec", "suspend"):
        return ""
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
