"""The type of a value that a parameter of an Argo CD Application gives as text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from jobsetgen.overlays.assignments import scalar_of
from jobsetgen.plain import mapping

_LEADING_ZERO = re.compile(r"[+-]?0[0-9_]")
_CHOICES = ("anyOf", "oneOf", "allOf")


def types_of(schema: Mapping[str, Any]) -> set[str]:
    """Return the types that a schema allows, without null; none if it does not restrict them."""
    types = schema.get("type")
    found = [types] if isinstance(types, str) else types
    return {str(each) for each in found or ()} - {"null"} if isinstance(found, list) else set()


def typed(text: str, current: Any, schema: Mapping[str, Any]) -> Any:
    """Return a text as a value of a type that the schema allows or, without one, the current value has.

    It stays a text where that is a string, or where the text is not written as such a value:
    `0012` is not a number. Raises ValueError for an invalid quoted string.
    """
    types = _expected_types(schema, current)
    if not types or types == {"string"} or ("string" in types and isinstance(current, str)):
        return text
    value = scalar_of(text)
    if isinstance(value, bool):
        return value if "boolean" in types else text
    if isinstance(value, (int, float)):
        is_number = bool(types & {"integer", "number"}) and not _LEADING_ZERO.match(text.strip())
        return value if is_number else text
    return value


def typed_items(texts: Iterable[str], current: Any, schema: Mapping[str, Any]) -> list[Any]:
    """Return texts as the items of a list, by the schema of its items or by its current items."""
    items = mapping(schema, "items")
    listed = current if isinstance(current, list) and current else schema.get("default")
    old = listed[0] if isinstance(listed, list) and listed else None
    return [typed(each, old, items) for each in texts]


def _expected_types(schema: Mapping[str, Any], current: Any) -> set[str]:
    """Return the types that a schema allows, or that of a value, or none if neither says one."""
    types = types_of(schema).union(*map(types_of, _choices(schema)))
    if types:
        return types
    known = schema.get("enum")
    if not isinstance(known, list):
        known = [schema.get("default") if current is None else current]
    return {_type_of(each) for each in known if each is not None}


def _choices(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for name in _CHOICES:
        choices = schema.get(name)
        if isinstance(choices, list):
            yield from (each for each in choices if isinstance(each, dict))


def _type_of(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    return "string"
