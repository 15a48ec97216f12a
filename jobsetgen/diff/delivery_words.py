"""The sentences about objects that decide what Argo CD and Flux apply, the same in every format."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

from jobsetgen.diff import words
from jobsetgen.diff.delivery import DeliveryChange
from jobsetgen.diff.entry import full_name
from jobsetgen.diff.overview import Overview
from jobsetgen.diff.words import Medium
from jobsetgen.words import listed, plural

_OBJECTS = 5
_FILES = 2
_VERBS = {"add": "was added", "remove": "was removed", "replace": "changed"}
_DECIDES = {
    **dict.fromkeys(("Application", "ApplicationSet"), "parameters, destination and path"),
    "Kustomization": "source, path and patches",
    **dict.fromkeys(("GitRepository", "OCIRepository", "Bucket"), "address and revision"),
}


def not_compared(changes: Sequence[DeliveryChange], medium: Medium) -> str:
    """Return which objects differ that are not evaluated, and what they decide."""
    groups = _groups(changes)
    shown = [_what(each, medium) for each in groups[:_OBJECTS]]
    left = len(groups) - len(shown)
    shown += [f"and {plural(left, 'more object')}"] if left else []
    return f"Not compared: {'; '.join(shown)}. {_meaning(changes, is_one=len(groups) == 1)}"


def partial_facts(overview: Overview, medium: Medium) -> list[str]:
    """Return what happens to the sets that were compared.

    That nothing restarts, or that no data is deleted, is known only if everything was compared.
    """
    if overview.kustomized or not overview.has_changes:
        return []
    nothing = [
        f"{medium.strong(label)} none." for label in (words.RESTARTS_LABEL, words.DATA_LABEL)
    ]
    return [each for each in words.events(overview, medium) if each not in nothing]


def _groups(changes: Sequence[DeliveryChange]) -> list[list[DeliveryChange]]:
    """Return the changes of each object together; it may be in several files."""
    groups: dict[Hashable, list[DeliveryChange]] = {}
    for each in changes:
        where = (each.moved_from, each.file) if each.moved_from or not each.name else ()
        key = (each.kind, each.namespace, each.name, each.operation, where)
        groups.setdefault(key, []).append(each)
    return list(groups.values())


def _what(changes: Sequence[DeliveryChange], medium: Medium) -> str:
    """Return which object of which files differs, and how."""
    first = changes[0]
    name = medium.name(full_name(first.namespace, first.name)) if first.name else ""
    label = f"{first.kind} {name}".rstrip()
    if first.operation == "move":
        return f"{label} moved from {medium.name(first.moved_from)} to {medium.name(first.file)}"
    return f"{label} in {listed(list(_files(changes, medium)))} {_VERBS[first.operation]}"


def _files(changes: Sequence[DeliveryChange], medium: Medium) -> Iterator[str]:
    yield from (medium.name(each.file) for each in changes[:_FILES])
    left = len(changes) - _FILES
    if left > 0:
        yield plural(left, "more file")


def _meaning(changes: Sequence[DeliveryChange], *, is_one: bool) -> str:
    """Return what the objects decide."""
    subject, owner = ("It decides", "its") if is_one else ("They decide", "their")
    tools = sorted({each.tool for each in changes})
    applied = f"{listed(tools)} {'applies' if len(tools) == 1 else 'apply'}"
    fields = {_DECIDES[each.kind] for each in changes}
    how = f": {owner} {fields.pop()}" if len(fields) == 1 else ", and"
    return f"{subject} what {applied}{how} can change, recreate or delete sets."
