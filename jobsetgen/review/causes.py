"""Find where an object was changed: the place of the patch or of the option, by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from jobsetgen.diagnostics import Place
from jobsetgen.kubernetes.images import image_name
from jobsetgen.overlays.field_changes import (
    FieldChange,
    FieldPath,
    field_changes,
    nearest_place,
    type_of_object,
)
from jobsetgen.plain import mapping, string
from jobsetgen.source.documents import Document, Node, Step

_PROJECT = "JobSetGenerator"
_IMAGE_FIELDS = ("newTag", "digest", "newName")
_REPLICAS = ("spec", "replicatedJobs", "replicas")


ENTRIES: tuple[FieldPath, ...] = (("metadata", "labels"), ("metadata", "annotations"))
"""Mappings whose entries are fields of their own, even where the mapping is new."""


class Overridden(NamedTuple):
    """The value of a field that an earlier change had set, and the place where it did."""

    node: Node
    place: Place


class _Cause(NamedTuple):
    """A change of a field: its number, its place and what it has overridden of an earlier one."""

    step: int
    place: Place
    overridden: Overridden | None = None


class Causes:
    """Where the fields of an object were changed, by their paths."""

    def __init__(self) -> None:
        """Know no change yet."""
        self._found: dict[FieldPath, _Cause] = {}
        self._steps = 0
        self.opened: set[FieldPath] = set(ENTRIES)

    def add(self, before: Node, after: Node, causes: Sequence[Node]) -> None:
        """Add a change; `causes` are a patch, or project files of which the strongest is first."""
        self._steps += 1
        for change in field_changes(before, after, ENTRIES):
            place = _place(change, before, causes)
            self._found[change.path] = _Cause(self._steps, place, self._earlier(change))
            self.opened.update(change.path[:length] for length in range(1, len(change.path)))

    def place(self, change: FieldChange) -> Place | None:
        """Return where a field, or one that it is in, was changed last; None if it never was."""
        return self._place_of(change.path, change.after)

    def overridden(self, change: FieldChange) -> Overridden | None:
        """Return what the last change of a field has overridden of an earlier one, if anything."""
        way = self._last_change(change.path)
        return self._found[way].overridden if way == change.path else None

    def _earlier(self, change: FieldChange) -> Overridden | None:
        """Return the value before a change, if it is that of an earlier change."""
        if change.before is None:
            return None
        place = self._place_of(change.path, change.before)
        return Overridden(change.before, place) if place else None

    def _place_of(self, path: FieldPath, value: Node | None) -> Place | None:
        """Return where a field was given a value, or None if that was never changed."""
        way = self._last_change(path)
        if way is None:
            return None
        place = self._found[way].place
        is_inside = len(way) < len(path)
        if is_inside and value and value.place.file == place.file:
            return value.place
        return place

    def _last_change(self, path: FieldPath) -> FieldPath | None:
        """Return the path of the last change of a field, or of one that it is in."""
        ways = (path[:length] for length in range(len(path) + 1))
        changed = [way for way in ways if way in self._found]
        return max(changed, key=lambda way: self._found[way].step, default=None)


def replayed(document: Document) -> Causes:
    """Return the causes of all changes of a document."""
    causes = Causes()
    root = document.first or document.root
    for step in steps_of(document):
        for after, cause in step.replay(root):
            causes.add(root, after, [cause])
            root = after
    return causes


def steps_of(document: Document) -> list[Step]:
    """Return the changes of a document, the first one first."""
    steps = []
    step = document.step
    while step is not None:
        steps.append(step)
        step = step.before
    return steps[::-1]


def _place(change: FieldChange, root: Node, causes: Sequence[Node]) -> Place:
    """Return where a field was changed; `root` is the object before."""
    after, cause = change.after, causes[0]
    is_new = after is not None and (change.before is None or after.place != change.before.place)
    if is_new and after is not None and after.place.file in [each.place.file for each in causes]:
        return after.place
    if cause.data.get("kind") == _PROJECT:
        return next(_option_places(change, root, causes), cause.place)
    if "op" in cause.data and (pointer := cause.child("path")):
        return pointer.place
    return nearest_place(cause, change.path, type_of_object(root))


def _option_places(change: FieldChange, root: Node, projects: Sequence[Node]) -> Iterator[Place]:
    """Yield the places of the option that changed a field, in the projects that have it."""
    for project in projects:
        yield from _option_place(change, root, project)


def _option_place(change: FieldChange, root: Node, project: Node) -> Iterator[Place]:
    *above, field = change.path
    if change.path == ("metadata", "namespace"):
        yield from _child_places(project, "namespace")
    elif field == "replicas" and (*above[:2], field) == _REPLICAS:
        name = string(mapping(root.data, "metadata"), "name")
        entry = {"jobSet": name, "replicatedJob": above[2].strip("[]")}
        yield from _entry_places(project, "replicas", entry, "replicas")
    elif field == "image":
        old = str(change.before.data) if change.before else ""
        for option in _IMAGE_FIELDS:
            yield from _entry_places(project, "images", {"name": image_name(old)}, option)
    else:
        yield from _child_places(project, "namePrefix")
        yield from _child_places(project, "nameSuffix")


def _child_places(node: Node, field: str) -> Iterator[Place]:
    child = node.child(field)
    if child is not None:
        yield child.place


def _entry_places(
    project: Node, option: str, entry: Mapping[str, str], field: str
) -> Iterator[Place]:
    """Yield the places of a field of the entries of an option that name something."""
    node = project.child(option)
    for item in node.children if node and isinstance(node.children, list) else []:
        if all(item.data.get(name) == value for name, value in entry.items()):
            yield from _child_places(item, field)
