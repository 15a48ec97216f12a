"""What a PriorityClass object gives its pods, and which one gives it to pods without a class."""

from __future__ import annotations

import pytest

from jobsetgen.kubernetes.priorities import PriorityClass, default_class, priority_class


def written(**fields):
    metadata = {"name": "high"}
    return {"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": metadata, **fields}


def classed(name="high", value=5, is_default=False, policy="PreemptLowerPriority"):
    return PriorityClass(name=name, value=value, is_default=is_default, preemption_policy=policy)


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({"value": 5}, classed()),
        ({"value": -(2**31)}, classed(value=-(2**31))),
        ({}, classed(value=0)),
        ({"value": 5, "globalDefault": True}, classed(is_default=True)),
        ({"value": 5, "preemptionPolicy": "Never"}, classed(policy="Never")),
    ],
)
def test_a_class_is_read_with_the_defaults_of_the_api(fields, wanted):
    assert priority_class(written(**fields)) == wanted


@pytest.mark.parametrize(
    "fields",
    [
        {"value": "5"},
        {"value": True},
        {"value": 5.5},
        {"value": 2**31},
        {"value": -(2**31) - 1},
        {"value": [5]},
        {"metadata": {}, "value": 5},
        {"metadata": {"name": 5}, "value": 5},
        {"apiVersion": "scheduling.k8s.io/v1beta1", "value": 5},
        {"kind": "PriorityClasses", "value": 5},
    ],
)
def test_what_the_api_refuses_is_no_class(fields):
    assert priority_class(written(**fields)) is None


def test_of_several_defaults_the_lowest_counts():
    low, high = classed("low", 3, is_default=True), classed("high", 7, is_default=True)
    assert default_class((high, low, classed("lower", 1))) == low
    assert default_class((classed(),)) is None
