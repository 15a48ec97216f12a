"""Of any two objects: nothing differs from itself, and the changes lead from the old one to the new one."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from jobsetgen.diff.api_types import OBJECT
from jobsetgen.diff.changes import FieldChange
from jobsetgen.diff.fields import field_changes
from jobsetgen.diff.normal_form import normal_form
from jobsetgen.plain import without_nulls

NAMES = st.sampled_from("abcd")
SCALARS = st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from(["", "a", "a\nb\n", "1Gi", "[1]"])
ANYTHING = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=12
)
FOREIGN = st.builds(lambda spec: {"apiVersion": "example.com/v1", "kind": "Training", "spec": spec}, ANYTHING)


def named(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    """Return lists of items with fields; a name may stand twice, now and then."""
    return st.lists(st.fixed_dictionaries({"name": NAMES}, optional=fields), max_size=4)


CONTAINERS = named(
    image=st.sampled_from(["a:1", "b:1"]),
    imagePullPolicy=st.sampled_from(["Always", "IfNotPresent"]),
    env=named(value=st.sampled_from(["", "a\nb\n"])),
    resources=st.fixed_dictionaries({"limits": st.dictionaries(NAMES, st.sampled_from(["1Gi", "1024Mi", 1, "1"]))}),
    args=st.lists(NAMES, max_size=5),
)
SOURCES = st.sampled_from(
    [{}, {"emptyDir": {}}, {"configMap": {"name": "a"}}, {"configMap": {"name": "a", "defaultMode": 420}}]
)
PODS = st.fixed_dictionaries(
    {"containers": CONTAINERS},
    optional={
        "initContainers": CONTAINERS,
        "volumes": st.lists(st.builds(lambda name, source: {"name": name, **source}, NAMES, SOURCES), max_size=4),
        "terminationGracePeriodSeconds": st.sampled_from([0, 30, None]),
        "tolerations": st.lists(st.fixed_dictionaries({"key": NAMES}), max_size=3),
        "hostNetwork": st.booleans(),
    },
)
JOBS = st.builds(
    lambda pod, fields: {"apiVersion": "batch/v1", "kind": "Job", "spec": {"template": {"spec": pod}, **fields}},
    PODS,
    st.fixed_dictionaries({}, optional={"backoffLimit": st.sampled_from([0, 6]), "completions": st.just(1)}),
)


@given(FOREIGN | JOBS)
def test_nothing_differs_from_itself(item):
    assert field_changes(item, copy.deepcopy(item)) == []


@given(JOBS, st.randoms())
def test_a_job_that_is_written_otherwise_is_the_same(job, chance):
    other = otherwise(job, chance)
    assert field_changes(job, other) == []
    assert field_changes(other, job) == []
    assert normal_form(job, OBJECT) == normal_form(other, OBJECT)


@given(JOBS, JOBS)
def test_what_has_no_changes_has_the_same_normal_form(old, new):
    assert (field_changes(old, new) == []) == (normal_form(old, OBJECT) == normal_form(new, OBJECT))


@given(ANYTHING, ANYTHING, st.sampled_from(["data", "stringData", "stringdata"]))
def test_no_change_of_a_secret_shows_a_value(old, new, field):
    before, after = ({"apiVersion": "v1", "kind": "Secret", field: with_canaries(each)} for each in (old, new))
    changes = field_changes(before, after)
    assert "canary" not in repr(changes)
    # Without values in it, a field is as none.
    if old and new:
        assert bool(changes) == (json.dumps(before, sort_keys=True) != json.dumps(after, sort_keys=True))


@given(FOREIGN, FOREIGN)
def test_the_changes_of_a_foreign_object_lead_to_the_new_one(old, new):
    # Whatever differs but for nulls is a change: `json` tells true from 1.
    made = applied(field_changes(old, new), old)
    assert json.dumps(without_nulls(made), sort_keys=True) == json.dumps(without_nulls(new), sort_keys=True)


@given(JOBS, JOBS)
def test_the_changes_of_a_job_lead_to_the_new_one(old, new):
    changes = field_changes(old, new)
    made = applied(changes, old)
    assert [each for each in field_changes(made, new) if each.operation != "move"] == []
    assert [each for each in field_changes(new, made) if each.operation != "move"] == []


@given(st.permutations("abcdef"), st.sets(st.sampled_from("abcdef")))
def test_what_has_not_moved_keeps_its_order(order, gone):
    old = [{"name": name} for name in "abcdef" if name not in gone]
    new = [{"name": name} for name in [*order, "x"]]
    changes = field_changes(with_env(old), with_env(new))
    moved = {each.path[-1]: (each.old, each.new) for each in changes if each.operation == "move"}
    assert all(old[i]["name"] == name == new[j]["name"] for name, (i, j) in moved.items())
    kept = {each["name"] for each in old} - moved.keys()
    assert [each for each in new if each["name"] in kept] == [each for each in old if each["name"] in kept]


def with_env(env: list[Any]) -> dict[str, Any]:
    containers = [{"name": "a", "env": env}]
    return {"apiVersion": "batch/v1", "kind": "Job", "spec": {"template": {"spec": {"containers": containers}}}}


DEFAULTS = {
    "terminationGracePeriodSeconds": 30,
    "hostNetwork": False,
    "imagePullPolicy": "IfNotPresent",
    "emptyDir": {},
}
SAME_QUANTITY = {"1Gi": "1024Mi", "1024Mi": "1Gi", "1": 1, 1: "1"}


def otherwise(value: Any, chance: random.Random, field: str = "") -> Any:
    """Return a value of a Job as somebody else may write it."""
    if isinstance(value, dict):
        items = {key: otherwise(item, chance, key) for key, item in value.items() if DEFAULTS.get(key) != item}
        if field == "limits":
            items = {key: SAME_QUANTITY[item] for key, item in value.items()}
        return dict(chance.sample([*items.items(), ("unset", None)], len(items) + 1))
    if not isinstance(value, list):
        return value
    names = [item["name"] for item in value if isinstance(item, dict) and "name" in item]
    has_order = field not in ("containers", "volumes") or len(set(names)) < len(value)
    items = [otherwise(item, chance) for item in value]
    return items if has_order else chance.sample(items, len(items))


def with_canaries(value: Any) -> Any:
    """Return a value with a canary for each text in it."""
    if isinstance(value, dict):
        return {key: with_canaries(item) for key, item in value.items()}
    if isinstance(value, list):
        return [with_canaries(item) for item in value]
    return f"canary{value}"


RANK = {"remove": 0, "add": 1, "replace": 2}


def applied(changes: list[FieldChange], old: Any) -> Any:
    """Return an object with changes made: of each list first what is removed, from its end, then what is added."""
    result = copy.deepcopy(old)
    for change in sorted((each for each in changes if each.operation != "move"), key=order_of):
        *path, last = change.path
        parent = result
        for step in path:
            parent = parent[position(parent, step)]
        apply(change, parent, last)
    return result


def order_of(change: FieldChange) -> tuple[int, int, int]:
    last = change.path[-1]
    index = last if isinstance(last, int) else 0
    return len(change.path), RANK[change.operation], -index if change.operation == "remove" else index


def position(parent: Any, step: str | int) -> Any:
    """Return where a step leads: in a list by a key to the item with that name."""
    if isinstance(parent, list) and isinstance(step, str):
        return next(index for index, item in enumerate(parent) if item["name"] == step)
    return step


def apply(change: FieldChange, parent: Any, last: str | int) -> None:
    if change.operation == "remove":
        parent.pop(position(parent, last), None) if isinstance(parent, dict) else parent.pop(position(parent, last))
    elif change.operation == "add" and isinstance(parent, list):
        parent.insert(last if isinstance(last, int) else len(parent), change.new)
    else:
        parent[position(parent, last)] = change.new
