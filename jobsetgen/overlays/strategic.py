"""Apply a strategic merge patch to an object.

Mappings are merged, `null` removes a key, and lists are merged by their keys or replaced
(merge_keys). The patch was checked before (strategic_checks). Where kubectl and kustomize differ,
this does what kustomize does, except for directives that kustomize leaves in the output.
Upstream: sig-api-machinery/strategic-merge-patch.md in kubernetes/community.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jobsetgen.diagnostics import Place
from jobsetgen.overlays.directives import (
    DELETE_FROM,
    ORDER,
    PATCH,
    RETAIN,
    is_directive,
    item_key,
    patched_items,
    scalar_key,
)
from jobsetgen.overlays.merge_keys import ApiType, MergedList
from jobsetgen.overlays.misspelt_items import check_names
from jobsetgen.overlays.patch_error import PatchError
from jobsetgen.source.documents import Node, mapping_node, sequence_node

_Key = tuple[str, ...]
_Changes = Mapping[_Key, Node | None]
"""The items that a patch changes or adds, by their keys; None for one that it removes."""

_SCALARS = MergedList()
_OTHER_SHAPE = "To replace it all the same, use a JSON patch: {op: replace, path: …, value: …}."


def merged(base: Node | None, patch: Node, of: ApiType) -> Node | None:
    """Return a mapping after a patch, or None if the patch removes it.

    Neither is modified. Raises PatchError if the base has two items with the key of one in the
    patch, or if the patch misspells the name of one.
    """
    directive = patch.data.get(PATCH)
    if directive == "delete":
        return None
    if base is None or directive == "replace" or not isinstance(base.children, dict):
        base = mapping_node({}, patch.place)
    assert isinstance(base.children, dict)
    assert isinstance(patch.children, dict)

    children = _without_deleted(base.children, patch.children)
    keys = dict(base.keys)
    for name, value in patch.children.items():
        if is_directive(name):
            continue
        found = _field(children.get(name), value, name, of)
        is_new = name not in children
        if found is None:
            children.pop(name, None)
        else:
            children[name] = found
        if _is_of_patch(found, value, is_new=is_new):
            keys[name] = patch.key(name)

    children = _ordered(children, base.children, patch.children, of)
    retained = _retained(children, patch)
    # What is missing afterwards was removed by the directive.
    keys.update((name, patch.key(RETAIN)) for name in children if name not in retained)
    return mapping_node(retained, base.place, keys)


def _is_of_patch(found: Node | None, value: Node, *, is_new: bool) -> bool:
    """Whether the key of a field has its place in the patch; `found` is the field after it.

    The place of a key stays known when a patch removes the field, for those who miss it.
    """
    if found is None:
        return not is_new
    return is_new or found.place == value.place


def _field(base: Node | None, patch: Node, name: str, of: ApiType) -> Node | None:
    """Return the value of a field after a patch, or None if the patch removes it."""
    if patch.data is None:
        return None
    if base is not None:
        _check_shape(base, patch, name)
    if isinstance(patch.data, Mapping):
        return merged(base, patch, of.inner(name))
    if isinstance(patch.data, list):
        return _list(base, patch, name, of)
    return patch


def _check_shape(base: Node, patch: Node, name: str) -> None:
    """Raise PatchError if a patch would turn a field into something of another shape.

    kustomize refuses that as well; what is meant is most often one level higher or lower.
    """
    before, after = _shape(base), _shape(patch)
    if base.data is None or before == after or _is_replacement(patch):
        return
    message = (
        f"'{name}' is {after}, but {before} in the object ({base.place.file}:{base.place.line})"
    )
    raise PatchError(patch.place, message, _OTHER_SHAPE)


def _shape(node: Node) -> str:
    if isinstance(node.data, Mapping):
        return "a mapping"
    return "a list" if isinstance(node.data, list) else "a single value"


def _is_replacement(patch: Node) -> bool:
    return isinstance(patch.data, Mapping) and patch.data.get(PATCH) == "replace"


def _list(base: Node | None, patch: Node, name: str, of: ApiType) -> Node:
    """Return a list after a patch: merged by its keys, or replaced."""
    items, is_replaced = patched_items(patch)
    before = [] if base is None or is_replaced else _items(base)
    if name not in of.lists:
        return sequence_node(items, patch.place) if is_replaced else patch
    place = patch.place if base is None or is_replaced else base.place
    how = of.lists[name]
    if not how.keys:
        return sequence_node(_merged_scalars(before, items), place)
    check_names(before, items, name)
    after = _merged_items(before, items, how, of.inner(name))
    if before and not after:
        place = _place_of_removal(items[-1])
    return sequence_node(after, place)


def _place_of_removal(item: Node) -> Place:
    """Return where a patch removes an item."""
    return item.key(PATCH) if item.child(PATCH) else item.place


def _merged_items(
    base: Sequence[Node], patch: Sequence[Node], how: MergedList, of: ApiType
) -> list[Node]:
    """Return the items of a list that is merged by keys."""
    positions = _positions(base, how)
    changes: dict[_Key, Node | None] = {}
    for item in patch:
        key = item_key(item, how)
        assert key is not None
        indexes = positions.get(key, [])
        if len(indexes) > 1:
            raise _ambiguous(item, [base[index] for index in indexes], how)
        before = base[indexes[0]] if indexes else None
        changes[key] = merged(before, item, of)

    if how.is_in_place:
        return _in_place(base, changes, how)
    changed = [item for item in changes.values() if item is not None]
    others = [item for item in base if item_key(item, how) not in changes]
    return [*changed, *others]


def _in_place(base: Sequence[Node], changes: _Changes, how: MergedList) -> list[Node]:
    """Return the items of the base, each where it was, and new ones behind them."""
    added = dict(changes)
    items: list[Node | None] = []
    for item in base:
        key = item_key(item, how)
        if key is None or key not in added:
            items.append(item)
        else:
            items.append(added.pop(key))
    items += added.values()
    return [item for item in items if item is not None]


def _positions(items: Sequence[Node], how: MergedList) -> dict[tuple[str, ...], list[int]]:
    """Return the indexes of the items with each key."""
    positions: dict[tuple[str, ...], list[int]] = {}
    for index, item in enumerate(items):
        key = item_key(item, how)
        if key is not None:
            positions.setdefault(key, []).append(index)
    return positions


def _ambiguous(item: Node, found: Sequence[Node], how: MergedList) -> PatchError:
    first, second = found[0].place, found[1].place
    keys = ", ".join(f"{name} '{item.data.get(name)}'" for name in how.keys if name in item.data)
    message = (
        f"the list to patch has two items with {keys}:"
        f" at {first.file}:{first.line} and at {second.file}:{second.line}"
    )
    name = found[1].child(how.keys[0]) or found[1]
    return PatchError(item.place, message, "Remove one of the two.", cause=name.place)


def _merged_scalars(base: Sequence[Node], patch: Sequence[Node]) -> list[Node]:
    """Return the values of a patch, and those of the base that are not among them."""
    known = {scalar_key(item): item for item in patch}
    return [*known.values(), *(item for item in base if scalar_key(item) not in known)]


def _items(node: Node) -> list[Node]:
    return node.children if isinstance(node.children, list) else []


# --- Directives beside the fields -----------------------------------------------------------------
def _without_deleted(base: Mapping[str, Node], patch: Mapping[str, Node]) -> dict[str, Node]:
    """Return the fields of the base without the values that a patch removes from lists."""
    children = dict(base)
    for name, value in patch.items():
        field = name.removeprefix(DELETE_FROM)
        if field == name or field not in base:
            continue
        removed = {scalar_key(item) for item in _items(value)}
        items = [item for item in _items(base[field]) if scalar_key(item) not in removed]
        children[field] = sequence_node(items, base[field].place)
    return children


def _ordered(
    children: dict[str, Node],
    base: Mapping[str, Node],
    patch: Mapping[str, Node],
    of: ApiType,
) -> dict[str, Node]:
    """Return fields with their lists in the order that a patch sets."""
    for name, order in patch.items():
        field = name.removeprefix(ORDER)
        if field == name or field not in children:
            continue
        how = of.lists.get(field, _SCALARS)
        before = _items(base[field]) if field in base else []
        items = _in_order(_items(children[field]), _items(order), before, how)
        children[field] = sequence_node(items, children[field].place)
    return children


def _in_order(
    items: Sequence[Node], order: Sequence[Node], base: Sequence[Node], how: MergedList
) -> list[Node]:
    """Return items in an order.

    As in Kubernetes, an item that the order leaves out stands before the next item of the order
    that it stood before in the base.
    """
    ranks = _ranks(order, how)
    ranks_before = _ranks(base, how)
    chosen = sorted(
        (item for item in items if _key(item, how) in ranks),
        key=lambda item: ranks[_key(item, how)],
    )
    others = [item for item in items if _key(item, how) not in ranks]

    result = []
    waiting = iter(others)
    other = next(waiting, None)
    for item in chosen:
        rank = ranks_before.get(_key(item, how), -1)
        while other is not None and ranks_before.get(_key(other, how), rank) < rank:
            result.append(other)
            other = next(waiting, None)
        result.append(item)
    return [*result, *([] if other is None else [other]), *waiting]


def _ranks(items: Sequence[Node], how: MergedList) -> dict[tuple[str, ...] | None, int]:
    return {_key(item, how): rank for rank, item in enumerate(items)}


def _key(item: Node, how: MergedList) -> tuple[str, ...] | None:
    return item_key(item, how) if how.keys else scalar_key(item)


def _retained(children: dict[str, Node], patch: Node) -> dict[str, Node]:
    """Return the fields that a patch lets stay, if it names them."""
    if RETAIN not in patch.data:
        return children
    names = set(patch.data[RETAIN])
    return {name: child for name, child in children.items() if name in names}
