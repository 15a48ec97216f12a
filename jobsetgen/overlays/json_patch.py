"""Apply a JSON patch (RFC 6902) to an object."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from jobsetgen.diagnostics import Diagnostic, Place, diagnostic
from jobsetgen.overlays import pointers
from jobsetgen.overlays.patch_codes import INVALID_PATCH
from jobsetgen.overlays.patch_error import MOST_VALUES, Allowance, PatchError
from jobsetgen.source.documents import Node, mapping_node, sequence_node
from jobsetgen.words import listed, near

# The fields of each operation besides `op`.
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "add": ("path", "value"),
    "remove": ("path",),
    "replace": ("path", "value"),
    "move": ("from", "path"),
    "copy": ("from", "path"),
    "test": ("path", "value"),
}
_USE = f"Use {listed(list(_FIELDS), 'or')}."
_MOST_LEVELS = 100
_LONGEST_SHOWN = 60


class Pointer(NamedTuple):
    """A pointer of an operation: its parts, and where it is written."""

    parts: tuple[str, ...]
    place: Place

    @property
    def parent(self) -> tuple[str, ...]:
        """The parts that lead to the parent."""
        return self.parts[:-1]


class Operation(NamedTuple):
    """One operation of a JSON patch."""

    op: str
    path: Pointer
    source: Pointer
    value: Node
    key: Place


class Operations(NamedTuple):
    """The operations of a patch, and what is wrong with others."""

    operations: tuple[Operation, ...]
    diagnostics: tuple[Diagnostic, ...]


# --- Read the operations --------------------------------------------------------------------------
def operations(patch: Node) -> Operations:
    """Return the operations in a list, and a diagnostic for each that is invalid."""
    assert isinstance(patch.children, list)
    found = []
    diagnostics = []
    for node in patch.children:
        wrong = list(_problems(node))
        if wrong:
            diagnostics += wrong
        else:
            found.append(_operation(node))
    return Operations(tuple(found), tuple(diagnostics))


def _problems(node: Node) -> list[Diagnostic]:
    """Return what is wrong with one operation, whatever object it is for."""
    if not isinstance(node.children, dict):
        return [_diagnostic(node.place, "an operation of a JSON patch must be a mapping")]
    if "op" not in node.children:
        return [_diagnostic(node.place, "the operation has no 'op'", _USE)]
    op = node.data["op"]
    if op not in list(_FIELDS):
        place = node.children["op"].place
        message = (
            f"unknown operation '{op}'" if isinstance(op, str) else "the 'op' must be a string"
        )
        hint = near(str(op), _FIELDS) or _USE
        return [_diagnostic(place, message, hint)]

    fields = _FIELDS[op]
    wrong = []
    for name in node.children:
        if name not in ("op", *fields):
            message = f"the operation '{op}' has no field '{name}'"
            wrong.append(_diagnostic(node.key(name), message, near(name, fields)))
    missing = [name for name in fields if name not in node.children]
    # An unknown field may be the missing one with a typo.
    if missing and not wrong:
        wrong.append(_diagnostic(node.place, f"the operation '{op}' needs a '{missing[0]}'"))
    for name in ("from", "path"):
        if name in fields and name in node.children:
            wrong += _problems_of_pointer(name, node.children[name])
    return wrong


def _problems_of_pointer(name: str, node: Node) -> list[Diagnostic]:
    if not isinstance(node.data, str):
        return [_diagnostic(node.place, f"'{name}' must be a JSON pointer, such as /spec/suspend")]
    parts = pointers.tokens(node.data)
    return [_diagnostic(node.place, parts)] if isinstance(parts, str) else []


def _operation(node: Node) -> Operation:
    """Return an operation that has been checked."""
    assert isinstance(node.children, dict)
    children = node.children
    path = _pointer(children["path"])
    return Operation(
        op=node.data["op"],
        path=path,
        source=_pointer(children["from"]) if "from" in children else path,
        value=children.get("value", node),
        key=children["path"].place,
    )


def _pointer(node: Node) -> Pointer:
    parts = pointers.tokens(node.data)
    assert isinstance(parts, tuple)
    return Pointer(parts, node.place)


def _diagnostic(place: Place, message: str, hint: str = "") -> Diagnostic:
    return diagnostic(INVALID_PATCH, place, message, hint)


# --- Apply them -----------------------------------------------------------------------------------
def applied(root: Node, found: Sequence[Operation], allowance: Allowance) -> Node:
    """Return an object after operations, in their order.

    Raises PatchError for the first that does not apply, or that makes the object too large.
    """
    is_secret = root.data.get("kind") == "Secret"
    for operation in found:
        # Each part on the way is copied, and the values of the pointer are looked at.
        allowance.take(_work(root, operation), operation.path.place)
        root = _after(root, operation, is_secret=is_secret)
        if root.size > MOST_VALUES:
            message = (
                f"the object has {root.size:,} values after this; the limit is {MOST_VALUES:,}"
            )
            raise PatchError(operation.path.place, message)
    return root


def _work(root: Node, operation: Operation) -> int:
    """Return how many values an operation looks at."""
    work = operation.value.size
    for pointer in {operation.path, operation.source}:
        node: Node | None = root
        for part in pointer.parts:
            assert node is not None
            work += len(node.children)
            step: str | int = int(part) if part.isdecimal() and len(part) < 9 else part
            if isinstance(node.children, dict):
                step = part
            node = node.child(step)
            if node is None:
                break
        else:
            work += node.size if node and operation.op in ("copy", "move", "test") else 0
    return work


def _after(root: Node, operation: Operation, *, is_secret: bool) -> Node:
    """Return an object after one operation."""
    path = operation.path
    if operation.op == "add":
        return _added(root, operation, operation.value)
    if operation.op == "replace":
        return _replaced(root, operation)
    if operation.op == "remove":
        return _removed(root, path)
    if operation.op == "test":
        _test(root, operation, is_secret=is_secret)
        return root
    source = operation.source
    value = _followed(root, source)[-1]
    if operation.op == "copy":
        return _added(root, operation, value)
    if path.parts[: len(source.parts)] == source.parts:
        if path.parts == source.parts:
            return root
        raise PatchError(path.place, "a value cannot be moved into itself")
    return _added(_removed(root, source), operation, value)


def _followed(root: Node, pointer: Pointer) -> list[Node]:
    return pointers.followed(root, pointer.parts, pointer.place)


def _added(root: Node, operation: Operation, value: Node) -> Node:
    """Return an object with a value at a new key, before an item of a list, or behind the last."""
    path = operation.path
    if len(path.parts) + _levels(value) > _MOST_LEVELS:
        raise PatchError(path.place, f"more than {_MOST_LEVELS} levels of nesting")
    if not path.parts:
        return value
    way = pointers.followed(root, path.parent, path.place, _missing_parent(path))
    parent = way[-1]
    if isinstance(parent.children, dict):
        name = path.parts[-1]
        keys = {**parent.keys, name: operation.key}
        new = mapping_node({**parent.children, name: value}, parent.place, keys)
    else:
        last = len(parent.children)
        index = pointers.index_of(parent, path.parts[-1], path.parts, path.place, last=last)
        items = [*parent.children[:index], value, *parent.children[index:]]
        new = sequence_node(items, parent.place)
    return pointers.replaced(way, path.parent, new)


def _replaced(root: Node, operation: Operation) -> Node:
    """Return an object with another value, which takes the place of its key along."""
    path = operation.path
    way = _followed(root, path)
    if not path.parts:
        return operation.value
    parent, name = way[-2], path.parts[-1]
    if not isinstance(parent.children, dict):
        return pointers.replaced(way, path.parts, operation.value)
    keys = {**parent.keys, name: operation.key}
    new = mapping_node({**parent.children, name: operation.value}, parent.place, keys)
    return pointers.replaced(way[:-1], path.parent, new)


def _missing_parent(path: Pointer) -> str:
    """Return what to do if an operation adds to something that is missing."""
    if path.parent and "." in path.parent[-1]:
        return "Write '/' in a key as '~1'."
    return f"Add {pointers.written(path.parent)} first: an operation adds one level."


def _removed(root: Node, path: Pointer) -> Node:
    """Return an object without a value."""
    if not path.parts:
        hint = "Use a strategic merge patch with '$patch: delete'."
        raise PatchError(path.place, "a JSON patch cannot remove the whole object", hint)
    way = _followed(root, path)[:-1]
    parent = way[-1]
    if isinstance(parent.children, dict):
        name = path.parts[-1]
        children = {key: child for key, child in parent.children.items() if key != name}
        # Whoever misses the field is told where it was removed.
        new = mapping_node(children, parent.place, {**parent.keys, name: path.place})
    else:
        index = int(path.parts[-1])
        items = [*parent.children[:index], *parent.children[index + 1 :]]
        new = sequence_node(items, parent.place if items else path.place)
    return pointers.replaced(way, path.parent, new)


def _levels(node: Node) -> int:
    """Return how many levels a value nests; a scalar is none."""
    children = node.children.values() if isinstance(node.children, dict) else node.children
    return max((1 + _levels(child) for child in children), default=0)


def _test(root: Node, operation: Operation, *, is_secret: bool) -> None:
    """Raise PatchError if a value is not what the operation expects."""
    value = _followed(root, operation.path)[-1].data
    if _is_same(value, operation.value.data):
        return
    message = f"the test failed: {pointers.written(operation.path.parts) or 'the object'}"
    message += " has another value" if is_secret else f" is {_shown(value)}"
    raise PatchError(operation.value.place, message)


def _is_same(one: Any, other: Any) -> bool:
    """Whether two values are the same in JSON, where true is not 1."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(_is_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_is_same, one, other))
    return bool(one == other)


def _shown(value: Any) -> str:
    """Return a value as short text."""
    text = json.dumps(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
