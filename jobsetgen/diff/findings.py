"""What a comparison finds, before it is known what that does in the cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from jobsetgen.diff.changes import FieldChange, Operation
from jobsetgen.diff.sides import Family

Triggered = Mapping[str, tuple[FieldChange, ...]]
"""Changed fields by the trigger that they belong to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that changes; `trigger` is that of the table of consequences.

    The other fields are those of `ObjectChange`. `old` and `new` are words for the sentence, such
    as the update policies; `jobs` are the Jobs in words if they are not all Jobs of the set.
    """

    trigger: str
    kind: str
    name: str
    operation: Operation = "replace"
    fields: tuple[FieldChange, ...] = ()
    replicated_job: str = ""
    indexes: tuple[int, ...] = ()
    old: str = ""
    new: str = ""
    jobs: str = ""


def by_trigger(
    changes: Iterable[FieldChange], trigger_of: Callable[[FieldChange], str]
) -> Triggered:
    """Return changed fields by their trigger."""
    found: dict[str, list[FieldChange]] = {}
    for change in changes:
        found.setdefault(trigger_of(change), []).append(change)
    return MappingProxyType({trigger: tuple(fields) for trigger, fields in found.items()})


def of_family(
    trigger: str,
    family: Family,
    fields: tuple[FieldChange, ...] = (),
    operation: Operation = "replace",
) -> Finding:
    """Return a finding about all Jobs of a replicatedJob."""
    return Finding(
        trigger=trigger,
        kind="Job",
        name=family.replicated_job,
        operation=operation,
        fields=fields,
        replicated_job=family.replicated_job,
        indexes=family.indexes,
    )
