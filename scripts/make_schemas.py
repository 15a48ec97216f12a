"""Write schemas/kubernetes/: the fields of the objects that we check, by Kubernetes version.

The source is the development package kubernetes-validate, which carries the API servers' own
OpenAPI as JSON Schemas. Kept are names, types, required fields and enumerations; left out is
everything that only people read, but for a line of ours over the fields that they write most. A
field whose description plainly lists its values must be in one of the tables of
scripts/schema_tables.py: most of what a new version brings is noticed.

Run: python -m scripts.make_schemas [--check]
"""

from __future__ import annotations

import argparse
import importlib.resources
import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jobsetgen.kubernetes.versions import VERSIONS
from scripts.schema_tables import DEFAULTED, DESCRIPTIONS, ENUMS, LATER, OPAQUE, OPEN, PLAIN

ROOTS = (
    "io.k8s.api.batch.v1.Job",
    "io.k8s.api.batch.v1.JobTemplateSpec",
    "io.k8s.api.core.v1.ConfigMap",
    "io.k8s.api.core.v1.PersistentVolumeClaim",
    "io.k8s.api.core.v1.Service",
    "io.k8s.api.core.v1.ServiceAccount",
    "io.k8s.api.rbac.v1.Role",
    "io.k8s.api.rbac.v1.RoleBinding",
)
TARGET = Path(__file__).resolve().parent.parent / "schemas" / "kubernetes"

# How a description lists the values of its field.
_LISTING = re.compile(
    r"\b[Oo]ne of [A-Z]\w+, "
    r"|\b([Vv]alid|[Pp]ossible|[Aa]llowed|[Ee]xpected|[Ss]upported) (value|option|operator)s?\b"
    r"|[Mm]ust be an empty string|[Ss]et to \""
)


def source(version: str) -> dict[str, Any]:
    """Return the definitions of a version, by their long names."""
    package = importlib.resources.files("kubernetes_validate")
    path = package / "kubernetes-json-schema" / f"v{version}.0-local-strict" / "_definitions.json"
    definitions: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["$defs"]
    return definitions


def trimmed(version: str) -> dict[str, Any]:
    """Return the schema document of a version: the roots and what they refer to, by short names.

    Raises SystemExit when two definitions would share a short name, or a description lists values
    that no table knows.
    """
    definitions, enums = source(version), enums_of(version)
    names: dict[str, str] = {}
    found: dict[str, Any] = {}
    queue = list(ROOTS)
    while queue:
        long = queue.pop()
        short = long.rpartition(".")[2]
        if names.setdefault(short, long) != long:
            raise SystemExit(f"{version}: {names[short]} and {long} share a name")
        if short in found:
            continue
        found[short] = PLAIN.get(short) or _definition(short, definitions[long], enums)
        if short not in OPAQUE:
            _check_tables(short, definitions[long])
            queue += _references(definitions[long])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$defs": dict(sorted(found.items())),
    }


def enums_of(version: str) -> dict[str, list[str]]:
    """Return the values of each closed set in a version, sorted, by the place of the field."""
    values = {place: set(written.split(" ")) for place, written in ENUMS.items()}
    for place, (since, written) in LATER.items():
        if VERSIONS.index(version) >= VERSIONS.index(since):
            values[place] |= set(written.split(" "))
    return {place: sorted(each) for place, each in values.items()}


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"].rpartition("/")[2]
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)


def _definition(
    name: str, schema: dict[str, Any], enums: Mapping[str, list[str]]
) -> dict[str, Any]:
    if name in OPAQUE:
        return {"type": "object"}
    plain = _plain(schema, name, enums)
    if required := [
        field for field in schema.get("required", ()) if (name, field) not in DEFAULTED
    ]:
        plain["required"] = sorted(required)
    return plain


