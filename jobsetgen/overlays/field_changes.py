"""The fields in which two states of an object differ; list items are named as patches name them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from jobsetgen.diagnostics import Place
from jobsetgen.overlays.directives import item_key
from jobsetgen.overlays.merge_keys import ApiType, MergedList, type_of
from jobsetgen.overlays.objects import identity_of
from jobsetgen.source.documents import Node, mapping_node, sequence_node

FieldPath = tuple[str, ...]
"""The path of a field: keys, and items of lists in brackets, such as `[workers]` or `[0]`."""


class FieldChange(NamedTuple):
    """A field that differs: `before` is None if it was added, `after` if it was removed."""

    path: FieldPath
    before: Node | None
    after: Node | None


def field_changes(
    before: Node, after: Node, opened: Collection[FieldPath] = ()
) -> Iterator[FieldChange]:
    """Yield the fields that differ, each at the highest level at which it does.

    Instead of a field that was added at one of the paths `opened`, the fields in it are yielded. A
    list that patches replace as a whole is one field. Items in another order are not a change,
    unless nothing else in their list is.
    """
    yield from _Comparison(opened).changes((), before, after, type_of_object(before))


def type_of_object(root: Node) -> ApiType:
    """Return the type of an object."""
    identity = identity_of(root.data)
    return type_of(identity.group, identity.kind)


def fields_of(root: Node) -> Iterator[tuple[FieldPath, Node]]:
    """Yield each value of an object with its path, those with values in them first."""
    waiting: list[tuple[FieldPath, Node, ApiType, MergedList | None]]
    waiting = [((), root, type_of_object(root), None)]
    while waiting:
        path, node, of, how = waiting.pop()
        yield path, node
        if isinstance(node.children, list):
            named = keyed_items(node, how) or _numbered(node.children)
            waiting += [((*path, step), item, of, None) for step, item in named.items()]
            continue
        for step, child in node.children.items():
            waiting.append(((*path, step), child, of.inner(step), of.lists.get(step)))


def _numbered(items: Sequence[Node]) -> dict[str, Node]:
    return {f"[{index}]": item for index, item in enumerate(items)}


def keyed_items(node: Node, how: MergedList | None) -> dict[str, Node] | None:
    """Return the items of a list by their keys, or None if they are not told apart by keys."""
    if how is None or not how.keys or not isinstance(node.data, list):
        return None
    assert isinstance(node.children, list)
    items: dict[str, Node] = {}
    for item in node.children:
        key = item_key(item, how)
        if key is None:
            return None
        items[_step(key)] = item
    return items if len(items) == len(node.children) else None


class _Comparison:
    """A comparison of two states of an object."""

    def __init__(self, opened: Collection[FieldPath]) -> None:
        self._opened = opened

    def changes(
        self, path: FieldPath, before: Node, after: Node, of: ApiType, how: MergedList | None = None
    ) -> Iterator[FieldChange]:
        """Yield the fields that differ below a path.

        `of` is the type of a mapping, or of the items of a list, and `how` is how that is merged.
        """
        if before is after:
            return
        old, new = _comparable(before, how), _comparable(after, how)
        has_changes = False
        if old is not None and new is not None:
            for change in self._inner(path, old, new, of, is_list=how is not None):
                has_changes = True
                yield change
        # A list may differ in nothing but its order.
        if not has_changes and not _is_same(before, after):
            yield FieldChange(path, before, after)

    def _inner(
        self,
        path: FieldPath,
        old: Mapping[str, Node],
        new: Mapping[str, Node],
        of: ApiType,
        *,
        is_list: bool,
    ) -> Iterator[FieldChange]:
        for step in dict.fromkeys([*old, *new]):
            before, after = old.get(step), new.get(step)
            # Most values are shared by both states, and there may be many.
            if before is after:
                continue
            here = (*path, step)
            if before is None and after is not None and here in self._opened:
                before = _emptied(after)
            if before is None or after is None:
                yield FieldChange(here, before, after)
            elif is_list:
                yield from self.changes(here, before, after, of)
            else:
                inner, how = of.inner(step), of.lists.get(step)
                yield from self.changes(here, before, after, inner, how)


def _emptied(node: Node) -> Node | None:
    """Return a mapping or a list without what is in it; None for a scalar."""
    if isinstance(node.data, list):
        return sequence_node([], node.place)
    return mapping_node({}, node.place) if isinstance(node.children, dict) else None


def nearest_place(root: Node, path: FieldPath, of: ApiType) -> Place:
    """Return the place of a field in a patch for an object of a type, or of what it is in."""
    node, place = root, root.place
    how: MergedList | None = None
    for step in path:
        if isinstance(node.children, list):
            child = _item(node.children, step, how)
            place = child.place if child else place
            how = None
        else:
            child = node.child(step)
            place = node.key(step) if child else place
            of, how = of.inner(step), of.lists.get(step)
        if child is None:
            break
        node = child
    return place


def _item(items: Sequence[Node], step: str, how: MergedList | None) -> Node | None:
    """Return the item of a list that is merged by keys which has the key of a step."""
    if how is None:
        return None
    keyed = ((item_key(item, how), item) for item in items)
    return next((item for key, item in keyed if key and _step(key) == step), None)


def _step(key: Sequence[str]) -> str:
    return f"[{'/'.join(key)}]"


def _comparable(node: Node, how: MergedList | None) -> Mapping[str, Node] | None:
    """Return the values of a node that are compared one by one, or None if it is a value itself."""
    if isinstance(node.children, dict):
        return node.children
    return keyed_items(node, how)


def _is_same(before: Node, after: Node) -> bool:
    """Whether two values are equal; 1 and true are not."""
    return _text(before) == _text(after)


def _text(node: Node) -> str:
    return json.dumps(node.data, sort_keys=True)
