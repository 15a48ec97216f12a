"""What does not fit a schema, in sentences; the jsonschema library finds it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from jobsetgen.diagnostics import Code, Finding, Path
from jobsetgen.kubernetes.versions import VERSIONS
from jobsetgen.schema.codes import (
    MISSING_FIELD,
    NOT_ALLOWED,
    OTHER_VERSION,
    OUT_OF_RANGE,
    UNKNOWN_FIELD,
    WRONG_TYPE,
)
from jobsetgen.schema.conforms import RANGES, type_name
from jobsetgen.schema.files import schema_of
from jobsetgen.words import dotted, near


class Problem(NamedTuple):
    """A finding and its code."""

    code: Code
    finding: Finding


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
    """Turn one of the library's errors into sentences of ours."""
    path: Path = tuple(error.absolute_path)
    keyword, value, schema = error.validator, error.instance, error.schema
    if keyword == "additionalProperties":
        for name in value:
            if name not in schema["properties"]:
                yield _unknown((*path, name), schema["properties"], kind, version)
    elif keyword == "required":
        missing = next(name for name in error.validator_value if repr(name) in error.message)
        message = f"{_at(path)}has no {missing}, which is required"
        yield Problem(MISSING_FIELD, Finding(path=(*path, missing), message=message))
    elif keyword == "type":
        yield Problem(WRONG_TYPE, _wrong_type(path, value, error.validator_value))
    elif keyword == "enum":
        yield Problem(NOT_ALLOWED, _not_allowed(path, value, error.validator_value))
    else:
        yield Problem(OUT_OF_RANGE, Finding(path=path, message=_out_of_range(path, error)))


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
    finding = Finding(
        path=path,
        message=f"unknown field '{name}' {where}",
        hint=near(name, properties),
        on_key=True,
    )
    return Problem(UNKNOWN_FIELD, finding)


def _first_version_with(path: Path, kind: str, version: str) -> str:
    """Say which other versions have a field, or return nothing where none has it."""
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
    definitions, inner = schema["$defs"], schema
    for step in path:
        while "$ref" in inner:
            inner = definitions[inner["$ref"].rpartition("/")[2]]
        found = (
            inner.get("items") if isinstance(step, int) else inner.get("properties", {}).get(step)
        )
        if found is None:
            return False
        inner = found
    return True


def _wrong_type(path: Path, value: Any, expected: str | list[str]) -> Finding:
    kinds = expected if isinstance(expected, list) else [expected]
    wanted = " or ".join(map(_with_article, kinds))
    found = type_name(value)
    shown = f" ({json.dumps(value)})" if found in ("boolean", "integer", "number") else ""
    hint = ""
    if "string" in kinds and found in ("boolean", "integer", "number"):
        hint = "Write it in quotes: YAML reads it as " + (
            "a boolean." if found == "boolean" else "a number."
        )
    elif found == "string" and "integer" in kinds and str(value).lstrip("-").isdigit():
        hint = "Write it without quotes."
    return Finding(
        path=path,
        message=f"{_at(path)}is {_with_article(found)}{shown}, but must be {wanted}",
        hint=hint,
    )


def _with_article(kind: str) -> str:
    word = _WORDS.get(kind, kind)
    return f"an {word}" if word[0] in "aeiou" else f"a {word}"


# A signal has 65 names.
_MOST_LISTED = 12
_WORDS = {"object": "mapping", "array": "list", "null": "null"}


def _not_allowed(path: Path, value: Any, allowed: list[Any]) -> Finding:
    words = [str(each) for each in allowed if each != ""]
    listed = ", ".join(words[:_MOST_LISTED]) + (", ..." if len(words) > _MOST_LISTED else "")
    hint = near(value, allowed) if isinstance(value, str) else ""
    return Finding(
        path=path,
        message=f"{_at(path)}is {json.dumps(value)}, but must be one of {listed}",
        hint=hint,
    )


def _out_of_range(path: Path, error: Any) -> str:
    if error.validator == "maxItems":
        return (
            f"{_at(path)}has {len(error.instance)} items; at most {error.validator_value} are"
            " allowed"
        )
    if error.validator == "minimum":
        return f"{_at(path)}is {error.instance}; the least allowed is {error.validator_value}"
    return f"{_at(path)}is {error.instance}, which does not fit into an {error.validator_value}"
