"""One set that changes, and what a reviewer asks of it: does it run, start, end or stay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jobsetgen.diff.changes import SetChange

Pair = tuple[int, int]
"""A number before and after."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A set that changes, with its project; empty if there is one comparison."""

    project: str
    change: SetChange

    @property
    def name(self) -> str:
        """The set's namespace and name."""
        return full_name(self.change.namespace, self.change.name)

    @property
    def consequences(self) -> frozenset[str]:
        """The ids of all that happens to it."""
        return frozenset([self.change.verdict, *(each.consequence for each in self.change.changes)])

    @property
    def jobs(self) -> Pair:
        """The numbers of its Jobs."""
        old, new = self.change.old, self.change.new
        return old.jobs if old else 0, new.jobs if new else 0

    @property
    def pods(self) -> Pair:
        """The numbers of its pods."""
        old, new = self.change.old, self.change.new
        return old.pods if old else 0, new.pods if new else 0

    @property
    def accelerators(self) -> tuple[Mapping[str, int], Mapping[str, int]]:
        """Its accelerators, by resource."""
        old, new = self.change.old, self.change.new
        return old.accelerators if old else {}, new.accelerators if new else {}

    @property
    def is_running(self) -> bool:
        """Whether the set may have pods now: it exists and is not suspended."""
        return self.change.old is not None and not self.change.old.is_suspended

    @property
    def keeps_running(self) -> bool:
        """Whether it may have pods now, and is to have some afterwards."""
        return self.is_running and not self.is_gone and not self._is_suspended_then

    @property
    def starts(self) -> bool:
        """Whether pods start that there were none of."""
        is_resumed = "resumes" in self.consequences
        return (self.is_new or is_resumed) and not self._is_suspended_then

    @property
    def is_new(self) -> bool:
        """Whether the set is created, maybe beside one of another name, or gets its first Jobs."""
        is_first = not self.jobs[0] and self.jobs[1] > 0
        return is_first or (self._is_renamed and not self.is_pruned)

    @property
    def is_gone(self) -> bool:
        """Whether the set is no longer in Git."""
        return self.change.new is None

    @property
    def is_emptied(self) -> bool:
        """Whether the set stays in Git without any Job, which ends it as if it were gone."""
        return self.jobs[0] > 0 == self.jobs[1] and self.change.verdict == "prunes"

    @property
    def is_left(self) -> bool:
        """Whether the set, or what it was called, stays in the cluster, since nothing prunes."""
        existed = self.change.old is not None
        has_ended = self.is_gone or self.is_emptied or self._is_renamed
        return existed and has_ended and not self.is_pruned

    @property
    def is_pruned(self) -> bool:
        """Whether the tool may delete what is no longer in Git; kubectl apply does not."""
        return self.change.old is not None and self.change.old.profile != "none"

    @property
    def old_name(self) -> str:
        """The namespace and the name that it had."""
        renamed = self.change.renamed_from
        return full_name(*renamed) if renamed else self.name

    @property
    def old_namespace(self) -> str:
        """The namespace that it was in."""
        return self.change.old.namespace if self.change.old else self.change.namespace

    @property
    def _is_renamed(self) -> bool:
        return self.change.renamed_from is not None

    @property
    def _is_suspended_then(self) -> bool:
        return self.change.new is not None and self.change.new.is_suspended


def full_name(namespace: str, name: str) -> str:
    """Return the name of an object with its namespace, if it has one."""
    return f"{namespace}/{name}" if namespace else name
