"""JSON Schemas, and what in a document does not fit them.

A check of ours runs first, as importing the jsonschema library takes longer than a whole build; the library then
explains what failed. A test holds that the two agree.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from jobsetgen.assets import asset
from jobsetgen.diagnostics import Code, Finding, Path

UNKNOWN_FIELD = Code(
    id="JSG101",
    name="unknown-field",
    severity="error",
    doc="""A field that the kind does not have, most often a typing mistake or a wrong indentation.

    The API server would drop it or refuse the object.

    Bad::

        spec:
          replicatedJobs:
          - replica: 2

    Good::

        spec:
          replicatedJobs:
          - replicas: 2
    """,
)
WRONG_TYPE = Code(
    id="JSG102",
    name="wrong-type",
    severity="error",
    doc="""A value of another type than the field's: a number where text belongs, text where a list belongs.

    YAML reads `yes`, `on` and `n` as booleans and `0644` as a number, so such text needs quotes.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {containers: [{env: [{name: DEBUG, value: yes}]}]}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {containers: [{env: [{name: DEBUG, value: "yes"}]}]}}}}
    """,
)
NOT_ALLOWED = Code(
    id="JSG103",
    name="value-not-allowed",
    severity="error",
    doc="""A value outside the few that the field takes.

    Bad::

        spec:
          successPolicy: {operator: all}

    Good::

        spec:
          successPolicy: {operator: All}
    """,
)
MISSING_FIELD = Code(
    id="JSG104",
    name="missing-field",
    severity="error",
    doc="""A required field is not there.

    Bad::

        spec:
          failurePolicy:
            rules: [{onJobFailureReasons: [PodFailurePolicy]}]

    Good::

        spec:
          failurePolicy:
            rules: [{action: FailJobSet, onJobFailureReasons: [PodFailurePolicy]}]
    """,
)
OTHER_VERSION = Code(
    id="JSG105",
    name="field-of-another-version",
    severity="error",
    doc="""A field that the chosen Kubernetes version does not have, but another one has.

    `--kubernetes-version`, or `kubernetesVersion` in jobsetgen.yaml, says which cluster the output is for.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {workloadRef: {name: a, podGroup: b}}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {hostNetwork: true}}}}
    """,
)
OUT_OF_RANGE = Code(
    id="JSG106",
    name="out-of-range",
    severity="error",
    doc="""A number, or the length of a list, outside what the field allows.

    Bad::

        spec: {ttlSecondsAfterFinished: -1}

    Good::

        spec: {suspend: true}
    """,
)
CODES = (UNKNOWN_FIELD, WRONG_TYPE, NOT_ALLOWED, MISSING_FIELD, OTHER_VERSION, OUT_OF_RANGE)

# The kinds that are checked, by apiVersion and kind, and the name of their definition.
KINDS = {
    ("jobset.x-k8s.io/v1alpha2", "JobSet"): "JobSet",
    ("jobsetgen.io/v1alpha1", "JobSetGenerator"): "JobSetGenerator",
    ("batch/v1", "Job"): "Job",
    ("v1", "Service"): "Service",
    ("v1", "PersistentVolumeClaim"): "PersistentVolumeClaim",
    ("v1", "ConfigMap"): "ConfigMap",
    ("v1", "ServiceAccount"): "ServiceAccount",
    ("rbac.authorization.k8s.io/v1", "Role"): "Role",
    ("rbac.authorization.k8s.io/v1", "RoleBinding"): "RoleBinding",
}
VERSIONS = ("1.31", "1.32", "1.33", "1.34", "1.35", "1.36", "1.37")
_OWN = {"JobSet": "jobset.json", "JobSetGenerator": "jobsetgenerator.json"}
_RANGES = {"int32": 2**31, "int64": 2**63}


def standalone(kind: str, version: str) -> dict[str, Any]:
    """Return the schema of a kind as an editor reads it: titled, with just the definitions that it needs."""
    schema = schema_of(kind, version)
    definitions = schema["$defs"]
    needed: dict[str, Any] = {}
    queue = [definitions[kind]]
    while queue:
        for name in sorted(_references(queue.pop())):
            if name not in needed:
                needed[name] = definitions[name]
                queue.append(definitions[name])
    own = definitions[kind]
    return {**own, "$defs": dict(sorted(needed.items()))} if needed else own


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"].rpartition("/")[2]
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)


class Problem(NamedTuple):
    """A finding and its code."""

    code: Code
    finding: Finding


def schema_of(kind: str, version: str) -> dict[str, Any]:
    """Return the schema of a definition as a document that needs no other, for a Kubernetes minor version."""
    definitions = _definitions(version)
    if kind in _OWN:
        definitions = {**definitions, kind: _read(_OWN[kind])} if kind == "JobSet" else {kind: _read(_OWN[kind])}
    return {"$ref": f"#/$defs/{kind}", "$defs": definitions}


def problems(data: Any, kind: str, version: str) -> list[Problem]:
    """Return everything in the data that does not fit the kind's schema, in the order of the data.

    `version` is a Kubernetes minor version of `VERSIONS`.
    """
    schema = schema_of(kind, version)
    if conforms(data, schema, schema["$defs"]):
        return []
    return [problem for error in library_errors(data, schema) for problem in _explain(error, kind, version)]


def conforms(value: Any, schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> bool:
    """Whether a value fits a schema, in the few words that our schemas are written in."""
    while "$ref" in schema:
        schema = definitions[schema["$ref"].rpartition("/")[2]]
    kind = schema.get("type")
    if kind is not None and not _is_of_type(value, kind):
        return False
    if "enum" in schema and value not in schema["enum"]:
        return False
    if isinstance(value, dict):
        return _object_conforms(value, schema, definitions)
    if isinstance(value, list):
        items = schema.get("items")
        fits = len(value) <= schema.get("maxItems", len(value))
        return fits and (items is None or all(conforms(item, items, definitions) for item in value))
    return isinstance(value, (str, bool)) or _number_conforms(value, schema)


def _object_conforms(value: dict[str, Any], schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> bool:
    properties = schema.get("properties", {})
    others = schema.get("additionalProperties", True)
    if any(name not in value for name in schema.get("required", ())):
        return False
    for name, item in value.items():
        inner = properties.get(name, others)
        if inner is True:
            continue
        if inner is False or not conforms(item, inner, definitions):
            return False
    return True


def _number_conforms(value: Any, schema: Mapping[str, Any]) -> bool:
    if not isinstance(value, (int, float)):
        return True
    limit = _RANGES.get(schema.get("format", ""))
    in_format = limit is None or -limit <= value < limit
    return in_format and value >= schema.get("minimum", value)


def _is_of_type(value: Any, kind: str | list[str]) -> bool:
    kinds = kind if isinstance(kind, list) else [kind]
    return type_name(value) in kinds or (type_name(value) == "integer" and "number" in kinds)


def type_name(value: Any) -> str:
    """Return what JSON Schema calls a value's type."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return "integer"
    names = {str: "string", float: "number", dict: "object", list: "array", type(None): "null"}
    return names.get(type(value), type(value).__name__)


