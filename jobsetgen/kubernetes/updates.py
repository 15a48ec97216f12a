"""The fields of objects that can change in place, and those that need a new object."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

# completions is treated as immutable, although the API allows changing it with parallelism: the
# running processes were started for the old world size.
_CHANGES_IN_PLACE = frozenset(
    [
        "suspend",
        "parallelism",
        "activeDeadlineSeconds",
        "backoffLimit",
        "ttlSecondsAfterFinished",
        "maxFailedIndexes",
        "podReplacementPolicy",
    ]
)


def changes_in_place(field: str) -> bool:
    """Whether a field of a Job's spec can change in a running Job."""
    return field in _CHANGES_IN_PLACE


def immutable_fields(job_spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a Job's spec that need a new Job to change."""
    return {field: value for field, value in job_spec.items() if field not in _CHANGES_IN_PLACE}


# By API group and kind, the paths of fields that an update cannot change.
_IMMUTABLE: Mapping[tuple[str, str], tuple[tuple[str, ...], ...]] = {
    ("", "ResourceQuota"): (("spec", "scopes"),),
    ("", "Secret"): (("type",),),
    ("apps", "DaemonSet"): (("spec", "selector"),),
    ("apps", "Deployment"): (("spec", "selector"),),
    ("apps", "ReplicaSet"): (("spec", "selector"),),
    ("node.k8s.io", "RuntimeClass"): (("handler",),),
    ("scheduling.k8s.io", "PriorityClass"): (("value",), ("preemptionPolicy",)),
    ("storage.k8s.io", "StorageClass"): (
        ("provisioner",),
        ("parameters",),
        ("reclaimPolicy",),
        ("volumeBindingMode",),
    ),
    ("storage.k8s.io", "VolumeAttributesClass"): (("driverName",), ("parameters",)),
}
# By API group and kind, the fields of a spec that an update can change; the others it cannot.
_MUTABLE: Mapping[tuple[str, str], frozenset[str]] = {
    ("", "PersistentVolume"): frozenset(
        [
            "accessModes",
            "capacity",
            "claimRef",
            "mountOptions",
            "nodeAffinity",
            "persistentVolumeReclaimPolicy",
            "storageClassName",
            "volumeAttributesClassName",
        ]
    ),
    ("", "Pod"): frozenset(
        [
            "activeDeadlineSeconds",
            "schedulingGates",
            "terminationGracePeriodSeconds",
            "tolerations",
        ]
    ),
    ("apps", "StatefulSet"): frozenset(
        [
            "minReadySeconds",
            "ordinals",
            "persistentVolumeClaimRetentionPolicy",
            "replicas",
            "revisionHistoryLimit",
            "template",
            "updateStrategy",
        ]
    ),
}


def is_immutable(group: str, kind: str, path: Sequence[str | int]) -> bool:
    """Whether an update cannot change a field of an object.

    Jobs are told by `changes_in_place`, and JobSets by `jobset_updates`. False also for kinds of
    which this is not known, as for custom resources.
    """
    known = (group, kind)
    if any(tuple(path[: len(each)]) == each for each in _IMMUTABLE.get(known, ())):
        return True
    if kind == "Pod" and path[-1] == "image":
        return False
    mutable = _MUTABLE.get(known)
    return mutable is not None and path[0] == "spec" and _step(path) not in mutable


def _step(path: Sequence[str | int]) -> str:
    return str(path[1]) if len(path) > 1 else ""
