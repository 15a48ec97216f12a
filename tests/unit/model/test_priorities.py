"""Where a pod's priority comes from: its own field, then options, then the PriorityClasses of the input, then 0."""

from __future__ import annotations

import pytest

from jobsetgen.kubernetes.priorities import PriorityClass
from jobsetgen.model.priorities import priorities
from jobsetgen.options.table import Settings

CLASSES = (
    PriorityClass(name="high", value=2000, is_default=False, preemption_policy="Never"),
    PriorityClass(name="usual", value=1000, is_default=True, preemption_policy="Never"),
)


def priority(pod, **options):
    return priorities(Settings(input_classes=CLASSES, **options), with_input=True).of_pod(pod)


HIGH = {"priorityClassName": "high"}


@pytest.mark.parametrize(
    ("pod", "options", "wanted"),
    [
        (HIGH, {}, 2000),
        (HIGH, {"priority_classes": {"high": 5}}, 5),
        ({**HIGH, "priority": 7}, {"priority_classes": {"high": 5}}, 7),
        ({}, {}, 1000),
        ({}, {"default_priority": 0}, 0),
        ({}, {"default_priority": 5}, 5),
        ({"priority": 7}, {"default_priority": 5}, 7),
        ({"priorityClassName": ""}, {}, 1000),
        ({"priorityClassName": "other"}, {"default_priority": 5}, None),
    ],
)
def test_what_is_nearer_to_the_pod_wins(pod, options, wanted):
    assert priority(pod, **options) == wanted


def test_without_the_input_options_alone_count():
    known = priorities(Settings(input_classes=CLASSES), with_input=False)
    assert (known.of_pod(HIGH), known.of_pod({})) == (None, 0)


def test_no_object_changes_what_kubernetes_creates():
    name = "system-node-critical"
    own = PriorityClass(name=name, value=5, is_default=False, preemption_policy="Never")
    known = priorities(Settings(input_classes=(own,)), with_input=True)
    assert known.of_class(name) == 2_000_001_000
