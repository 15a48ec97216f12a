"""The order of fields: what people look for comes first, whatever the order of the input."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobsetgen import field_order
from jobsetgen.field_order import fields
from jobsetgen.kubernetes.versions import VERSIONS
from jobsetgen.schema import KINDS, schema_of

# Fields under a parent, in the order in which a person would write them.
WRITTEN = {
    "": "apiVersion kind metadata data spec",
    "metadata": "name generateName namespace labels annotations",
    "spec": "suspend network failurePolicy replicatedJobs",
    "spec of a Job": "completionMode completions parallelism backoffLimit template",
    "spec of a pod": "subdomain restartPolicy nodeSelector affinity tolerations initContainers containers volumes",
    "spec of a Service": "clusterIP publishNotReadyAddresses selector ports",
    "spec of a claim": "accessModes storageClassName resources",
    "replicatedJobs": "name groupName replicas dependsOn template",
    "template": "metadata spec",
    "containers": "name image command args ports env resources volumeMounts",
    "initContainers": "name image restartPolicy command args ports env resources volumeMounts",
    "env": "name value valueFrom",
    "ports": "name containerPort protocol",
    "resources": "limits requests",
    "volumeMounts": "name mountPath readOnly",
    "tolerations": "key operator value effect",
    "matchExpressions": "key operator values",
    "rules": "apiGroups resources resourceNames verbs",
    "rules of a failurePolicy": "name action onJobFailureReasons targetReplicatedJobs",
    "roleRef": "apiGroup kind name",
}
USER_MAPS = ["labels", "annotations", "nodeSelector", "matchLabels", "limits", "requests", "data"]
# A Secret has no schema here, as it only ever passes through.
WITHOUT_SCHEMA = {"stringData"}
NAMES = st.sampled_from([*field_order._RANKS["spec"], "name", "key", "kind", "apiVersion", "zeta", "alpha"])


def names(mapping: dict[str, Any], parent: str = "") -> list[str]:
    return [name for name, _ in fields(mapping, parent)]


@pytest.mark.parametrize("where", WRITTEN)
def test_fields_come_as_people_write_them(where):
    expected = WRITTEN[where].split()
    assert names(dict.fromkeys(reversed(expected)), where.partition(" ")[0]) == expected


@pytest.mark.parametrize("parent", ["", "metadata", "spec", "containers"])
def test_fields_that_are_not_in_the_table_follow_by_name(parent):
    first = next(iter(field_order._RANKS[parent]))
    assert names({"zeta": 1, "alpha": 1, first: 1}, parent) == [first, "alpha", "zeta"]


def test_a_name_comes_first_where_the_table_does_not_know_the_parent():
    assert names({"emptyDir": {}, "key": "k", "name": "n", "items": []}, "volumes") == [
        "name",
        "key",
        "emptyDir",
        "items",
    ]


def test_an_object_inside_another_says_first_what_it_is():
    found = names({"name": "n", "metadata": {}, "kind": "K", "apiVersion": "v1"}, "valueFrom")
    assert found == ["apiVersion", "kind", "name", "metadata"]


@pytest.mark.parametrize("parent", USER_MAPS)
def test_peoples_own_words_come_in_their_own_order(parent):
    assert names({"name": "", "apiVersion": "", "Z": "", "a": ""}, parent) == ["Z", "a", "apiVersion", "name"]


@settings(max_examples=200, derandomize=True)
@given(
    st.dictionaries(NAMES, st.integers()).flatmap(lambda entries: st.tuples(st.just(entries), permuted(entries))),
    st.sampled_from(["", "spec", "metadata", "labels", "elsewhere"]),
)
def test_the_order_depends_on_the_names_alone_and_loses_none(entries, parent):
    before, after = entries
    assert list(fields(after, parent)) == list(fields(before, parent))
    assert dict(fields(after, parent)) == before


def permuted(entries: dict[str, int]) -> st.SearchStrategy[dict[str, int]]:
    return st.permutations(list(entries.items())).map(dict)


@pytest.mark.parametrize("parent", field_order._ORDERS)
def test_no_field_stands_twice_in_an_order(parent):
    order = field_order._ORDERS[parent].split()
    assert sorted(set(order)) == sorted(order)


def test_every_field_of_the_table_is_one_of_a_schema():
    known = set(
        chain.from_iterable(properties(schema_of(kind, version)) for kind in KINDS.values() for version in VERSIONS)
    )
    table = set(chain.from_iterable(order.split() for order in field_order._ORDERS.values()))
    assert table - known == WITHOUT_SCHEMA


def properties(schema: Any) -> Iterator[str]:
    """Yield the name of every field in a schema."""
    if isinstance(schema, dict):
        if isinstance(schema.get("properties"), dict):
            yield from schema["properties"]
        for inner in schema.values():
            yield from properties(inner)