def _plain(schema: dict[str, Any], place: str, enums: Mapping[str, list[str]]) -> dict[str, Any]:
    """Return a schema in the few words of ours; `place` is its key in the tables."""
    told = {"description": DESCRIPTIONS[place]} if place in DESCRIPTIONS else {}
    if "$ref" in schema:
        return {**told, "$ref": "#/$defs/" + schema["$ref"].rpartition(".")[2]}
    plain: dict[str, Any] = {"type": _type(schema["type"]), **told}
    if schema.get("format") in ("int32", "int64"):
        plain["format"] = schema["format"]
    if values := schema.get("enum") or enums.get(place):
        plain["enum"] = values
    return {**plain, **_inside(schema, place, enums)}


def _inside(schema: dict[str, Any], place: str, enums: Mapping[str, list[str]]) -> dict[str, Any]:
    """Return what a schema says of the items, the entries or the fields of a value."""
    if "items" in schema:
        return {"items": _plain(schema["items"], f"{place}[]", enums)}
    entries = schema.get("additionalProperties")
    if isinstance(entries, dict):
        return {"additionalProperties": _plain(entries, f"{place}{{}}", enums)}
    if _type(schema["type"]) != "object":
        return {}

    # No others, even where there are none, as in the `basic: {}` of a scheduling policy.
    fields = sorted(schema.get("properties", {}).items())
    properties = {field: _plain(inner, f"{place}.{field}", enums) for field, inner in fields}
    return {"properties": properties, "additionalProperties": False}


def _check_tables(name: str, schema: dict[str, Any]) -> None:
    """Raise SystemExit where a description lists values, and no table says whether all of them."""
    for place, description in _texts(name, schema):
        is_known = place in ENUMS or place in OPEN
        if not is_known and _LISTING.search(description):
            raise SystemExit(
                f"{place} lists its values: name them in ENUMS, or say in OPEN why not"
            )


def _texts(name: str, schema: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the place and the description of each field that holds a text, or a list of texts."""
    for field, inner in schema.get("properties", {}).items():
        items = inner.get("items")
        place = f"{name}.{field}[]" if items else f"{name}.{field}"
        held = items or inner
        if "string" in held.get("type", ()):
            yield place, inner.get("description", "")


def _type(written: str | list[str]) -> str:
    """Return the type without null: a null is dropped before anything is checked."""
    kinds = [written] if isinstance(written, str) else [kind for kind in written if kind != "null"]
    if len(kinds) != 1:
        raise SystemExit(f"a type of several: {written}")
    return kinds[0]


def text(document: dict[str, Any]) -> str:
    """Return a schema document with one property a line, so that people can read its diff."""
    definitions = [_definition_text(name, each) for name, each in document["$defs"].items()]
    lines = [
        "{",
        f' "$schema": {json.dumps(document["$schema"])},',
        ' "$defs": {',
        ",\n".join(definitions),
        " }",
        "}",
    ]
    return "".join(f"{line}\n" for line in lines)


def _definition_text(name: str, schema: dict[str, Any]) -> str:
    others = {key: value for key, value in schema.items() if key != "properties" or not value}
    entries = _lines("   ", others)
    if properties := schema.get("properties"):
        fields = ",\n".join(_lines("    ", properties))
        entries.append(f'   "properties": {{\n{fields}\n   }}')
    return f"  {json.dumps(name)}: {{\n" + ",\n".join(entries) + "\n  }"


def _lines(indent: str, entries: Mapping[str, Any]) -> list[str]:
    return [f"{indent}{json.dumps(key)}: {json.dumps(value)}" for key, value in entries.items()]


def _stale() -> dict[Path, str]:
    """Return what would be written to each file that does not hold it."""
    found = {}
    for version in VERSIONS:
        path = TARGET / f"{version}.json"
        content = text(trimmed(version))
        if not path.exists() or path.read_text(encoding="utf-8") != content:
            found[path] = content
    return found


def main() -> None:
    """Write the files, or with --check tell which are not what would be written."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 when a file differs"
    )
    check = parser.parse_args().check

    stale = _stale()
    if check and stale:
        names = ", ".join(path.name for path in stale)
        sys.exit(f"not what scripts/make_schemas.py writes: {names}")
    for path, content in stale.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main()
