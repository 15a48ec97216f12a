"""The normal form of a value: the same for all values that mean the same to the API server."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

from jobsetgen.diff.api_types import QUANTITY, TYPES, ApiType, type_of
from jobsetgen.diff.defaults import default, default_fields, is_absent
from jobsetgen.diff.list_keys import ListKey, item_keys, list_key
from jobsetgen.kubernetes.quantities import thousandths

_NOTHING: Hashable = (dict, frozenset())


def normal_form(value: Any, type_name: str, key: ListKey | None = None) -> Hashable:
    """Return the normal form of a value of a type; for a list, `key` is the key of its items."""
    if isinstance(value, Mapping):
        return dict, _mapping_form(value, type_of(value, type_name))
    if isinstance(value, list):
        return list, _list_form(value, type_name, key)
    if type_name == QUANTITY:
        amount = thousandths(value)
        if amount is not None:
            return QUANTITY, amount
    # The type tells `true` from 1, and a slot from its text.
    return type(value), repr(value) if isinstance(value, float) else value


def field_form(fields: Mapping[str, Any], of: ApiType, field: str) -> Hashable | None:
    """Return the normal form of a field of a mapping, or None if it is the same as no value."""
    value = fields.get(field)
    if is_absent(of, field, value):
        value = default(of, field, fields)
    type_name = of.field_type(field)
    is_plain = field in of.plain_fields
    if value is None and is_plain and type_name in TYPES:
        # Its own fields may have defaults.
        value = {}
    if value is None:
        return None
    form = normal_form(value, type_name, list_key(of, field))
    return None if is_plain and form == _NOTHING else form


def _mapping_form(value: Mapping[str, Any], of: ApiType) -> Hashable:
    forms = {field: field_form(value, of, field) for field in value.keys() | default_fields(of)}
    return frozenset((field, form) for field, form in forms.items() if form is not None)


def _list_form(items: list[Any], type_name: str, key: ListKey | None) -> Hashable:
    forms = [normal_form(item, type_name) for item in items]
    if key is None or key.is_ordered:
        return tuple(forms)
    has_keys = item_keys(items, key, type_of({}, type_name)) is not None
    return frozenset(forms) if has_keys else tuple(forms)
