"""Safe access to unvalidated plain data.

Each function returns an empty value or a default for missing data and for a wrong type.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def mapping(parent: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """Return the mapping at a key, or an empty one."""
    value = parent.get(key)
    return value if isinstance(value, Mapping) else {}


def objects(parent: Mapping[str, Any], key: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield the mappings in the list at a key, with their indices."""
    for index, item in enumerate(items(parent, key)):
        if isinstance(item, Mapping):
            yield index, item


def items(parent: Mapping[str, Any], key: str) -> list[Any]:
    """Return the list at a key, or an empty one."""
    value = parent.get(key)
    return value if isinstance(value, list) else []


def strings(parent: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """Return the strings in the list at a key."""
    return tuple(item for item in items(parent, key) if isinstance(item, str))


def string(parent: Mapping[str, Any], key: str, default: str = "") -> str:
    """Return the string at a key, or the default."""
    value = parent.get(key)
    return value if isinstance(value, str) else default


def integer(parent: Mapping[str, Any], key: str, default: int) -> int:
    """Return the whole number at a key, or the default."""
    value = parent.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else default


def boolean(parent: Mapping[str, Any], key: str, default: bool) -> bool:
    """Return the boolean at a key, or the default."""
    value = parent.get(key)
    return value if isinstance(value, bool) else default


def texts(value: Any) -> Iterator[str]:
    """Yield every string in data, but no keys."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)


def without_nulls(value: Any) -> Any:
    """Return data without keys whose value is null, which the API server treats as absent."""
    if isinstance(value, Mapping):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [without_nulls(item) for item in value]
    return value
