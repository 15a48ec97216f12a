"""JSON patches (RFC 6902), with the places of their mistakes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from jobsetgen.overlays import json_patch
from jobsetgen.overlays.patch_error import Allowance, PatchError
from jobsetgen.source.loader import load
from tests.patching import patch

BASE = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
data:
  list: [a, b]
  map: {x: 1, "y/z": 2, "m~n": 3}
  "true": true
"""


def run(*operations: dict[str, Any], base: str = BASE) -> Any:
    entries = [{"patch": list(operations), "target": {"name": "a"}}]
    return patch(base, json.dumps({"patches": entries}))


def data(*operations: dict[str, Any]) -> Any:
    return run(*operations).only["data"]


@pytest.mark.parametrize(
    ("operation", "field", "value"),
    [
        ({"op": "add", "path": "/data/list/0", "value": "c"}, "list", ["c", "a", "b"]),
        ({"op": "add", "path": "/data/list/2", "value": "c"}, "list", ["a", "b", "c"]),
        ({"op": "add", "path": "/data/list/-", "value": "c"}, "list", ["a", "b", "c"]),
        ({"op": "add", "path": "/data/list", "value": None}, "list", None),
        ({"op": "remove", "path": "/data/list/0"}, "list", ["b"]),
        ({"op": "replace", "path": "/data/list/1", "value": {"k": 1}}, "list", ["a", {"k": 1}]),
        ({"op": "remove", "path": "/data/map/y~1z"}, "map", {"x": 1, "m~n": 3}),
        ({"op": "replace", "path": "/data/map/m~0n", "value": 4}, "map", {"x": 1, "y/z": 2, "m~n": 4}),
        ({"op": "move", "from": "/data/list/0", "path": "/data/list/1"}, "list", ["b", "a"]),
        ({"op": "move", "from": "/data/list", "path": "/data/list"}, "list", ["a", "b"]),
        ({"op": "copy", "from": "/data/map/x", "path": "/data/list/-"}, "list", ["a", "b", 1]),
        ({"op": "copy", "from": "/data", "path": "/data/list/0/"}, "list", None),
        ({"op": "add", "path": "/data/", "value": 1}, "", 1),
    ],
)
def test_an_operation_does_what_the_rfc_says(operation: dict[str, Any], field: str, value: Any):
    if operation["path"].endswith("/0/"):
        assert run(operation).messages[0].endswith("/data/list/0/: /data/list/0 is neither a mapping nor a list")
    else:
        assert data(operation)[field] == value


def test_operations_follow_one_another():
    assert data(
        {"op": "add", "path": "/data/new", "value": []},
        {"op": "add", "path": "/data/new/-", "value": "a"},
        {"op": "test", "path": "/data/new", "value": ["a"]},
    )["new"] == ["a"]


@pytest.mark.parametrize("value", [True, 1.0, {"x": 1, "y/z": 2.0, "m~n": 3}, ["a", "b"]])
def test_a_test_compares_as_json_does(value: Any):
    paths = {"bool": "/data/true", "float": "/data/map/x", "dict": "/data/map", "list": "/data/list"}
    assert run({"op": "test", "path": paths[type(value).__name__], "value": value}).messages == []


