"""Compare the Jobs of a replicatedJob one by one, where some were edited by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from jobsetgen.diff.changes import FieldChange
from jobsetgen.diff.job_fields import is_of_set, job_fields, job_triggers, numbers, template_fields
from jobsetgen.diff.rows_of_jobs import RESUMED, SUSPENDED
from jobsetgen.diff.sides import Family, TrainingSet
from jobsetgen.expand.objects import DOMAIN, NAME, Object, fill

_SUSPEND = ("spec", "suspend")
_Fields = Mapping[int, Sequence[FieldChange]]
"""The changed fields of each Job, by index."""


class Changed(NamedTuple):
    """Changed fields that have one trigger, and the indexes of the Jobs; None for all Jobs."""

    trigger: str
    fields: tuple[FieldChange, ...]
    indexes: tuple[int, ...] | None = None


def changed_jobs(
    old: Family, new: Family, before: TrainingSet, after: TrainingSet
) -> Iterator[Changed]:
    """Yield what changes in the Jobs of a replicatedJob: in all of them, then in some.

    Jobs that are like the others on both sides are compared as one, whatever their number.
    """
    edited = _edited(old, new)
    if not edited:
        for trigger, fields in job_fields(old, new, before, after).items():
            yield Changed(trigger, fields)
        return

    regular = _regular(old, new)
    compared = [*regular[:1], *edited]
    found = {
        index: template_fields(_only(old, index), _only(new, index), before, after)
        for index in compared
    }
    shared = _shared(list(found.values()))
    yield from _in_all(old, new, shared)
    own = {
        index: [each for each in fields if each not in shared] for index, fields in found.items()
    }
    yield from _in_some(own, regular)


def _edited(old: Family, new: Family) -> list[int]:
    """Return the Jobs of both sides that are not like the others on one, and that are known."""
    both = set(old.indexes) & set(new.indexes)
    return [
        index
        for index in sorted({*old.irregular, *new.irregular} & both)
        if _is_known(old, index) and _is_known(new, index)
    ]


def _is_known(family: Family, index: int) -> bool:
    return index not in family.irregular or index in family.edited


def _regular(old: Family, new: Family) -> tuple[int, ...]:
    """Return the Jobs of both sides that are like the others on both."""
    regular = set(old.indexes) & set(new.indexes)
    return tuple(sorted(regular.difference(old.irregular, new.irregular)))


def _only(family: Family, index: int) -> Family:
    """Return one Job as a family of its own."""
    template = family.edited.get(index) or _like_the_others(family, index)
    return Family(replicated_job=family.replicated_job, template=template, indexes=(index,))


def _like_the_others(family: Family, index: int) -> Object:
    """Return the template of a Job that is like the others, under the name that follows from it."""
    template: Object = family.template
    if index < len(family.domains):
        template = fill(template, {DOMAIN: family.domains[index]})
    return {**template, "metadata": {**template["metadata"], "name": NAME}}


def _shared(changes: Sequence[Sequence[FieldChange]]) -> list[FieldChange]:
    """Return the changes that all Jobs have."""
    first, *others = changes
    return [each for each in first if all(each in other for other in others)]


def _in_all(old: Family, new: Family, shared: Iterable[FieldChange]) -> Iterator[Changed]:
    fields = [*numbers(old, new), *(each for each in shared if not is_of_set(each))]
    for trigger, changes in job_triggers(fields).items():
        yield Changed(trigger, changes)


def _in_some(own: _Fields, regular: tuple[int, ...]) -> Iterator[Changed]:
    """Yield what only some Jobs have; the first of `regular` stands for all of these."""
    found: list[Changed] = []
    for index, fields in own.items():
        indexes = regular if index in regular else (index,)
        found += [Changed(*each, indexes) for each in _triggered(fields)]
    while found:
        first = found[0]
        alike = [each for each in found if each[:2] == first[:2]]
        found = [each for each in found if each[:2] != first[:2]]
        everywhere = sorted(index for each in alike for index in each.indexes or ())
        yield first._replace(indexes=tuple(everywhere))


def _triggered(fields: Sequence[FieldChange]) -> Iterator[tuple[str, tuple[FieldChange, ...]]]:
    """Yield the changes of a single Job by their trigger: it may also be suspended alone."""
    yield from job_triggers(each for each in fields if each.path != _SUSPEND).items()
    for each in fields:
        if each.path == _SUSPEND:
            yield SUSPENDED if each.new is True else RESUMED, (each,)
