"""The fields of a JobSet that an update can change, as of JobSet 0.12 without alpha features.

The custom resource refuses another value of some fields, by rules that compare the old value with
the new one (api/jobset/v1alpha2/jobset_types.go). Such a rule is not evaluated if the field is
added or removed as a whole. The webhook refuses changes of two more
(pkg/webhooks/jobset_webhook.go), except for what Kueue changes in a suspended set.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jobsetgen.plain import mapping

_FIXED = frozenset(["managedBy", "replicatedJobs"])
_FIXED_ONCE_SET = frozenset(
    ["failurePolicy", "network", "startupPolicy", "successPolicy", "volumeClaimPolicies"]
)
_POD_TEMPLATE = ("template", "spec", "template")
_OF_SCHEDULING: Mapping[str, frozenset[str]] = {
    "metadata": frozenset(["annotations", "labels"]),
    "spec": frozenset(["nodeSelector", "schedulingGates", "tolerations"]),
}


def is_refused(
    path: Sequence[str | int], value: Any, old: Mapping[str, Any], new: Mapping[str, Any]
) -> bool:
    """Whether the API server refuses a change at a path of a JobSet, of which two states are given.

    `value` is what the path has where it has anything.
    """
    if len(path) < 2 or path[0] != "spec":
        return False
    field = str(path[1])
    before, after = mapping(old, "spec"), mapping(new, "spec")
    if field in _FIXED_ONCE_SET:
        return before.get(field) is not None and after.get(field) is not None
    if field not in _FIXED:
        return False
    is_suspended = before.get("suspend") is True or after.get("suspend") is True
    return not (is_suspended and _is_of_scheduling(path, value))


def _is_of_scheduling(path: Sequence[str | int], value: Any) -> bool:
    """Whether a path is that of a field by which pods are scheduled, or has nothing else in it."""
    if tuple(path[3:6]) != _POD_TEMPLATE or len(path) < 7:
        return False
    fields = _OF_SCHEDULING.get(str(path[6]), frozenset())
    if len(path) > 7:
        return str(path[7]) in fields
    return isinstance(value, Mapping) and fields.issuperset(value)