ONE_OPERATION = "- {op: add, path: /data/list/0, value: 1}\n"
MISTAKES = [
    ("{op: replace, path: /data/list/3, value: 1}", "1:22 JSG712 /data/list/3: the list has 2 items"),
    ("{op: add, path: /data/list/3, value: 1}", "1:18 JSG712 /data/list/3: the list has 2 items"),
    ("{op: remove, path: /data/list/-}", "1:21 JSG712 /data/list/-: the list has 2 items"),
    ("{op: remove, path: /data/list/01}", "1:21 JSG712 /data/list/01: invalid index '01'; the list has 2 items"),
    ("{op: remove, path: /data/lst}", "1:21 JSG712 /data/lst: no such key"),
    ("{op: add, path: /dat/lst, value: 1}", "1:18 JSG712 /dat: no such key"),
    ("{op: add, path: /kind/a, value: 1}", "1:18 JSG712 /kind/a: /kind is neither a mapping nor a list"),
    ("{op: move, from: /data/nothing, path: /data/b}", "1:19 JSG712 /data/nothing: no such key"),
    ("{op: move, from: /data, path: /data/list/0}", "1:32 JSG712 a value cannot be moved into itself"),
    ("{op: test, path: /data/true, value: 1}", "1:38 JSG712 the test failed: /data/true is true"),
    ("{op: remove, path: ''}", "1:21 JSG712 a JSON patch cannot remove the whole object"),
    ("{op: add, path: '', value: 1}", "1:1 JSG712 the patch replaces the whole object by something else"),
    ("{op: add, path: data, value: 1}", "1:18 JSG712 invalid JSON pointer 'data': it must begin with '/'"),
    (
        "{op: remove, path: /data/a~b}",
        "1:21 JSG712 invalid JSON pointer '/data/a~b': '~' must be written as '~0', and '/' as '~1'",
    ),
    ("{op: remove, path: 1}", "1:21 JSG712 'path' must be a JSON pointer, such as /spec/suspend"),
    ("{op: delete, path: /data}", "1:7 JSG712 unknown operation 'delete'"),
    ("{op: [add], path: /data}", "1:7 JSG712 the 'op' must be a string"),
    ("{path: /data}", "1:2 JSG712 the operation has no 'op'"),
    ("{op: add, path: /data}", "1:2 JSG712 the operation 'add' needs a 'value'"),
    ("{op: remove, path: /data, value: 1}", "1:28 JSG712 the operation 'remove' has no field 'value'"),
    ("a", "1:2 JSG712 an operation of a JSON patch must be a mapping"),
    (
        "{op: replace, path: /metadata/name, value: b}",
        "1:45 JSG712 the patch changes the name of the object from 'a' to 'b'",
    ),
    (
        "{op: remove, path: /metadata/name}",
        "1:1 JSG712 the patch removes the name of the object, 'a'",
    ),
    (
        "{op: replace, path: /kind, value: b}",
        "1:36 JSG712 the patch changes the kind of the object from 'ConfigMap' to 'b'",
    ),
    (
        "{op: replace, path: /apiVersion, value: v2}",
        "1:42 JSG712 the patch changes the version of the object from 'v1' to 'v2'",
    ),
]


@pytest.mark.parametrize(("operation", "message"), MISTAKES)
def test_a_mistake_is_reported_where_it_is_written(operation: str, message: str):
    result = patch(BASE, "patches: [{path: p, target: {}}]", {"p": f"[{operation}]"})
    assert result.messages == [f"p:{message}"]
    assert result.data == patch(BASE, "patches: []").data


def test_a_value_of_a_secret_is_not_shown():
    base = BASE.replace("ConfigMap", "Secret")
    result = run({"op": "test", "path": "/data/list", "value": 1}, base=base)
    assert [each.partition("JSG712 ")[2] for each in result.messages] == [
        "the test failed: /data/list has another value"
    ]


def test_copies_cannot_fill_the_memory():
    copies = [{"op": "copy", "from": "", "path": f"/data/{number}"} for number in range(30)]
    [message] = run(*copies).messages
    assert "values after this; the limit is 200,000" in message


def test_copies_cannot_nest_without_end():
    deep = "/data/list" + "/0" * 90
    value: Any = "x"
    for _ in range(90):
        value = [value]
    [message] = run(
        {"op": "add", "path": "/data/list/0", "value": value}, {"op": "add", "path": deep, "value": value}
    ).messages
    assert message.endswith("more than 100 levels of nesting")


def test_operations_that_look_at_too_many_values_are_refused():
    [base, patches] = [load("f", text.encode()).documents[0].root for text in (BASE, ONE_OPERATION * 100)]
    found = json_patch.operations(patches).operations
    assert json_patch.applied(base, found, Allowance(10_000)).data["data"]["list"][0] == 1
    with pytest.raises(PatchError, match="the patches of the project change too many values"):
        json_patch.applied(base, found, Allowance(1_000))


def test_an_added_value_has_its_place_in_the_patch():
    files = {"p": "- op: add\n  path: /data/new\n  value: {a: 1}\n"}
    [document] = patch(BASE, "patches: [{path: p, target: {}}]", files).changed.documents
    assert document.place(("data", "new", "a"))[:3] == ("p", 3, 14)
    assert document.place(("data", "new"), on_key=True)[:3] == ("p", 2, 9)
    assert document.place(("data", "list", 0))[:3] == ("base.yaml", 5, 10)
