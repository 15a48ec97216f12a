"""The published formats of plan and state: their schemas, and the documents that a ConfigMap holds."""

from __future__ import annotations

import json
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from jobsetgen.assets import asset
from jobsetgen.runtime.watcher.formats import unpacked

Json = dict[str, Any]
NAMES = ("restart-plan-1", "restart-plan-2", "restart-state-1", "restart-state-2")
SCHEMAS = {name: json.loads(asset("schemas", f"{name}.json").read_text(encoding="utf-8")) for name in NAMES}
_REGISTRY = Registry().with_resources(
    (f"{name}.json", Resource.from_contents(schema)) for name, schema in SCHEMAS.items()
)


def validator(name: str, *path: str) -> Draft202012Validator:
    """Return what holds data to a schema, or to a part of it."""
    schema = SCHEMAS[name]
    for key in path:
        schema = schema[key]
    return Draft202012Validator(schema, registry=_REGISTRY)


def plan_in(item: Json) -> Json:
    """Return the plan that a ConfigMap holds."""
    return dict(json.loads(item["data"]["plan.json"]))


def state_in(item: Json) -> Json:
    """Return the documents of a state by their keys, as its schema describes them."""
    data = item.get("data") or {}
    texts = {key: text for key, text in data.items() if key.endswith(".json")}
    texts.update({key: unpacked(blob) for key, blob in (item.get("binaryData") or {}).items()})
    return {key: json.loads(text) for key, text in texts.items()}
