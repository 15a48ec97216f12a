"""A fast check of data against a schema, for the few keywords that our schemas use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

RANGES = {"int32": 2**31, "int64": 2**63}
"""The limit of each format: -limit <= number < limit."""


def conforms(value: Any, schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> bool:
    """Whether a value is valid against a schema."""
    schema = resolved(schema, definitions)
    if not _is_allowed(value, schema):
        return False

    if isinstance(value, dict):
        return _object_conforms(value, schema, definitions)
    if isinstance(value, list):
        return _list_conforms(value, schema, definitions)
    if isinstance(value, (str, bool)):
        return True
    return _number_conforms(value, schema)


def resolved(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the schema with its reference resolved, if it is one."""
    while "$ref" in schema:
        schema = definitions[schema["$ref"].rpartition("/")[2]]
    return schema


def _is_allowed(value: Any, schema: Mapping[str, Any]) -> bool:
    """Whether a value has the schema's type and is one of its enumerated values."""
    if not is_of_type(value, schema):
        return False
    return "enum" not in schema or value in schema["enum"]


def _list_conforms(
    value: list[Any], schema: Mapping[str, Any], definitions: Mapping[str, Any]
) -> bool:
    if len(value) > schema.get("maxItems", len(value)):
        return False
    items = schema.get("items")
    return items is None or all(conforms(item, items, definitions) for item in value)


def _object_conforms(
    value: dict[str, Any], schema: Mapping[str, Any], definitions: Mapping[str, Any]
) -> bool:
    if not value.keys() >= set(schema.get("required", ())):
        return False

    properties = schema.get("properties", {})
    others = schema.get("additionalProperties", True)
    for name, item in value.items():
        inner = properties.get(name, others)
        # True and False are schemas that accept everything and nothing.
        if inner is False:
            return False
        if inner is not True and not conforms(item, inner, definitions):
            return False
    return True


def _number_conforms(value: Any, schema: Mapping[str, Any]) -> bool:
    if not isinstance(value, (int, float)):
        return True
    limit = RANGES.get(schema.get("format", ""))
    in_format = limit is None or -limit <= value < limit
    return in_format and schema.get("minimum", value) <= value <= schema.get("maximum", value)


def is_of_type(value: Any, schema: Mapping[str, Any]) -> bool:
    """Whether a value has the type that a schema requires, if any."""
    kind = schema.get("type")
    if kind is None:
        return True
    kinds = kind if isinstance(kind, list) else [kind]
    return type_name(value) in kinds or (type_name(value) == "integer" and "number" in kinds)


def type_name(value: Any) -> str:
    """Return the JSON Schema name of a value's type."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return "integer"
    names = {str: "string", float: "number", dict: "object", list: "array", type(None): "null"}
    # Types that JSON cannot represent get their Python name, which no schema uses.
    return names.get(type(value), f"{type(value).__module__}.{type(value).__name__}")
