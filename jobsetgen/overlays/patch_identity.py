"""What in a patch names its object: it selects the object, and does not change it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from jobsetgen.overlays.objects import identity_of
from jobsetgen.overlays.patch_error import PatchError
from jobsetgen.source.documents import Document, Node, mapping_node

_IDENTITY = frozenset(["apiVersion", "kind"])
_NAMES = frozenset(["name", "namespace"])


def without_identity(patch: Node) -> Node:
    """Return a patch with a target without what else would name its object."""
    return _without(patch, _IDENTITY, _NAMES)


def without_namespace(patch: Node) -> Node:
    """Return a patch without the namespace of its object."""
    return _without(patch, (), ("namespace",))


def _without(patch: Node, fields: Collection[str], of_metadata: Collection[str]) -> Node:
    """Return a patch without some of its fields, and without some of its metadata."""
    assert isinstance(patch.children, dict)
    children = {name: child for name, child in patch.children.items() if name not in fields}
    metadata = children.get("metadata")
    if metadata is not None and isinstance(metadata.children, dict):
        kept = {name: child for name, child in metadata.children.items() if name not in of_metadata}
        children["metadata"] = mapping_node(kept, metadata.place, metadata.keys)
    return mapping_node(children, patch.place, patch.keys)


def check_identity(before: Node, after: Node, patch: Node) -> None:
    """Raise PatchError if a patch has changed what identifies an object."""
    if not isinstance(after.data, Mapping):
        raise PatchError(patch.place, "the patch replaces the whole object by something else")
    old, new = identity_of(before.data), identity_of(after.data)
    if old._replace(namespace="") == new._replace(namespace=""):
        return
    for field in ("kind", "name", "group", "version"):
        was, now = getattr(old, field), getattr(new, field)
        if was == now:
            continue
        path = {"kind": ("kind",), "name": ("metadata", "name")}.get(field, ("apiVersion",))
        place = Document(after).place(path) if now else patch.place
        message = f"the patch removes the {field} of the object, '{was}'"
        if now:
            message = f"the patch changes the {field} of the object from '{was}' to '{now}'"
        hint = "Rename it with namePrefix or nameSuffix, or where it is defined."
        raise PatchError(place, message, hint if field == "name" else "Change it in its own file.")
