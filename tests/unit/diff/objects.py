"""Small objects for the tests of a comparison, and their changes as rows of a table."""

from __future__ import annotations

import json
from typing import Any

from jobsetgen.diff.fields import field_changes
from jobsetgen.diff.paths import path_text
from jobsetgen.source.loader import load

Json = dict[str, Any]
POD = "spec.template.spec"


def data(text: str) -> Any:
    """Return YAML as data, read as the inputs are."""
    loaded = load("", text.encode())
    assert loaded.diagnostics == []
    return json.loads(json.dumps(loaded.documents[0].data))


def job(spec: str = "{}", *, pod: str = "{}", container: str = "{}") -> Json:
    """Return a Job with fields of its spec, of its pods and of their container."""
    containers = [{"name": "main", **data(container)}]
    pod_spec = {"containers": containers, **data(pod)}
    fields = {"template": {"spec": pod_spec}, **data(spec)}
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "a"}, "spec": fields}


def service(spec: str) -> Json:
    """Return a Service."""
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a"}, "spec": data(spec)}


def claim(spec: str) -> Json:
    """Return a PersistentVolumeClaim."""
    return {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "a"}, "spec": data(spec)}


def custom(spec: str) -> Json:
    """Return an object of a kind that nobody knows."""
    return {"apiVersion": "example.com/v1", "kind": "Training", "metadata": {"name": "a"}, "spec": data(spec)}


def rows(old: Json, new: Json) -> list[tuple[str, str, Any, Any]]:
    """Return the changes as rows: path, operation, old and new; also that the inputs stay as they are."""
    before = json.dumps([old, new])
    found = field_changes(old, new)
    assert json.dumps([old, new]) == before
    return [(path_text(each.path), each.operation, each.old, each.new) for each in found]
