"""Explain schema violations in sentences, from the errors of the jsonschema library."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Code, Finding, Path
from jobsetgen.kubernetes.versions import VERSIONS
from jobsetgen.plain import mapping
from jobsetgen.schema.codes import (
    MISSING_FIELD,
    NOT_ALLOWED,
    OTHER_VERSION,
    OUT_OF_RANGE,
    UNKNOWN_FIELD,
    WRONG_TYPE,
    Problem,
)
from jobsetgen.schema.conforms import RANGES, is_of_type, resolved, type_name
from jobsetgen.schema.files import schema_of
from jobsetgen.words import dotted, similar, suggested


def library_errors(data: Any, schema: dict[str, Any]) -> Iterator[Any]:
    """Yield jsonschema's errors.

    Importing it costs more than a build, so it is imported only here.
    """
    import jsonschema

    checker = jsonschema.FormatChecker(formats=())
    for name, limit in RANGES.items():
        checker.checks(name)(_within(limit))
    return jsonschema.Draft202012Validator(schema, format_checker=checker).iter_errors(data)


def _within(limit: int) -> Any:
    return lambda value: not isinstance(value, (int, float)) or -limit <= value < limit


def explained(error: Any, kind: str, version: str) -> Iterator[Problem]:
    """Yield our problems for one error of the library."""
    path: Path = tuple(error.absolute_path)
    if error.validator == "additionalProperties":
        known = error.schema["properties"]
        unknown = [name for name in error.instance if name not in known]
        yield from (_unknown((*path, name), known, kind, version) for name in unknown)
    elif error.validator == "enum" and not is_of_type(error.instance, error.schema):
        return  # the library also reports the wrong type
    else:
        code, finding_of = _FINDINGS.get(error.validator, (OUT_OF_RANGE, _out_of_range))
        yield Problem(code, finding_of(path, error), _meant(error))


def _at(path: Path) -> str:
    return f"{dotted(path)} " if path else "the document "


def _unknown(path: Path, properties: Mapping[str, Any], kind: str, version: str) -> Problem:
    name, parent = str(path[-1]), path[:-1]
    if first := _first_version_with(path, kind, version):
        message = f"{dotted(path)} is not in Kubernetes {version}; {first}"
        hint = (
            "Choose the version with --kubernetes-version, or kubernetesVersion in jobsetgen.yaml."
        )
        return Problem(OTHER_VERSION, Finding(path=path, message=message, hint=hint, on_key=True))

    where = f"in {dotted(parent)}" if parent else f"in a {kind}"
    meant = similar(name, properties)
    finding = Finding(
        path=path,
        message=f"unknown field '{name}' {where}",
        hint=suggested(meant),
        on_key=True,
    )
    return Problem(UNKNOWN_FIELD, finding, meant or None)


def _first_version_with(path: Path, kind: str, version: str) -> str:
    """Return a phrase with the nearest version that has a field, or an empty string."""
    if kind == "JobSetGenerator":
        return ""
    having = [each for each in VERSIONS if each != version and _has(path, schema_of(kind, each))]
    if not having:
        return ""
    later = [each for each in having if VERSIONS.index(each) > VERSIONS.index(version)]
    return (
        f"the first version that has it is {later[0]}"
        if later
        else f"the last version that had it is {having[-1]}"
    )


def _has(path: Path, schema: Mapping[str, Any]) -> bool:
    inner = schema
    for step in path:
        found = _inside(resolved(inner, schema["$defs"]), step)
        if found is None:
            return False
        inner = found
    return True


def _inside(schema: Mapping[str, Any], step: str | int) -> Mapping[str, Any] | None:
    """Return the schema of a list's items or of a field, or None if there is none."""
    if isinstance(step, int):
        return schema.get("items")
    return mapping(schema, "properties").get(step)


def _missing(path: Path, error: Any) -> Finding:
    missing = next(name for name in error.validator_value if repr(name) in error.message)
    return Finding(path=(*path, missing), message=f"{_at(path)}has no {missing}, which is required")


def _wrong_type(path: Path, error: Any) -> Finding:
    value, expected = error.instance, error.validator_value
    kinds = expected if isinstance(expected, list) else [expected]
    wanted = " or ".join(map(_with_article, kinds))
    found = type_name(value)
    shown = f" ({json.dumps(value)})" if found in _UNQUOTED else ""
    return Finding(
        path=path,
        message=f"{_at(path)}is {_with_article(found)}{shown}, but must be {wanted}",
        hint=_about_quotes(value, kinds),
    )


def _about_quotes(value: Any, expected: list[str]) -> str:
    """Return a hint if adding or removing quotes would give a value an expected type."""
    found = type_name(value)
    if found in _UNQUOTED and "string" in expected:
        return f"Write it in quotes: YAML reads it as {_UNQUOTED[found]}."
    return "Write it without quotes." if _is_quoted_number(value, expected) else ""


def _is_quoted_number(value: Any, expected: str | list[str]) -> bool:
    """Whether a value is a string of an integer where an integer is expected."""
    if not isinstance(value, str) or "integer" not in expected:
        return False
    # An integer has at most 64 bits, and Python refuses to convert thousands of digits.
    return re.fullmatch(r"-?[0-9]{1,19}", value) is not None


def _with_article(kind: str) -> str:
    word = _WORDS.get(kind, kind)
    return f"an {word}" if word[0] in "aeiou" else f"a {word}"


# Some enumerations are long: signals have 65 names.
_MOST_LISTED = 12
_WORDS = {"object": "mapping", "array": "list", "null": "null"}
# The types that YAML reads unquoted scalars as.
_UNQUOTED = {"boolean": "a boolean", "integer": "a number", "number": "a number"}


def _not_allowed(path: Path, error: Any) -> Finding:
    value, allowed = error.instance, error.validator_value
    words = [str(each) for each in allowed if each != ""]
    listed = ", ".join(words[:_MOST_LISTED]) + (", ..." if len(words) > _MOST_LISTED else "")
    return Finding(
        path=path,
        message=f"{_at(path)}is {json.dumps(value)}, but must be one of {listed}",
        hint=suggested(_similar_value(error)),
    )


def _similar_value(error: Any) -> str:
    """Return the allowed value that is similar to one that is not, or an empty string."""
    return similar(error.instance, error.validator_value) if isinstance(error.instance, str) else ""


def _meant(error: Any) -> str | int | None:
    """Return the value that was clearly meant instead of a wrong one, or None."""
    if error.validator == "enum":
        return _similar_value(error) or None
    if error.validator == "type" and _is_quoted_number(error.instance, error.validator_value):
        return int(error.instance)
    return None


def _out_of_range(path: Path, error: Any) -> Finding:
    value, limit = error.instance, error.validator_value
    if error.validator == "maxItems":
        problem = f"has {len(value)} items; at most {limit} are allowed"
    elif error.validator == "minimum":
        problem = f"is {value}, but must be at least {limit}"
    elif error.validator == "maximum":
        problem = f"is {value}, but must be at most {limit}"
    else:
        problem = f"is {value}, which is out of range for {limit}"
    return Finding(path=path, message=_at(path) + problem)


# By the keyword of the schema; all other keywords are ranges.
_FINDINGS: dict[str, tuple[Code, Callable[[Path, Any], Finding]]] = {
    "required": (MISSING_FIELD, _missing),
    "type": (WRONG_TYPE, _wrong_type),
    "enum": (NOT_ALLOWED, _not_allowed),
}
