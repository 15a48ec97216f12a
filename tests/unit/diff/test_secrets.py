"""The values of Secrets never get into a change, whatever shape the object has."""

from __future__ import annotations

import json

import pytest

from jobsetgen.diff.fields import field_changes
from tests.unit.diff.objects import data, job, rows

CANARY, OTHER = "Y2FuYXJ5", "b3RoZXI="
HIDDEN, CHANGED = "(hidden)", "(hidden, changed)"
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def secret(fields: str):
    return data(f"{{apiVersion: v1, kind: Secret, metadata: {{name: a}}, {fields}}}")


CHANGES = [
    ("data: {a: CANARY, b: CANARY}", "data: {a: OTHER, b: CANARY}", [("data.a", "replace", HIDDEN, CHANGED)]),
    ("data: {a: CANARY}", "data: {b: CANARY}", [("data.a", "remove", HIDDEN, None), ("data.b", "add", None, HIDDEN)]),
    ("type: Opaque", "data: {a: CANARY}", [("data", "add", None, {"a": HIDDEN})]),
    ("stringData: {a: CANARY}", "type: Opaque", [("stringData", "remove", {"a": HIDDEN}, None)]),
    (r'stringData: {a: "CANARY\n"}', r'stringData: {a: "CANARY\nOTHER\n"}', [("stringData.a", "replace", HIDDEN, CHANGED)]),
    ("data: CANARY", "data: OTHER", [("data", "replace", HIDDEN, CHANGED)]),
    ("data: CANARY", "data: {a: CANARY}", [("data", "replace", HIDDEN, {"a": HIDDEN})]),
    ("data: {a: [CANARY, {b: 1, c: 2}]}", "data: {a: [CANARY, {c: 2, b: 1}]}", []),
    ("data: {a: 1}", "data: {a: true}", [("data.a", "replace", HIDDEN, CHANGED)]),
    ("stringdata: {a: CANARY}", "stringdata: {a: OTHER}", [("stringdata", "replace", HIDDEN, CHANGED)]),
    ("CANARYs: CANARY, data: {a: CANARY}", "CANARYs: CANARY, data: {a: CANARY}", []),
    ("type: Opaque, immutable: true", "type: kubernetes.io/tls", [("immutable", "remove", True, None), ("type", "replace", "Opaque", "kubernetes.io/tls")]),
    ("data: {a: null}", "type: Opaque", []),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "changes"), CHANGES)
def test_changes_of_a_secret(old, new, changes):
    before, after = (secret(each.replace("CANARY", CANARY).replace("OTHER", OTHER)) for each in (old, new))
    assert rows(before, after) == changes


def whole(value: str, *, kind: str = "Secret", version: str = "v1"):
    annotations = {LAST_APPLIED: value}
    return {
        "apiVersion": version, "kind": kind, "metadata": {"name": "a", "annotations": annotations},
        "data": {"a": value}, "stringData": {"b": f"{value}\n{value}"}, "stringdata": value,
    }  # fmt: skip


def nested(item):
    return [
        item,
        {"apiVersion": "v1", "kind": "List", "items": [item]},
        {"apiVersion": "v1", "kind": "SecretList", "items": [{**item, "kind": None}, item["data"]["a"]]},
        {"apiVersion": "example.com/v1", "kind": "Bundle", "spec": {"objects": [[{"object": item}]]}},
    ]


PAIRS = [
    *zip(nested(whole(CANARY)), nested(whole(OTHER)), strict=True),
    *zip(nested(whole(CANARY, version="v9")), nested(whole(OTHER, version="v9")), strict=True),
    ({"apiVersion": "v1", "kind": "List", "items": []}, nested(whole(CANARY))[1]),
    ({"apiVersion": "v1", "kind": "SecretList", "items": []}, nested(whole(CANARY))[2]),
    (whole(CANARY, kind="Secret"), whole(OTHER, kind="ConfigMap", version=HIDDEN) | {"data": {}, "stringData": {}, "stringdata": ""}),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_no_value_gets_into_a_change(old, new):
    for changes in (field_changes(old, new), field_changes(new, old)):
        assert changes
        text = repr(changes) + json.dumps([[each.old, each.new, each.text] for each in changes])
        assert CANARY not in text
        assert OTHER not in text
        assert HIDDEN in text


def test_what_kubectl_has_applied_is_hidden_in_every_object():
    old, new = job(), job()
    old["metadata"]["annotations"] = {LAST_APPLIED: CANARY, "a": "b"}
    new["metadata"]["annotations"] = {LAST_APPLIED: OTHER, "a": "c"}
    assert rows(old, new) == [
        ("metadata.annotations.a", "replace", "b", "c"),
        (f'metadata.annotations["{LAST_APPLIED}"]', "replace", HIDDEN, CHANGED),
    ]


def test_a_reference_to_a_secret_is_shown():
    old, new = (
        job(container=f"env: [{{name: A, valueFrom: {{secretKeyRef: {{name: {each}, key: k}}}}}}]") for each in "ab"
    )
    assert [(operation, *values) for _, operation, *values in rows(old, new)] == [("replace", "a", "b")]
