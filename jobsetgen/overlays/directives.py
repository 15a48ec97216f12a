"""The directives of a strategic merge patch, and the keys of list items."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jobsetgen.overlays.merge_keys import DEFAULTS, MergedList
from jobsetgen.source.documents import Node

PATCH = "$patch"
RETAIN = "$retainKeys"
ORDER = "$setElementOrder/"
DELETE_FROM = "$deleteFromPrimitiveList/"
STRATEGIES = ("delete", "merge", "replace")
"""The values of `$patch`."""


def is_directive(name: str) -> bool:
    """Whether a key is a directive instead of a field."""
    return name in (PATCH, RETAIN) or name.startswith((ORDER, DELETE_FROM))


def patched_items(patch: Node) -> tuple[list[Node], bool]:
    """Return the items of a list in a patch, and whether they replace the whole list.

    They do if an item is nothing but `$patch: replace`.
    """
    assert isinstance(patch.children, list)
    items = [item for item in patch.children if item.data != {PATCH: "replace"}]
    return items, len(items) < len(patch.children)


def item_key(item: Node, how: MergedList) -> tuple[str, ...] | None:
    """Return what identifies an item of a list that is merged by keys; None if it lacks a key."""
    if not isinstance(item.data, Mapping):
        return None
    values = [_key_value(item.data, name) for name in how.keys]
    if None in values:
        return None
    return tuple(str(value) for value in values)


def _key_value(item: Mapping[str, Any], name: str) -> Any:
    """Return the value of a key of an item, or its default; None if it has none."""
    value = item.get(name)
    if value is None:
        value = DEFAULTS.get(name)
    return None if isinstance(value, (Mapping, list)) else value


def scalar_key(item: Node) -> tuple[str, ...]:
    """Return what identifies a value of a list of scalars."""
    return (repr(item.data),)
