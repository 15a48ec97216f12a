"""Fold the rendered Jobs of a replicatedJob into one family."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from jobsetgen.diff.members import Likeness, Member
from jobsetgen.diff.plans import MOST_JOBS
from jobsetgen.diff.sides import Family
from jobsetgen.expand.objects import (
    DOMAIN,
    GLOBAL_INDEX,
    GROUP_INDEX,
    KEY,
    NAME,
    NAMESPACED_NAME,
    Object,
    Slot,
    fill,
)
from jobsetgen.model import keys
from jobsetgen.naming import job_key, job_name
from jobsetgen.plain import mapping, string

_COUNT = re.compile(r"[0-9]{1,6}")
# The Jobs of a family whose own templates are kept, so that a folder of 10,000 Jobs that are all
# different takes no more memory than one of equal Jobs.
_MOST_EDITED = 64

_Selector = tuple[tuple[Slot, str], ...]


class FamilyFold:
    """The Jobs of one replicatedJob, as far as they have been read.

    Their order does not matter: the Job with the lowest index gives the template. Of the others,
    only what they share is kept, and the templates of a few that were edited.
    """

    def __init__(self, first: Member) -> None:
        self.lowest = first
        self._likeness: dict[int, Likeness] = {}
        self._selector: dict[int, _Selector] = {}
        self._contradicted: set[int] = set()
        self._templates: dict[bytes, Object] = {}
        # Those that do not follow from the index.
        self._names: dict[int, str] = {}
        self._keys: dict[int, str] = {}
        self._likenesses: dict[Likeness, Likeness] = {}
        self._selectors: dict[_Selector, _Selector] = {}
        self.add(first)

    def add(self, member: Member) -> None:
        """Add a Job. If there are two with one index, the first counts, as an irregular one."""
        index = member.index
        likeness = self._likenesses.setdefault(member.likeness, member.likeness)
        selector = self._selectors.setdefault(member.selector, member.selector)
        if index in self._likeness:
            is_same = (self._likeness[index], self._selector[index]) == (likeness, selector)
            self._contradicted |= set() if is_same else {index}
            return
        self._likeness[index] = likeness
        self._selector[index] = selector
        if len(self._templates) <= _MOST_EDITED:
            self._templates.setdefault(likeness.digest, member.template)
        if likeness.numbering.affixes is None:
            self._names[index] = member.name
        if likeness.numbering.key_namespace is None:
            self._keys[index] = member.key
        if index < self.lowest.index:
            self.lowest = member

    @property
    def first_global_index(self) -> int:
        """The global index of the Job with index 0, by which the families of a set are ordered."""
        return self.lowest.likeness.numbering.first_global_index or 0

    def family(self) -> Family:
        """Return the family of all Jobs that have been added."""
        alike = self._alike()
        pinned = _pinned([self._selector[index] for index in alike])
        if pinned is None:
            alike = [each for each in alike if self._selector[each] == self.lowest.selector]
        irregular = sorted(self._likeness.keys() - set(alike))
        return Family(
            replicated_job=self.lowest.identity.replicated_job,
            template=self._template(pinned),
            indexes=tuple(sorted(self._likeness)),
            irregular=tuple(irregular),
            missing=self._missing(),
            domains=() if pinned is None else self._domains(pinned, alike),
            edited=dict(self._edited(irregular)),
        )

    def _alike(self) -> list[int]:
        """Return the indexes of the Jobs that the template describes, but for node selectors."""
        return [
            index
            for index, likeness in self._likeness.items()
            if likeness == self.lowest.likeness and index not in self._contradicted
        ]

    def _template(self, pinned: Slot | None) -> Object:
        values: dict[str, str] = dict(self.lowest.selector)
        if pinned is not None:
            values[pinned] = DOMAIN
        if self.lowest.likeness.numbering.affixes != ("", ""):
            # Not the name that the set would give it: kept as it is, so that a change shows.
            values[NAME] = self.lowest.name
        template: Object = fill(self.lowest.template, values)
        return template

    def _edited(self, irregular: Sequence[int]) -> Iterator[tuple[int, Object]]:
        """Yield the templates of Jobs that the common one does not describe, by index."""
        for index in irregular[:_MOST_EDITED]:
            template = self._templates.get(self._likeness[index].digest)
            if template is not None and index not in self._contradicted:
                yield index, fill(template, dict(self._own_values(index)))

    def _own_values(self, index: int) -> Iterator[tuple[str, str]]:
        """Yield the values of a Job that do not follow from its index as those of the others do."""
        yield from self._selector[index]
        own, common = self._likeness[index].numbering, self.lowest.likeness.numbering
        plain = self._plain_name(index)
        if own.affixes != common.affixes:
            before, after = own.affixes or ("", "")
            yield NAME, self._names.get(index, f"{before}{plain}{after}")
        if own.key_namespace != common.key_namespace:
            namespace = own.key_namespace or ""
            yield KEY, self._keys.get(index, job_key(namespace, plain))
        if own.selected_namespace != common.selected_namespace:
            yield NAMESPACED_NAME, f"{own.selected_namespace or ''}_{plain}"
        if own.first_global_index != common.first_global_index:
            yield GLOBAL_INDEX, str((own.first_global_index or 0) + index)
        if own.first_group_index != common.first_group_index:
            yield GROUP_INDEX, str((own.first_group_index or 0) + index)

    def _plain_name(self, index: int) -> str:
        """Return the name that the set gives a Job."""
        identity = self.lowest.identity
        return job_name(identity.jobset, identity.replicated_job, index)

    def _missing(self) -> tuple[int, ...]:
        labels = mapping(mapping(self.lowest.template, "metadata"), "labels")
        announced = string(labels, keys.REPLICATED_JOB_REPLICAS)
        replicas = int(announced) if _COUNT.fullmatch(announced) else 0
        if replicas > MOST_JOBS:
            return ()
        return tuple(index for index in range(replicas) if index not in self._likeness)

    def _domains(self, pinned: Slot, indexes: Sequence[int]) -> tuple[str, ...]:
        """Return the topology domain of each Job by index, empty for a Job without one."""
        domains: Mapping[int, str] = {
            index: dict(self._selector[index])[pinned] for index in indexes
        }
        return tuple(domains.get(index, "") for index in range(max(indexes) + 1))


def _pinned(selectors: Sequence[_Selector]) -> Slot | None:
    """Return the slot of the node selector that pins each Job to a topology domain of its own.

    It is the only one in which the Jobs differ, and no two have the same value; otherwise, the
    Jobs are not pinned, and one of them was edited.
    """
    columns = [dict.fromkeys(column) for column in zip(*selectors, strict=True)]
    varied = [list(column) for column in columns if len(column) > 1]
    if len(varied) != 1 or len(varied[0]) != len(selectors):
        return None
    slot: Slot = varied[0][0][0]
    return slot
