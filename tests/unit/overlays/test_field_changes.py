"""The fields in which two states of an object differ."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from jobsetgen.overlays.field_changes import (
    FieldPath,
    field_changes,
    fields_of,
    nearest_place,
    type_of_object,
)
from jobsetgen.source.documents import Node
from tests.unit.overlays.documents import documents

NAMES = st.sampled_from(["a", "b", "c"])
SCALARS = st.sampled_from([0, 1, True, False, None, "", "1", "a"])
CONTAINERS = st.fixed_dictionaries(
    {"name": NAMES},
    optional={
        "env": st.lists(st.fixed_dictionaries({"name": NAMES, "value": SCALARS}), max_size=3),
        "args": st.lists(SCALARS, max_size=2) | SCALARS,
        "ports": st.lists(st.fixed_dictionaries({"containerPort": SCALARS}, optional={"protocol": NAMES}), max_size=2),
    },
)
PODS = st.fixed_dictionaries(
    {"apiVersion": st.just("v1"), "kind": st.just("Pod"), "metadata": st.just({"name": "a"})},
    optional={
        "spec": st.fixed_dictionaries(
            {},
            optional={
                "containers": st.lists(CONTAINERS | SCALARS, max_size=3) | SCALARS,
                "tolerations": st.lists(SCALARS, max_size=2),
                "nodeSelector": st.dictionaries(NAMES, SCALARS, max_size=2) | SCALARS,
            },
        )
        | SCALARS,
    },
)


def node(data: Any) -> Node:
    [document] = documents(json.dumps(data))
    return document.root


def leaves(root: Node) -> dict[FieldPath, str]:
    """Return what has no values in it as JSON, by path."""
    return {path: json.dumps(each.data) for path, each in fields_of(root) if not each.children}


def is_within(path: FieldPath, outer: FieldPath) -> bool:
    return path[: len(outer)] == outer


def paths(before: Any, after: Any) -> list[str]:
    return ["".join(f"/{step}" for step in each.path) for each in field_changes(node(before), node(after))]


@given(PODS, PODS)
@settings(max_examples=500, deadline=None)
def test_the_changes_lead_from_one_state_to_the_other(before, after):
    old, new = node(before), node(after)
    changes = [each.path for each in field_changes(old, new)]
    assert len(set(changes)) == len(changes)
    changed, wanted = leaves(old), leaves(new)
    for change in changes:
        changed = {path: text for path, text in changed.items() if not is_within(path, change)}
        changed |= {path: text for path, text in wanted.items() if is_within(path, change)}

    # A mapping or a list that loses its last value, or gets its first, is told by that value.
    empty = ("{}", "[]")
    assert {path: text for path, text in changed.items() if text not in empty} == {
        path: text for path, text in wanted.items() if text not in empty
    }


@given(PODS)
def test_a_state_does_not_differ_from_itself(pod):
    assert list(field_changes(node(pod), node(pod))) == []


def pod(**container: Any) -> dict[str, Any]:
    spec = {"containers": [{"name": "main", **container}]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "spec": spec}


def test_items_are_named_by_their_keys():
    before = pod(ports=[{"containerPort": 80}], env=[{"name": "A", "value": "1"}])
    after = pod(ports=[{"containerPort": 80, "name": "web"}], env=[{"name": "A", "value": "2"}])
    main = "/spec/containers/[main]"
    assert sorted(paths(before, after)) == [f"{main}/env/[A]/value", f"{main}/ports/[80/TCP]/name"]


def test_a_list_whose_items_share_a_key_is_one_field():
    twice = [{"name": "A", "value": "1"}, {"name": "A", "value": "2"}]
    assert paths(pod(env=twice), pod(env=twice[:1])) == ["/spec/containers/[main]/env"]


def test_another_order_counts_only_alone():
    first, second = {"name": "A", "value": "1"}, {"name": "B", "value": "1"}
    env = "/spec/containers/[main]/env"
    assert paths(pod(env=[first, second]), pod(env=[second, first])) == [env]
    changed = {**second, "value": "2"}
    assert paths(pod(env=[first, second]), pod(env=[changed, first])) == [f"{env}/[B]/value"]


def test_an_added_field_is_told_by_what_is_in_it_where_that_is_asked():
    labels = {**pod(), "metadata": {"name": "a", "labels": {"x": "1", "y": "2"}}}
    assert paths(pod(), labels) == ["/metadata/labels"]
    opened = field_changes(node(pod()), node(labels), [("metadata", "labels")])
    assert [each.path[-1] for each in opened] == ["x", "y"]


def test_true_is_not_one():
    assert paths(pod(args=[1]), pod(args=[True])) == ["/spec/containers/[main]/args"]


def test_the_nearest_place_in_a_patch_is_that_of_the_deepest_key():
    [patch] = documents(
        "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: other\n  - name: main\n    env: null\n"
    )
    of = type_of_object(patch.root)

    def line(*path: str) -> int:
        return nearest_place(patch.root, path, of).line

    assert line("spec", "containers", "[main]", "env", "[A]") == 7
    assert line("spec", "containers", "[main]", "args") == 6
    assert line("spec", "containers", "[third]", "args") == 4
    assert line("spec", "tolerations") == 3
    assert line("metadata") == 1
