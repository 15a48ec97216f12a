"""Check a strategic merge patch, whatever object it is for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from jobsetgen.diagnostics import Diagnostic, Place, diagnostic
from jobsetgen.overlays.directives import (
    DELETE_FROM,
    ORDER,
    PATCH,
    RETAIN,
    STRATEGIES,
    is_directive,
    item_key,
    patched_items,
    scalar_key,
)
from jobsetgen.overlays.merge_keys import ApiType, MergedList
from jobsetgen.overlays.patch_codes import INVALID_PATCH
from jobsetgen.source.documents import Node
from jobsetgen.words import listed, near

_DIRECTIVES = (PATCH, RETAIN, ORDER, DELETE_FROM)


def problems(patch: Node, of: ApiType) -> Iterator[Diagnostic]:
    """Yield what is wrong with a mapping of a patch and everything in it.

    `of` is the type of the object, or of the part of it.
    """
    assert isinstance(patch.children, dict)
    for name, value in patch.children.items():
        if name.startswith("$"):
            yield from _of_directive(name, value, patch, of)
        elif isinstance(value.data, Mapping):
            yield from problems(value, of.inner(name))
        elif isinstance(value.data, list):
            yield from _of_list(name, value, of)


# --- Lists ----------------------------------------------------------------------------------------
def _of_list(name: str, patch: Node, of: ApiType) -> Iterator[Diagnostic]:
    """Yield what is wrong with a list."""
    how = of.lists.get(name)
    items, _ = patched_items(patch)
    if how is None:
        yield from _of_replaced_items(name, items)
    elif how.keys:
        yield from _of_keyed_items(items, how, of.inner(name))


def _of_replaced_items(name: str, items: list[Node]) -> Iterator[Diagnostic]:
    """Yield the directives in a list that is replaced as a whole."""
    for item in items:
        if isinstance(item.data, Mapping) and PATCH in item.data:
            yield _diagnostic(
                _place(item, PATCH),
                f"'{PATCH}' in the list '{name}', whose items have no merge key:"
                " the patch replaces it as a whole",
                "Write the whole list, or use a JSON patch.",
            )


def _of_keyed_items(items: list[Node], how: MergedList, of: ApiType) -> Iterator[Diagnostic]:
    """Yield what is wrong with the items of a list that is merged by keys."""
    first: dict[tuple[str, ...], Node] = {}
    for item in items:
        key = item_key(item, how)
        if key is None:
            yield _without_key(item, how)
            continue
        if key in first:
            yield _repeated(item, first[key], how)
        first.setdefault(key, item)
        yield from problems(item, of)


def _without_key(item: Node, how: MergedList) -> Diagnostic:
    if not isinstance(item.data, Mapping):
        message = f"an item of a list that is merged by {listed(how.keys)} must be a mapping"
        return _diagnostic(item.place, message)
    missing = [f"'{name}'" for name in how.keys if item_key(item, MergedList((name,))) is None]
    message = f"the item lacks its merge key {listed(missing)}"
    return _diagnostic(item.place, message, f"Add {listed(missing)} of the item to patch.")


def _repeated(item: Node, first: Node, how: MergedList) -> Diagnostic:
    return _diagnostic(
        _place(item, how.keys[0]),
        f"the patch has two items with {_keys(item, how)} (the first on line {first.place.line})",
        "Merge the two items.",
    )


# --- Directives -----------------------------------------------------------------------------------
def _of_directive(name: str, value: Node, patch: Node, of: ApiType) -> Iterator[Diagnostic]:
    """Yield what is wrong with a directive, or with a key that looks like one."""
    if name == PATCH:
        yield from _of_strategy(value)
    elif name == RETAIN:
        yield from _of_retained(value, patch)
    elif name.startswith(ORDER):
        yield from _of_order(name.removeprefix(ORDER), value, patch, of)
    elif name.startswith(DELETE_FROM):
        yield from _of_removed(name, value, patch, of)
    elif of.is_known:
        hint = near(name, _DIRECTIVES) or f"Known directives: {', '.join(_DIRECTIVES)}."
        yield _diagnostic(_place(patch, name), f"unknown directive '{name}'", hint)


def _of_strategy(value: Node) -> Iterator[Diagnostic]:
    if value.data not in STRATEGIES:
        found = f"'{value.data}'" if isinstance(value.data, str) else "a value of another type"
        message = f"'{PATCH}' is {found}, but must be {listed(STRATEGIES, 'or')}"
        yield _diagnostic(value.place, message, near(str(value.data), STRATEGIES))


def _of_retained(value: Node, patch: Node) -> Iterator[Diagnostic]:
    """Yield the fields of a patch that its `$retainKeys` would remove again."""
    if not _is_texts(value):
        yield _diagnostic(value.place, f"'{RETAIN}' must be a list of keys")
        return
    retained = set(value.data)
    assert isinstance(patch.children, dict)
    for name, child in patch.children.items():
        if child.data is None or is_directive(name) or name in retained:
            continue
        message = f"the patch sets '{name}', which its '{RETAIN}' does not name"
        yield _diagnostic(patch.key(name), message, f"Add '{name}' to '{RETAIN}'.")


def _of_order(field: str, order: Node, patch: Node, of: ApiType) -> Iterator[Diagnostic]:
    """Yield what is wrong with the order of a list."""
    how = of.lists.get(field)
    if how is None:
        message = f"the list '{field}' is not merged, so '{ORDER}{field}' has no effect"
        yield _diagnostic(_place(patch, ORDER + field), message, "Write the list in its order.")
        return
    if not isinstance(order.data, list):
        yield _diagnostic(order.place, f"'{ORDER}{field}' must be a list")
        return
    items = list(_items(order))
    if how.keys:
        yield from _of_keyed_items(items, how, of.inner(field))
    child = patch.child(field)
    if child is None or not isinstance(child.data, list):
        return
    known = {_key(item, how) for item in items}
    for item in patched_items(child)[0]:
        is_removed = isinstance(item.data, Mapping) and item.data.get(PATCH) == "delete"
        if not is_removed and _key(item, how) not in known:
            message = f"{_described(item, how)} is not in '{ORDER}{field}'"
            yield _diagnostic(item.place, message, "Add it there.")


def _key(item: Node, how: MergedList) -> tuple[str, ...] | None:
    return item_key(item, how) if how.keys else scalar_key(item)


def _described(item: Node, how: MergedList) -> str:
    """Return an item of a list for a message."""
    if not isinstance(item.data, Mapping):
        return "the value" if isinstance(item.data, list) else f"the value '{item.data}'"
    return f"the item with {_keys(item, how)}"


def _keys(item: Node, how: MergedList) -> str:
    """Return the merge keys of an item and their values."""
    return listed([f"{name} '{item.data[name]}'" for name in how.keys if name in item.data])


def _of_removed(name: str, value: Node, patch: Node, of: ApiType) -> Iterator[Diagnostic]:
    """Yield what is wrong with the values to remove from a list."""
    field = name.removeprefix(DELETE_FROM)
    how = of.lists.get(field)
    if how is not None and how.keys:
        message = f"the items of '{field}' are mappings, so '{name}' has no effect"
        hint = f"To remove an item, write its {listed(how.keys)} and '{PATCH}: delete'."
        yield _diagnostic(_place(patch, name), message, hint)
        return
    if not isinstance(value.data, list):
        yield _diagnostic(value.place, f"'{name}' must be a list of values")
        return
    for item in _items(value):
        if isinstance(item.data, (Mapping, list)):
            yield _diagnostic(item.place, f"'{name}' must be a list of strings or numbers")


def _items(node: Node) -> Iterable[Node]:
    return node.children if isinstance(node.children, list) else []


def _is_texts(value: Node) -> bool:
    return isinstance(value.data, list) and all(isinstance(each, str) for each in value.data)


def _place(patch: Node, name: str) -> Place:
    """Return the place of a key, or of the mapping without it."""
    assert isinstance(patch.children, dict)
    return patch.key(name) if name in patch.children else patch.place


def _diagnostic(place: Place, message: str, hint: str = "") -> Diagnostic:
    return diagnostic(INVALID_PATCH, place, message, hint)
