"""Edit a value somewhere in a tree of nodes, which is shared and stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from jobsetgen.diagnostics import Path
from jobsetgen.source.documents import Node, mapping_node, sequence_node

EACH: Final = "[]"
"""A step of a path: each item of a list."""


def edited(node: Node, path: Path, edit: Callable[[Node], Node]) -> Node:
    """Return a tree with the values at a path replaced by what `edit` returns for them.

    A path may have several values, with the step `EACH`, or none. A tree in which nothing changes
    is returned itself.
    """
    if not path:
        return edit(node)
    step, *rest = path
    below = tuple(rest)
    if step == EACH and isinstance(node.children, list):
        items = [edited(item, below, edit) for item in node.children]
        is_same = all(new is old for new, old in zip(items, node.children, strict=True))
        return node if is_same else sequence_node(items, node.place)
    child = node.child(step)
    if child is None:
        return node
    new = edited(child, below, edit)
    return node if new is child else _with_child(node, step, new)


def values_at(node: Node, path: Path) -> Iterator[Node]:
    """Yield the values at a path, in their order."""
    if not path:
        yield node
        return
    step, *rest = path
    if step == EACH and isinstance(node.children, list):
        for item in node.children:
            yield from values_at(item, tuple(rest))
    elif child := node.child(step):
        yield from values_at(child, tuple(rest))


def with_field(node: Node, name: str, value: Node) -> Node:
    """Return a mapping with a field set; a new one is the last."""
    assert isinstance(node.children, dict)
    keys = node.keys if name in node.children else {**node.keys, name: value.place}
    return mapping_node({**node.children, name: value}, node.place, keys)


def _with_child(node: Node, step: str | int, value: Node) -> Node:
    if isinstance(step, str):
        return with_field(node, step, value)
    assert isinstance(node.children, list)
    items = [*node.children[:step], value, *node.children[step + 1 :]]
    return sequence_node(items, node.place)
