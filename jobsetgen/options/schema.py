"""The JSON Schema of a jobsetgen.yaml, which scripts/make_options.py writes to schemas/."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from jobsetgen.options.row import Option, sections_of
from jobsetgen.options.table import OPTIONS, Settings

# The fields of a jobsetgen.yaml that are not options.
_FRAME = {
    "apiVersion": {
        "type": "string",
        "description": "The version of this format.",
        "enum": ["jobsetgen.io/v1alpha1"],
    },
    "kind": {
        "type": "string",
        "description": "Identifies a jobsetgen.yaml.",
        "enum": ["JobSetGenerator"],
    },
    "metadata": {
        "type": "object",
        "description": "A name for people; it has no effect.",
        "properties": {"name": {"type": "string", "description": "The project's name."}},
        "additionalProperties": False,
    },
}


def project_schema() -> dict[str, Any]:
    """Return the JSON Schema of a jobsetgen.yaml."""
    in_file = [each for each in OPTIONS if each.in_file]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "JobSetGenerator",
        "type": "object",
        "description": "The content of a jobsetgen.yaml: how to compile a folder.",
        "properties": {**_FRAME, **_properties(in_file)},
        "additionalProperties": False,
        "required": ["apiVersion", "kind"],
    }


def _properties(rows: Iterable[Option]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, members in groupby(rows, key=lambda row: row.path[0]):
        first, *others = members
        is_section = len(first.path) > 1
        found[name] = _section(name, [first, *others]) if is_section else _property(first)
    return found


def _section(name: str, rows: Iterable[Option]) -> dict[str, Any]:
    return {
        "type": "object",
        "description": sections_of(Settings)[name].text,
        "properties": {row.path[1]: _property(row) for row in rows},
        "additionalProperties": False,
    }


def _property(row: Option) -> dict[str, Any]:
    return {"type": row.kind.schema["type"], "description": described(row), **row.kind.schema}


def described(row: Option) -> str:
    """Return the description of an option with its default."""
    default = f"Default: {row.shown_default}." if row.shown_default else ""
    return " ".join(filter(None, [row.text, default]))
