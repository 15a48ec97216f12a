"""Hide the values of Secrets before two objects are compared.

A hidden value can be compared and says nothing else, so that no later step can show it by mistake.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jobsetgen.diff.normal_form import normal_form
from jobsetgen.kubernetes.secrets import (
    CHANGED,
    HIDDEN,
    LAST_APPLIED,
    METADATA_FIELDS,
    SHOWN_FIELDS,
    VALUE_FIELDS,
    is_secret,
    is_secret_list,
)


class Hidden:
    """A value that may not be shown."""

    __slots__ = ("_form",)

    def __init__(self, value: Any) -> None:
        self._form = normal_form(value, "")

    def __repr__(self) -> str:
        return HIDDEN

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Hidden) and self._form == other._form

    def __hash__(self) -> int:
        return hash(self._form)


def hide(value: Any) -> Any:
    """Return a value in which those of Secrets, at any depth, are hidden.

    The annotation in which kubectl keeps what it has applied is hidden in every object.
    """
    if is_secret(value):
        return {field: _hide_field(field, item) for field, item in value.items()}
    if is_secret_list(value):
        return {field: _hide_field_of_list(field, item) for field, item in value.items()}
    if isinstance(value, Mapping):
        return {key: _hide_entry(key, item) for key, item in value.items()}
    if isinstance(value, list):
        return [hide(item) for item in value]
    return value


def _hide_entry(key: Any, value: Any) -> Any:
    return _hide_value(value) if key == LAST_APPLIED else hide(value)


def _hide_field(field: str, value: Any) -> Any:
    if field == "metadata":
        return _hide_metadata(value)
    if field in SHOWN_FIELDS:
        return hide(value)
    if field in VALUE_FIELDS and isinstance(value, Mapping):
        return {key: _hide_value(item) for key, item in value.items()}
    return _hide_value(value)


def _hide_metadata(metadata: Any) -> Any:
    """Hide what is no metadata: it may be the data of the Secret, one level too deep."""
    if not isinstance(metadata, Mapping):
        return _hide_value(metadata)
    return {
        key: hide(item) if key in METADATA_FIELDS else _hide_value(item)
        for key, item in metadata.items()
    }


def _hide_field_of_list(field: str, value: Any) -> Any:
    if field != "items" or not isinstance(value, list):
        return _hide_field(field, value)
    return [_hide_item(item) for item in value]


def _hide_item(item: Any) -> Any:
    """Hide an item of a list of Secrets, which is a Secret whatever kind it names."""
    if not isinstance(item, Mapping):
        return _hide_value(item)
    return {field: _hide_field(field, value) for field, value in item.items()}


def _hide_value(value: Any) -> Any:
    return None if value is None else Hidden(value)


def shown(value: Any) -> Any:
    """Return a value for a reader: the word for a hidden one."""
    if isinstance(value, Hidden):
        return HIDDEN
    if isinstance(value, Mapping):
        return {key: shown(item) for key, item in value.items()}
    if isinstance(value, list):
        return [shown(item) for item in value]
    return value


def shown_as_changed(value: Any) -> Any:
    """Return the new one of two different values for a reader."""
    return CHANGED if isinstance(value, Hidden) else shown(value)
