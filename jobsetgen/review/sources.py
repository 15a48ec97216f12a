"""Where the fields of the input come from that projects changed, or that templates were filled with.

A field of an object is listed if its value is not the one in the object's own file. Where it was
changed is found by replaying the changes (`Document.step`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from jobsetgen.diagnostics import Place
from jobsetgen.kubernetes.secrets import (
    LAST_APPLIED,
    METADATA_FIELDS,
    SHOWN_FIELDS,
    holds_secret,
    is_secret,
)
from jobsetgen.model.unit import Unit
from jobsetgen.options.table import Settings
from jobsetgen.overlays.changed import Removed
from jobsetgen.overlays.editing import with_field
from jobsetgen.overlays.field_changes import FieldChange, FieldPath, field_changes, fields_of
from jobsetgen.overlays.objects import placed_identity
from jobsetgen.pipeline import Compilation
from jobsetgen.plain import mapping, string
from jobsetgen.project.layer import Layer
from jobsetgen.project.overriding import with_overrides
from jobsetgen.review.causes import Causes, replayed
from jobsetgen.source.documents import Document, Node, Origins


class Value(NamedTuple):
    """A value and where it is written. One that nobody may see `is_hidden`, and is None.

    `origins` are the places of what a template was filled with to give the value.
    """

    data: Any
    place: Place
    is_hidden: bool = False
    origins: tuple[Place, ...] = ()


class FieldSource(NamedTuple):
    """A field with its value, None if it was removed, and the places where that was set.

    `was` is what the object's own file says: the value before all changes, None if it had none. Of
    a field that a template was filled with, it is the text in the template, which is not shown.
    `overridden` is what an earlier patch or option had set, such as that of a base, if any did.
    """

    path: FieldPath
    value: Value | None
    places: tuple[Place, ...]
    was: Value | None
    is_filled: bool = False
    overridden: Value | None = None


class Removal(NamedTuple):
    """Where an object was removed, and where it is defined."""

    place: Place
    defined: Place


class ObjectSources(NamedTuple):
    """An object of the input, and its fields that were changed or filled, by their paths.

    An object that a patch has removed has its `removal` instead of fields.
    """

    kind: str
    name: str
    namespace: str
    fields: tuple[FieldSource, ...] = ()
    removal: Removal | None = None


def sources(result: Compilation) -> list[ObjectSources]:
    """Return the objects with fields that were changed or filled, in the order of the input.

    The objects that were removed come last.
    """
    found = (_of_unit(unit, result.settings, result.layers) for unit in result.units)
    return [*(each for each in found if each.fields), *map(_of_removed, result.removed)]


def _of_removed(removed: Removed) -> ObjectSources:
    identity = placed_identity(removed.document)
    first = removed.document.first or removed.document.root
    removal = Removal(removed.place, first.place)
    return ObjectSources(identity.kind, identity.name, identity.namespace, removal=removal)


def _of_unit(unit: Unit, settings: Settings, layers: Sequence[Layer]) -> ObjectSources:
    document = unit.document
    causes = replayed(document)
    root = document.root
    if unit.jobset:
        root = _with_namespace(with_overrides(root, settings), unit, layers)
        causes.add(document.root, root, _option_files(layers))
    fields = [*_changed(document, root, causes)]
    fields += _filled(root, document.origins, {each.path for each in fields})
    return ObjectSources(
        kind=unit.kind,
        name=string(mapping(root.data, "metadata"), "name"),
        namespace=unit.namespace,
        fields=tuple(sorted(fields)),
    )


def _option_files(layers: Sequence[Layer]) -> list[Node]:
    """Return what sets the options that are applied to JobSets last, the strongest first."""
    files = [each.document.root for each in layers if _is_applied(each)]
    return files[::-1]


def _is_applied(layer: Layer) -> bool:
    # A base gives its namespace to its own JobSets, even where no project inherits it.
    has_namespace = layer.document.root.child("namespace") is not None
    return has_namespace or not layer.data.keys().isdisjoint(("replicas", "images"))


def _with_namespace(root: Node, unit: Unit, layers: Sequence[Layer]) -> Node:
    """Return a JobSet in the namespace of the options, if it does not name one."""
    metadata = root.child("metadata")
    if metadata is None or metadata.data.get("namespace") or not unit.namespace:
        return root
    for value in _namespaces(unit.document, layers):
        if value.data == unit.namespace:
            return with_field(root, "metadata", with_field(metadata, "namespace", value))
    return root


def _namespaces(document: Document, layers: Sequence[Layer]) -> Iterator[Node]:
    """Yield the namespaces of options, the strongest first: its own base before other bases."""
    of_bases = [each for each in layers if each.is_of_base]
    own = [each for each in layers if not each.is_of_base]
    yield from _values(own)
    if document.given_namespace:
        yield document.given_namespace
    yield from _values(of_bases)


def _values(layers: Sequence[Layer]) -> Iterator[Node]:
    for layer in reversed(layers):
        value = layer.document.root.child("namespace")
        if layer.namespace and value is not None:
            yield value


def _changed(document: Document, root: Node, causes: Causes) -> Iterator[FieldSource]:
    """Yield the fields of an object that were changed; `root` is what it has become."""
    shown = _Shown(root)
    for change in field_changes(document.first or document.root, root, causes.opened):
        place = causes.place(change)
        yield FieldSource(
            path=change.path,
            value=shown.value(change.path, change.after),
            places=(place,) if place else (),
            was=_own_value(change, document.origins, shown),
            overridden=_overridden_value(change, causes, shown),
        )


def _own_value(change: FieldChange, origins: Origins, shown: _Shown) -> Value | None:
    """Return what the object's own file says, with where a template has it from."""
    value = shown.value(change.path, change.before)
    if value is None or change.before is None:
        return None
    return value._replace(origins=origins.of(change.before))


def _overridden_value(change: FieldChange, causes: Causes, shown: _Shown) -> Value | None:
    """Return what an earlier change had set, at the place where it did."""
    found = causes.overridden(change)
    value = shown.value(change.path, found.node) if found else None
    return value._replace(place=found.place) if found and value else None


def _filled(root: Node, origins: Origins, changed: set[FieldPath]) -> Iterator[FieldSource]:
    """Yield the fields that a template was filled with, apart from those that were changed."""
    is_shown = _Shown(root)
    for path, node in fields_of(root) if origins.places else ():
        places = origins.of(node)
        if places and path not in changed:
            value = is_shown.value(path, node)
            yield FieldSource(path, value, places, Value(None, node.place), is_filled=True)


class _Shown:
    """Which values of an object are shown: none that a Secret holds."""

    def __init__(self, root: Node) -> None:
        self._is_secret = is_secret(root.data)
        self._holds_secret = not self._is_secret and holds_secret(root.data)

    def value(self, path: FieldPath, node: Node | None) -> Value | None:
        """Return a value of the object, hidden if it may be secret; None for none."""
        if node is None:
            return None
        if self._is_hidden(path):
            return Value(None, node.place, is_hidden=True)
        return Value(node.data, node.place)

    def _is_hidden(self, path: FieldPath) -> bool:
        if self._holds_secret or path[-1] == LAST_APPLIED:
            return True
        if path == ("metadata", "annotations"):
            # An annotation may hold the whole object.
            return self._is_secret
        if not self._is_secret:
            return False
        is_metadata = path[0] == "metadata" and len(path) > 1
        return path[0] not in SHOWN_FIELDS or (is_metadata and path[1] not in METADATA_FIELDS)
