"""The schemas that ship with the package: our own, and those of Kubernetes by version."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from jobsetgen.assets import asset

# The definitions of the kinds that are validated, by apiVersion and kind.
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
OWN_KINDS = {"JobSet": "jobset.json", "JobSetGenerator": "jobsetgenerator.json"}
"""The kinds with our own schema, and its file."""

COMPILED_KINDS = ("JobSet",)
"""The kinds that are compiled, by which the Argo CD plugin claims a folder."""


def schema_of(kind: str, version: str) -> dict[str, Any]:
    """Return the self-contained schema of a kind for a Kubernetes version."""
    if kind == "JobSetGenerator":
        definitions = {kind: _read(OWN_KINDS[kind])}
    elif kind in OWN_KINDS:
        definitions = {**_definitions(version), kind: _read(OWN_KINDS[kind])}
    else:
        definitions = _definitions(version)
    return {"$ref": f"#/$defs/{kind}", "$defs": definitions}


def standalone(kind: str, version: str) -> dict[str, Any]:
    """Return the schema of a kind for editors, with only the definitions it needs."""
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


@cache
def _definitions(version: str) -> dict[str, Any]:
    definitions: dict[str, Any] = _read("kubernetes", f"{version}.json")["$defs"]
    return definitions


@cache
def _read(*parts: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(asset("schemas", *parts).read_text(encoding="utf-8"))
    return loaded