def library_errors(data: Any, schema: dict[str, Any]) -> Iterator[Any]:
    """Yield jsonschema's errors. Importing it costs more than a build, so it is imported only here."""
    import jsonschema

    checker = jsonschema.FormatChecker(formats=())
    for name, limit in _RANGES.items():
        checker.checks(name)(_within(limit))
    return jsonschema.Draft202012Validator(schema, format_checker=checker).iter_errors(data)


def _within(limit: int) -> Any:
    return lambda value: not isinstance(value, (int, float)) or -limit <= value < limit


def _explain(error: Any, kind: str, version: str) -> Iterator[Problem]:
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


def dotted(path: Path) -> str:
    """Return a path as people write it: spec.replicatedJobs[0].name."""
    parts = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in path]
    return "".join(parts).lstrip(".")


def _at(path: Path) -> str:
    return f"{dotted(path)} " if path else "the document "


def _unknown(path: Path, properties: Mapping[str, Any], kind: str, version: str) -> Problem:
    name, parent = str(path[-1]), path[:-1]
    if first := _first_version_with(path, kind, version):
        message = f"{dotted(path)} is not in Kubernetes {version}; {first}"
        hint = "Choose the version with --kubernetes-version, or kubernetesVersion in jobsetgen.yaml."
        return Problem(OTHER_VERSION, Finding(path=path, message=message, hint=hint, on_key=True))
    where = f"in {dotted(parent)}" if parent else f"in a {kind}"
    finding = Finding(path=path, message=f"unknown field '{name}' {where}", hint=near(name, properties), on_key=True)
    return Problem(UNKNOWN_FIELD, finding)


