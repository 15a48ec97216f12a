"""JSG517 and JSG518: what a pod is refused for, though its Job is not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.rules.lints.sets import jobset, said


def pod(*fields: str) -> str:
    return jobset(pod=f"<<: {{{', '.join(fields)}}}")


def messages(code: str, text: str, **options: Any) -> list[str]:
    return [line.partition("warning: ")[2] for line in said(code, text, **options)]


def test_a_priority_without_a_class():
    assert messages("JSG517", pod("priority: 7")) == [
        "priority is 7, but a pod without a priorityClassName has 0, and the API server refuses the pod\n"
        "hint: Name a priorityClassName that says so."
    ]
    assert messages("JSG517", pod("priority: 7"), default_priority=7) == []
    assert messages("JSG517", pod("priority: 0")) == []


def test_a_priority_beside_a_class_that_is_known():
    text = pod("priority: 7", "priorityClassName: high")
    assert messages("JSG517", text, priority_classes={"high": 1000}) == [
        "priority is 7, but the class high has 1000, and the API server refuses the pod\nhint: Leave it to the class."
    ]
    assert messages("JSG517", text, priority_classes={"high": 7}) == []


def test_a_priority_beside_a_class_that_is_not_known():
    assert messages("JSG517", pod("priority: 7", "priorityClassName: high")) == [
        "priority is 7, but the class high may have another one, and then the API server refuses the pod\n"
        "hint: Leave it to the class."
    ]


def test_a_priority_of_a_class_that_every_cluster_has():
    assert messages("JSG517", pod("priority: 2000001000", "priorityClassName: system-node-critical")) == []
    assert len(messages("JSG517", pod("priority: 1", "priorityClassName: system-node-critical"))) == 1


def test_a_preemption_policy():
    assert messages("JSG517", pod("preemptionPolicy: Never")) == [
        "preemptionPolicy is Never, but a pod without a priorityClassName has PreemptLowerPriority, and the API server "
        "refuses the pod\nhint: Name a priorityClassName that says so."
    ]
    assert messages("JSG517", pod("preemptionPolicy: Never", "priorityClassName: high")) == [
        "preemptionPolicy is Never, but the class high may have another one, and then the API server refuses the pod\n"
        "hint: Leave it to the class."
    ]


@pytest.mark.parametrize("name", ["", "system-node-critical"])
def test_the_preemption_policy_that_there_is_anyway(name):
    assert messages("JSG517", pod("preemptionPolicy: PreemptLowerPriority", f"priorityClassName: '{name}'")) == []


def test_an_overhead():
    assert messages("JSG518", pod("overhead: {memory: 64Mi}")) == [
        "the API server refuses a pod with an overhead but no runtimeClassName\n"
        "hint: Take it out: the runtime class says it."
    ]
    assert messages("JSG518", pod("overhead: {memory: 64Mi}", "runtimeClassName: kata")) == []
    assert messages("JSG518", pod("overhead: {}")) == []
