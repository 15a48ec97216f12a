"""Compare two Kubernetes objects of one kind, field by field.

What runs the same is no change: another order of a map, null and an absent field, equal quantities,
a default that is written or not, another order of a list whose order means nothing. The API server
may still treat it as another pod template, which the generation of a set shows. No byte of a string
is ignored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jobsetgen.diff.alignment import Gap, equal_blocks, gaps, unmoved
from jobsetgen.diff.api_types import OBJECT, UNKNOWN, ApiType, type_of
from jobsetgen.diff.changes import FieldChange, Path
from jobsetgen.diff.defaults import IMPLIED, default, is_absent
from jobsetgen.diff.hiding import hide, shown, shown_as_changed
from jobsetgen.diff.list_keys import ListKey, item_keys, list_key
from jobsetgen.diff.normal_form import field_form, normal_form
from jobsetgen.diff.texts import text_diff
from jobsetgen.expand.objects import Object, Slot

_Changes = Iterator[FieldChange]
_Fields = Mapping[str, Any]
_Items = Sequence[Any]


def field_changes(old: Object, new: Object) -> list[FieldChange]:
    """Return what differs between two objects of one kind; their strings may be slots.

    An item of a list without keys has the index that it has in the new list, or in the old one if
    it is removed. The values of a move are the positions of the item in the old and the new list.
    """
    return list(_of_values((), hide(old), hide(new), OBJECT))


def _of_values(
    path: Path, old: Any, new: Any, type_name: str, key: ListKey | None = None
) -> _Changes:
    """Yield the changes of a value that both sides have; for a list, `key` is that of its items."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _of_mappings(path, old, new, _common_type(old, new, type_name))
    elif isinstance(old, list) and isinstance(new, list):
        yield from _of_lists(path, old, new, type_name, key)
    elif normal_form(old, type_name, key) != normal_form(new, type_name, key):
        yield _replaced(path, old, new)


def _common_type(old: _Fields, new: _Fields, type_name: str) -> ApiType:
    of = type_of(old, type_name)
    return of if of == type_of(new, type_name) else UNKNOWN


def _of_mappings(path: Path, old: _Fields, new: _Fields, of: ApiType) -> _Changes:
    for field in sorted(old.keys() | new.keys()):
        yield from _of_field((*path, field), old, new, of, field)
    for field in IMPLIED.get(of.name, ()):
        if old.get(field) is new.get(field) is None:
            yield from _of_implied((*path, field), default(of, field, old), default(of, field, new))


def _of_implied(path: Path, old: Any, new: Any) -> _Changes:
    """Yield the change of a default between a value and none."""
    if old != new:
        yield _added(path, new) if old is None else _removed(path, old)


def _of_field(path: Path, old: _Fields, new: _Fields, of: ApiType, field: str) -> _Changes:
    before, after = old.get(field), new.get(field)
    is_added = is_absent(of, field, before)
    is_removed = is_absent(of, field, after)
    if not (is_added or is_removed):
        yield from _of_values(path, before, after, of.field_type(field), list_key(of, field))
    elif is_added and is_removed:
        return
    elif field_form(old, of, field) != field_form(new, of, field):
        yield _added(path, after) if is_added else _removed(path, before)


def _of_lists(
    path: Path, old: _Items, new: _Items, type_name: str, key: ListKey | None
) -> _Changes:
    if key is not None:
        of = type_of({}, type_name)
        before, after = item_keys(old, key, of), item_keys(new, key, of)
        if before is not None and after is not None:
            by_key = dict(zip(before, old, strict=True)), dict(zip(after, new, strict=True))
            yield from _of_keyed_items(path, *by_key, type_name)
            if key.is_ordered:
                yield from _moves(path, before, after)
            return
    yield from _of_aligned_items(path, old, new, type_name)


def _of_keyed_items(path: Path, old: _Fields, new: _Fields, type_name: str) -> _Changes:
    """Yield the changes of the items of a list by their keys."""
    for name, item in old.items():
        if name not in new:
            yield _removed((*path, name), item)
    for name, item in new.items():
        if name in old:
            yield from _of_values((*path, name), old[name], item, type_name)
        else:
            yield _added((*path, name), item)


def _moves(path: Path, old: Sequence[str], new: Sequence[str]) -> _Changes:
    """Yield the fewest items that have moved, so that the others keep their order."""
    places = {name: position for position, name in enumerate(new)}
    kept = unmoved([places[name] for name in old if name in places])
    for position, name in enumerate(old):
        if name in places and places[name] not in kept:
            yield FieldChange(path=(*path, name), operation="move", old=position, new=places[name])


def _of_aligned_items(path: Path, old: _Items, new: _Items, type_name: str) -> _Changes:
    """Yield the changes of items without keys: equal ones are paired first, then by position."""
    before = [normal_form(item, type_name) for item in old]
    after = [normal_form(item, type_name) for item in new]
    for gap in gaps(equal_blocks(before, after), len(old), len(new)):
        yield from _of_gap(path, old, new, gap, type_name)


def _of_gap(path: Path, old: _Items, new: _Items, gap: Gap, type_name: str) -> _Changes:
    removed = range(gap.old_begin, gap.old_end)
    added = range(gap.new_begin, gap.new_end)
    for i, j in zip(removed, added, strict=False):
        yield from _of_values((*path, j), old[i], new[j], type_name)
    for i in removed[len(added) :]:
        yield _removed((*path, i), old[i])
    for j in added[len(removed) :]:
        yield _added((*path, j), new[j])


def _added(path: Path, value: Any) -> FieldChange:
    return FieldChange(path=path, operation="add", new=shown(value))


def _removed(path: Path, value: Any) -> FieldChange:
    return FieldChange(path=path, operation="remove", old=shown(value))


def _replaced(path: Path, old: Any, new: Any) -> FieldChange:
    text = text_diff(old, new) if _is_text(old) and _is_text(new) else ()
    return FieldChange(
        path=path,
        operation="replace",
        old=shown(old),
        new=shown_as_changed(new),
        text=text,
    )


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and not isinstance(value, Slot)
