"""The errors of the jsonschema library as sentences, for values and their schema.

The library is imported before the child process that uses it, which can open no files.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import jsonschema
from referencing import Registry

from jobsetgen.diagnostics import Path
from jobsetgen.words import dotted, near

_VALIDATOR = jsonschema.Draft202012Validator
# They load what they need when they are first used.
_VALIDATOR.check_schema({"type": "object"})
_LOADED = difflib

MOST_ERRORS = 1_000
_LONGEST = 60
_MOST_LISTED = 12
_TYPES = {
    "object": "a mapping",
    "array": "a list",
    "string": "a string",
    "number": "a number",
    "integer": "an integer",
    "boolean": "a boolean",
    "null": "null",
}


class SchemaError(NamedTuple):
    """One error; with `on_key`, it is about the key at the path."""

    path: Path
    message: str
    hint: str = ""
    on_key: bool = False


def errors_of_schema(schema: Any, _values: Any) -> Iterator[SchemaError]:
    """Yield what is wrong with a schema by the schema of schemas."""
    checker = _VALIDATOR(_VALIDATOR.META_SCHEMA, format_checker=_VALIDATOR.FORMAT_CHECKER)
    yield from _errors(checker, schema, "the schema")


def errors_of_values(schema: Any, values: Any) -> Iterator[SchemaError]:
    """Yield what is wrong with values by a valid schema."""
    yield from _errors(_VALIDATOR(schema, registry=Registry()), values, "the values")


def _errors(validator: Any, data: Any, whole: str) -> Iterator[SchemaError]:
    count = 0
    for error in validator.iter_errors(data):
        for found in _explained(error, whole):
            yield found
            count += 1
            if count >= MOST_ERRORS:
                return


def _explained(error: Any, whole: str) -> Iterator[SchemaError]:
    error = _cause(error)
    path = tuple(error.absolute_path)
    at = dotted(path)
    if error.validator == "additionalProperties" and isinstance(error.instance, dict):
        known = error.schema.get("properties", {})
        where = f"in {dotted(path)}" if path else "in the schema"
        for name in _unknown(error):
            message = f"unknown value '{name}': it is not {where}"
            yield SchemaError((*path, name), message, near(name, known), on_key=True)
    elif error.validator == "required":
        name = next(each for each in error.validator_value if repr(each) in error.message)
        yield SchemaError(
            (*path, name), f"missing value '{dotted((*path, name))}', which is required"
        )
    else:
        subject = f"{at} is" if at else f"{whole} are"
        yield SchemaError(path, f"{subject} {_problem(error)}")


def _cause(error: Any) -> Any:
    """Return what is wrong in the alternative that was meant, if that is clear, or the error."""
    while error.validator in ("anyOf", "oneOf"):
        meant = [each for each in error.context or () if each.validator != "type"]
        if len(meant) != 1:
            return error
        error = meant[0]
    return error


def _unknown(error: Any) -> list[str]:
    """Return the keys that a schema does not allow."""
    known = error.schema.get("properties", {})
    patterns = error.schema.get("patternProperties", {})
    return [
        name
        for name in error.instance
        if name not in known and not any(re.search(each, name) for each in patterns)
    ]


def _problem(error: Any) -> str:
    if error.validator == "format":
        return f"{_shown(error.instance)}, which is not a valid {error.validator_value}"
    explain = _PROBLEMS.get(error.validator)
    if explain is None:
        return f"not allowed by '{error.validator}' of the schema"
    return f"{_shown(error.instance)}, but must {explain(error.validator_value)}"


def _shown(value: Any) -> str:
    """Return a value as JSON, cut if it is long; of a collection, only its type."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return f"a list of {len(value):,}"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _types(expected: Any) -> str:
    names = expected if isinstance(expected, list) else [expected]
    return f"be {' or '.join(_TYPES.get(str(name), str(name)) for name in names)}"


def _choices(allowed: Any) -> str:
    words = [_shown(each) for each in allowed[:_MOST_LISTED]]
    more = ", …" if len(allowed) > _MOST_LISTED else ""
    return f"be one of {', '.join(words)}{more}"


_PROBLEMS: dict[str, Callable[[Any], str]] = {
    "type": _types,
    "enum": _choices,
    "const": lambda value: f"be {_shown(value)}",
    "minimum": lambda limit: f"be at least {limit}",
    "maximum": lambda limit: f"be at most {limit}",
    "exclusiveMinimum": lambda limit: f"be more than {limit}",
    "exclusiveMaximum": lambda limit: f"be less than {limit}",
    "multipleOf": lambda limit: f"be a multiple of {limit}",
    "pattern": lambda pattern: f"match the pattern {_shown(pattern)}",
    "minLength": lambda limit: f"have at least {limit} characters",
    "maxLength": lambda limit: f"have at most {limit} characters",
    "minItems": lambda limit: f"have at least {limit} items",
    "maxItems": lambda limit: f"have at most {limit} items",
}
