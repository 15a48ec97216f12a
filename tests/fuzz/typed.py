"""Values that fit the JSON Schemas: where no schema says what a text means, the name of its field does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from jobsetgen.kubernetes.versions import VERSIONS
from jobsetgen.schema.files import KINDS, schema_of
from tests.fuzz.chance import Chance

Schema = Mapping[str, Any]

NAMES = ("workers", "main", "a", "data", "driver", "train-0", "x1")
_BY_NAME: dict[str, tuple[Any, ...]] = {
    "image": ("example.com/train:1", "train", "a/b@sha256:" + "0" * 64, "train:latest", "localhost:5000/a:v1.2"),
    "mountPath": ("/data", "/a/b", "/dev/shm"),
    "path": ("/healthz", "a/b", "c"),
    "subPath": ("a", "a/b"),
    "key": ("example.com/a", "kubernetes.io/hostname", "a"),
    "topologyKey": ("kubernetes.io/hostname", "example.com/rack"),
    "fieldPath": ("metadata.name", "status.podIP", "metadata.labels['a']", "metadata.annotations['jobset.sigs.k8s.io/restart-attempt']"),
    "resource": ("limits.cpu", "requests.memory"),
    "ip": ("10.0.0.1", "::1"),
    "value": ("1", "a b", "$(A)", "${A}", "yes", "0x1f", "line\nline", "train-workers-0-0.train"),
    "command": ("sh", "-c", "python train.py", "echo $JOB_COMPLETION_INDEX"),
    "args": ("--rank=$(RANK)", "--x", "multi\nline\n"),
    "operator": ("Exists", "Equal", "In", "DoesNotExist"),
    "effect": ("NoSchedule", "NoExecute"),
    "storageClassName": ("fast", ""),
    "accessModes": ("ReadWriteOnce", "ReadWriteMany"),
    "status": ("True", "Ready"),
    "type": ("DisruptionTarget", "Socket", "RuntimeDefault"),
    "completionMode": ("Indexed", "NonIndexed"),
    "managedBy": ("jobset.sigs.k8s.io/jobset-controller", "kueue.x-k8s.io/multikueue"),
    "onJobFailureReasons": ("BackoffLimitExceeded", "PodFailurePolicy", "DeadlineExceeded"),
    "onJobFailureMessagePatterns": ("exit code 137", "(?i)oom", "^a.*b$", "[a-z]+x*"),
    "succeededIndexes": ("0", "0-1", "0,2-3"),
}  # fmt: skip
_OF_DEFINITIONS: dict[str, tuple[Any, ...]] = {
    "Quantity": ("1", "500m", "1Gi", 2, "1e3", "0.5"),
    "IntOrString": (1, "10%", "http"),
    "Time": ("2026-01-01T00:00:00Z",),
}
_KEYS = ("app", "example.com/team", "alpha.jobset.sigs.k8s.io/exclusive-topology", "kueue.x-k8s.io/queue-name", "cpu", "nvidia.com/gpu", "google.com/tpu")  # fmt: skip
_NUMBERS = (1, 2, 0, 3, 8, 60, 8080, 30_000)
_LEFT_ALONE = frozenset(["status", "managedFields", "apiVersion", "kind"])
_DEEPEST = 4


@cache
def definitions(kind: str, version: str) -> Schema:
    """Return the schema of a kind."""
    return schema_of(kind, version)


def schema_for(document: Mapping[str, Any]) -> Schema | None:
    """Return the schema of a document for the newest Kubernetes, or None for a kind without one."""
    kind = KINDS.get((str(document.get("apiVersion")), str(document.get("kind"))))
    return definitions(kind, VERSIONS[-1]) if kind else None


def objects(value: Any, schema: Schema, root: Schema) -> Iterator[tuple[dict[str, Any], Schema]]:
    """Yield each mapping of some data with its schema."""
    schema = _resolved(schema, root)
    if isinstance(value, dict):
        yield value, schema
        for key, inner in value.items():
            known = schema.get("properties", {}).get(key)
            if known is not None:
                yield from objects(inner, known, root)
    elif isinstance(value, list) and isinstance(schema.get("items"), Mapping):
        for inner in value:
            yield from objects(inner, schema["items"], root)


def graft(chance: Chance, document: dict[str, Any]) -> None:
    """Set a field that the schema of a document knows and that it does not have."""
    root = schema_for(document)
    if root is None:
        return
    places = [(each, known) for each, known in objects(document, root, root) if known.get("properties")]
    target, schema = chance.pick(places[1:] or places)
    names = [name for name in schema["properties"] if name not in target and name not in _LEFT_ALONE]
    if names:
        name = chance.pick(names)
        target[name] = value_of(chance, schema["properties"][name], root, name)


def value_of(chance: Chance, schema: Schema, root: Schema, name: str, depth: int = 0) -> Any:
    """Return a value that fits a schema."""
    reference = str(schema.get("$ref", "")).rpartition("/")[2]
    if reference in _OF_DEFINITIONS:
        return chance.pick(_OF_DEFINITIONS[reference])
    schema = _resolved(schema, root)
    if "enum" in schema:
        return chance.pick([each for each in schema["enum"] if each != ""] or schema["enum"])
    kind = schema.get("type", "string")
    if kind == "object":
        return _object(chance, schema, root, depth)
    if kind == "array":
        items = schema.get("items", {})
        return [value_of(chance, items, root, name, depth + 1) for _ in range(chance.number(1, 2))]
    if kind == "boolean":
        return chance.hit(2)
    return chance.pick(_NUMBERS if kind in ("integer", "number") else _BY_NAME.get(name, NAMES))


def _object(chance: Chance, schema: Schema, root: Schema, depth: int) -> dict[str, Any]:
    properties: Mapping[str, Schema] = schema.get("properties", {})
    if not properties:
        inner = schema.get("additionalProperties")
        known = inner if isinstance(inner, Mapping) else {}
        return {chance.pick(_KEYS): value_of(chance, known, root, "value", depth + 1)}
    names = list(schema.get("required", ()))
    if depth < _DEEPEST:
        names += chance.some([each for each in properties if each not in _LEFT_ALONE], 2)
    return {
        each: value_of(chance, properties[each], root, each, depth + 1)
        for each in dict.fromkeys(names)
        if each in properties
    }


def _resolved(schema: Schema, root: Schema) -> Schema:
    while "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rpartition("/")[2]]
    return schema
