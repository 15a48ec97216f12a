"""What a change did to a namespace, by the UIDs and the contents of its objects; nothing of jobsetgen is asked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from tests.cluster.harness.client import Client
from tests.cluster.harness.gitops_tool import Applied

Json = dict[str, Any]
JOB, WATCHER, CLAIM = "Job", "watcher", "claim"
_WATCHER = "-restart-watcher"
_REASON = re.compile(r"valid values|is immutable|Forbidden")


class Known(NamedTuple):
    """One object: which it is, and what of it a user or the tool has written."""

    uid: str
    content: str


Objects = Mapping[tuple[str, str], Known]
"""The objects of a namespace, by what they are here (`Job`, `watcher` or `claim`) and their names."""


def objects_of(client: Client) -> Objects:
    """Return the training Jobs, the watchers and the claims of a namespace, but none that is being deleted."""
    items = [(_role(item), item) for item in client.list("jobs")]
    items += [(CLAIM, item) for item in client.list("persistentvolumeclaims")]
    return {
        (role, item["metadata"]["name"]): Known(item["metadata"]["uid"], _content(item))
        for role, item in items
        if "deletionTimestamp" not in item["metadata"]
    }


def _role(job: Json) -> str:
    return WATCHER if job["metadata"]["name"].endswith(_WATCHER) else JOB


def _content(item: Json) -> str:
    return repr((item["spec"], sorted((item["metadata"].get("labels") or {}).items())))


class Changes(NamedTuple):
    """The objects before and after."""

    before: Objects
    after: Objects

    def fates(self, role: str) -> dict[str, str]:
        """Return what became of each object: created, deleted, replaced, changed in place, or kept."""
        names = {name for each, name in (*self.before, *self.after) if each == role}
        return {name: _fate(self.before.get((role, name)), self.after.get((role, name))) for name in sorted(names)}

    def words(self) -> list[str]:
        """Return it in words, such as `3 Jobs replaced`."""
        return [phrase for role in (JOB, WATCHER, CLAIM) for phrase in self._of(role)]

    def _of(self, role: str) -> Iterator[str]:
        fates = Counter(self.fates(role).values())
        for fate, count in sorted(fates.items()):
            if role == JOB or fate != "kept":
                yield f"{count} {role}{'s' if count > 1 else ''} {fate}"


def _fate(before: Known | None, after: Known | None) -> str:
    if before is None:
        return "created"
    if after is None:
        return "deleted"
    if before.uid != after.uid:
        return "replaced"
    return "kept" if before.content == after.content else "changed in place"


def tools_words(applied: Applied) -> str:
    """Return what a tool says, in a few words."""
    if not applied.error:
        return "synced" if applied.is_synced else "not synced"
    reason = _REASON.search(applied.error)
    return f"sync failed: {reason[0]}" if reason else "sync failed"