def near(word: str, known: Any) -> str:
    """Return a sentence that names the known word which was probably meant, or nothing."""
    import difflib

    candidates = sorted(map(str, known))
    folded = {each.lower(): each for each in reversed(candidates)}
    match = difflib.get_close_matches(word.lower(), list(folded), n=1, cutoff=0.7)
    return f"Did you mean '{folded[match[0]]}'?" if match else ""


def _first_version_with(path: Path, kind: str, version: str) -> str:
    """Say which other versions have a field, or return nothing where none has it."""
    if kind == "JobSetGenerator":
        return ""
    having = [each for each in VERSIONS if each != version and _has(path, schema_of(kind, each))]
    if not having:
        return ""
    later = [each for each in having if VERSIONS.index(each) > VERSIONS.index(version)]
    return f"the first version that has it is {later[0]}" if later else f"the last version that had it is {having[-1]}"


def _has(path: Path, schema: Mapping[str, Any]) -> bool:
    definitions, inner = schema["$defs"], schema
    for step in path:
        while "$ref" in inner:
            inner = definitions[inner["$ref"].rpartition("/")[2]]
        found = inner.get("items") if isinstance(step, int) else inner.get("properties", {}).get(step)
        if found is None:
            return False
        inner = found
    return True


def _wrong_type(path: Path, value: Any, expected: str | list[str]) -> Finding:
    kinds = expected if isinstance(expected, list) else [expected]
    wanted = " or ".join(f"a{'n' if each[0] in 'aeiou' else ''} {_WORDS.get(each, each)}" for each in kinds)
    found = type_name(value)
    shown = f" ({json.dumps(value)})" if found in ("boolean", "integer", "number") else ""
    hint = ""
    if "string" in kinds and found in ("boolean", "integer", "number"):
        hint = "Write it in quotes: YAML reads it as " + ("a boolean." if found == "boolean" else "a number.")
    elif found == "string" and "integer" in kinds and str(value).lstrip("-").isdigit():
        hint = "Write it without quotes."
    is_a = f"{_WORDS.get(found, found)}{shown}"
    article = "an" if is_a[0] in "aeiou" else "a"
    return Finding(path=path, message=f"{_at(path)}is {article} {is_a}, but must be {wanted}", hint=hint)


_WORDS = {"object": "mapping", "array": "list", "null": "null"}


def _not_allowed(path: Path, value: Any, allowed: list[Any]) -> Finding:
    listed = ", ".join(map(str, allowed))
    hint = near(value, allowed) if isinstance(value, str) else ""
    return Finding(path=path, message=f"{_at(path)}is {json.dumps(value)}, but must be one of {listed}", hint=hint)


def _out_of_range(path: Path, error: Any) -> str:
    if error.validator == "maxItems":
        return f"{_at(path)}has {len(error.instance)} items; at most {error.validator_value} are allowed"
    if error.validator == "minimum":
        return f"{_at(path)}is {error.instance}; the least allowed is {error.validator_value}"
    return f"{_at(path)}is {error.instance}, which does not fit into an {error.validator_value}"


@cache
def _definitions(version: str) -> dict[str, Any]:
    definitions: dict[str, Any] = _read("kubernetes", f"{version}.json")["$defs"]
    return definitions


@cache
def _read(*parts: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(asset("schemas", *parts).read_text(encoding="utf-8"))
    return loaded
