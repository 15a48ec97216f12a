"""JSON pointers (RFC 6901): read them, follow them, and change the value that they lead to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from jobsetgen.diagnostics import Place
from jobsetgen.overlays.patch_error import PatchError
from jobsetgen.source.documents import Node, mapping_node, sequence_node
from jobsetgen.words import near, plural

_INDEX = re.compile(r"(0|[1-9][0-9]{0,8})\Z")
_ESCAPE = re.compile(r"~(?![01])")
_COUNT = "Count the items from 0."
END = "-"
"""The index behind the last item of a list."""


def tokens(pointer: str) -> tuple[str, ...] | str:
    """Return the parts of a pointer, or what is wrong with it."""
    if not pointer:
        return ()
    if not pointer.startswith("/"):
        return f"invalid JSON pointer '{pointer}': it must begin with '/'"
    if _ESCAPE.search(pointer):
        return f"invalid JSON pointer '{pointer}': '~' must be written as '~0', and '/' as '~1'"
    parts = pointer[1:].split("/")
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in parts)


def written(parts: Sequence[str]) -> str:
    """Return parts as a pointer."""
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts)


def followed(root: Node, parts: Sequence[str], place: Place, hint: str = "") -> list[Node]:
    """Return the values on the way of a pointer, from the root to the value it leads to.

    Raises PatchError at the place for a part that does not exist; `hint` is what to do about a
    missing key, if no key is similar.
    """
    way = [root]
    for count in range(1, len(parts) + 1):
        way.append(_step(way[-1], parts[:count], parts[count : count + 1], place, hint))
    return way


def _step(
    node: Node, parts: Sequence[str], following: Sequence[str], place: Place, hint: str
) -> Node:
    """Return a child by the last part of a pointer. Raises PatchError if there is none."""
    part = parts[-1]
    if not isinstance(node.children, dict):
        return node.children[index_of(node, part, parts, place, last=len(node.children) - 1)]
    if part in node.children:
        return node.children[part]
    found = _key_with_slash(node, part, following) or hint
    if not found or "." not in part:
        found = near(part, node.children) or found
    raise PatchError(place, f"{written(parts)}: no such key", found)


def _key_with_slash(node: Node, part: str, following: Sequence[str]) -> str:
    """Return how to write the key that a part of a pointer and the next one are, or nothing."""
    key = "/".join([part, *following])
    return f"Write '/' in a key as '~1': {written([key])[1:]}." if key in node.data else ""


def index_of(node: Node, part: str, parts: Sequence[str], place: Place, *, last: int) -> int:
    """Return the index of a list that a part is, at most the last one. Raises PatchError."""
    pointer = written(parts)
    if not isinstance(node.data, list):
        parent = written(parts[:-1]) or "the root"
        message = f"{pointer}: {parent} is neither a mapping nor a list"
        raise PatchError(place, message)
    if part != END and not _INDEX.match(part):
        message = f"{pointer}: invalid index '{part}'; the list has {_items(node)}"
        raise PatchError(place, message, _index_hint(node.data, part))
    index = len(node.children) if part == END else int(part)
    if index > last:
        raise PatchError(place, f"{pointer}: the list has {_items(node)}", _COUNT)
    return index


def _index_hint(items: Sequence[Any], name: str) -> str:
    """Return the index of the item with a name, if there is one."""
    for index, item in enumerate(items):
        if isinstance(item, Mapping) and item.get("name") == name:
            return f"Write the index of the item with the name '{name}': {index}."
    return _COUNT


def _items(node: Node) -> str:
    return plural(len(node.children), "item")


def replaced(way: Sequence[Node], parts: Sequence[str], new: Node) -> Node:
    """Return the root with a new value at the end of a way that was followed."""
    for parent, part in zip(reversed(way[:-1]), reversed(parts), strict=True):
        new = _with_child(parent, part, new)
    return new


def _with_child(parent: Node, part: str, child: Node) -> Node:
    """Return a parent with a new value instead of a child that it has."""
    if isinstance(parent.children, dict):
        return mapping_node({**parent.children, part: child}, parent.place, parent.keys)
    items = list(parent.children)
    items[int(part)] = child
    return sequence_node(items, parent.place)
