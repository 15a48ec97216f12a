"""Find where an object was changed: the place of the patch or of the option, by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

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


class Causes:
    """Where the fields of an object were changed, by their paths."""

    def __init__(self) -> None:
        """Know no change yet."""
        self._found: dict[FieldPath, tuple[int, Place]] = {}
        self._steps = 0
        self.opened: set[FieldPath] = set(ENTRIES)

    def add(self, before: Node, after: Node, causes: Sequence[Node]) -> None:
        """Add a change; `causes` are a patch, or project files of which the strongest is first."""
        self._steps += 1
        for change in field_changes(before, after, ENTRIES):
            self._found[change.path] = self._steps, _place(change, before, causes)
            self.opened.update(change.path[:length] for length in range(1, len(change.path)))

    def place(self, change: FieldChange) -> Place | None:
        """Return where a field, or one that it is in, was changed last; None if it never was."""
        ways = (change.path[:length] for length in range(len(change.path) + 1))
        found = [(*self._found[way], len(way)) for way in ways if way in self._found]
        if not found:
            return None
        _, place, length = max(found)
        is_inside = length < len(change.path)
        if is_inside and change.after and change.after.place.file == place.file:
            return change.after.place
        return place


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
