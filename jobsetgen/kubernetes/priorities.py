"""Priority classes: those of Kubernetes itself, and what a PriorityClass object says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from jobsetgen.kubernetes.numbers import MAX_INT32, MIN_INT32
from jobsetgen.plain import boolean, integer, mapping, string

SYSTEM_PRIORITY_CLASSES = {
    "system-cluster-critical": 2_000_000_000,
    "system-node-critical": 2_000_001_000,
}
"""The priority of each class that Kubernetes itself creates."""

PREEMPT_LOWER_PRIORITY = "PreemptLowerPriority"
"""The preemptionPolicy of a class that sets none, and of a pod without a class."""

PRIORITY_WITHOUT_CLASS = 0
"""The priority of a pod without a class in a cluster that has no default class."""

# No int32, and so no priority that the API accepts.
_INVALID = MAX_INT32 + 1


class PriorityClass(NamedTuple):
    """What a PriorityClass gives its pods.

    With `is_default`, these include the pods that name no class.
    """

    name: str
    value: int
    is_default: bool
    preemption_policy: str


def priority_class(data: Mapping[str, Any]) -> PriorityClass | None:
    """Return what an object gives its pods; None if it is no PriorityClass that the API accepts."""
    if (data.get("apiVersion"), data.get("kind")) != ("scheduling.k8s.io/v1", "PriorityClass"):
        return None
    name = string(mapping(data, "metadata"), "name")
    # The API server treats a missing value as 0.
    value = integer(data, "value", _INVALID) if "value" in data else 0
    if not name or not MIN_INT32 <= value <= MAX_INT32:
        return None
    return PriorityClass(
        name=name,
        value=value,
        is_default=boolean(data, "globalDefault", False),
        preemption_policy=string(data, "preemptionPolicy", PREEMPT_LOWER_PRIORITY),
    )


def default_class(classes: tuple[PriorityClass, ...]) -> PriorityClass | None:
    """Return the class of pods that name none: of several defaults, the one of the lowest value.

    Source: getDefaultPriorityClass in Kubernetes' plugin/pkg/admission/priority/admission.go.
    """
    defaults = [each for each in classes if each.is_default]
    return min(defaults, key=lambda each: each.value, default=None)
