"""One JobSet, changes of single fields of it, and whether JobSet's API refuses each: the unit tests' table.

tests/cluster offers the same changes to the real API server and webhook.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

REFUSED, ACCEPTED = True, False
POD = "replicatedJobs.0.template.spec.template"
JOB = "replicatedJobs.0.template.spec"
GONE = object()
"""The value of a field that is removed."""
CLAIMS = [{"templates": [{"metadata": {"name": "data"}, "spec": {"accessModes": ["ReadWriteOnce"]}}]}]
CONTAINER = {
    "name": "main",
    "image": "registry.example.com/train:1",
    "volumeMounts": [{"name": "data", "mountPath": "/data"}],
}
SPEC: dict[str, Any] = {
    "suspend": False,
    "network": {"enableDNSHostnames": True, "subdomain": "train"},
    "successPolicy": {"operator": "All"},
    "failurePolicy": {"maxRestarts": 3, "restartStrategy": "Recreate"},
    "startupPolicy": {"startupPolicyOrder": "AnyOrder"},
    "coordinator": {"replicatedJob": "workers", "jobIndex": 0},
    "ttlSecondsAfterFinished": 60,
    "managedBy": "example.com/a",
    "volumeClaimPolicies": CLAIMS,
    "replicatedJobs": [
        {
            "name": "workers",
            "replicas": 2,
            "template": {
                "metadata": {"labels": {"a": "b"}},
                "spec": {
                    "parallelism": 2,
                    "completions": 2,
                    "completionMode": "Indexed",
                    "template": {
                        "metadata": {"labels": {"a": "b"}, "annotations": {"a": "b"}},
                        "spec": {
                            "nodeSelector": {"zone": "a"},
                            "tolerations": [{"key": "a", "operator": "Exists"}],
                            "schedulingGates": [{"name": "a.example.com/b"}],
                            "priorityClassName": "high",
                            "containers": [CONTAINER],
                        },
                    },
                },
            },
        }
    ],
}
CHANGES: list[tuple[str, Any, bool, bool]] = [
    ("network.subdomain", "other", REFUSED, REFUSED),
    ("network.enableDNSHostnames", False, REFUSED, REFUSED),
    ("successPolicy.operator", "Any", REFUSED, REFUSED),
    ("successPolicy.targetReplicatedJobs", ["workers"], REFUSED, REFUSED),
    ("failurePolicy.maxRestarts", 4, REFUSED, REFUSED),
    ("failurePolicy.rules", [{"name": "a", "action": "FailJobSet"}], REFUSED, REFUSED),
    ("startupPolicy.startupPolicyOrder", "InOrder", REFUSED, REFUSED),
    ("volumeClaimPolicies.0.templates.0.spec.accessModes.0", "ReadWriteMany", REFUSED, REFUSED),
    ("managedBy", "example.com/b", REFUSED, REFUSED),
    ("managedBy", GONE, REFUSED, REFUSED),
    ("replicatedJobs.0.replicas", 3, REFUSED, REFUSED),
    ("replicatedJobs.0.template.metadata.labels.a", "c", REFUSED, REFUSED),
    (f"{JOB}.parallelism", 1, REFUSED, REFUSED),
    (f"{JOB}.completions", 1, REFUSED, REFUSED),
    (f"{JOB}.backoffLimit", 1, REFUSED, REFUSED),
    (f"{JOB}.activeDeadlineSeconds", 60, REFUSED, REFUSED),
    (f"{POD}.spec.containers.0.image", "registry.example.com/train:2", REFUSED, REFUSED),
    (f"{POD}.spec.priorityClassName", "low", REFUSED, REFUSED),
    (f"{POD}.spec.affinity", {"nodeAffinity": {}}, REFUSED, REFUSED),
    (f"{POD}.metadata.labels.a", "c", REFUSED, ACCEPTED),
    (f"{POD}.metadata.annotations.c", "d", REFUSED, ACCEPTED),
    (f"{POD}.metadata", GONE, REFUSED, ACCEPTED),
    (f"{POD}.metadata.finalizers", ["example.com/a"], REFUSED, REFUSED),
    (f"{POD}.spec.nodeSelector.zone", "b", REFUSED, ACCEPTED),
    (f"{POD}.spec.nodeSelector", GONE, REFUSED, ACCEPTED),
    (f"{POD}.spec.tolerations.0.key", "b", REFUSED, ACCEPTED),
    (f"{POD}.spec.schedulingGates", GONE, REFUSED, ACCEPTED),
    ("coordinator.jobIndex", 1, ACCEPTED, ACCEPTED),
    ("coordinator", GONE, ACCEPTED, ACCEPTED),
    ("ttlSecondsAfterFinished", 120, ACCEPTED, ACCEPTED),
    # A rule that compares two values is not evaluated where there is only one.
    ("failurePolicy", GONE, ACCEPTED, ACCEPTED),
    ("successPolicy", GONE, ACCEPTED, ACCEPTED),
    ("volumeClaimPolicies", GONE, ACCEPTED, ACCEPTED),
    ("network", GONE, ACCEPTED, ACCEPTED),
    ("startupPolicy", GONE, ACCEPTED, ACCEPTED),
]
"""A path in the spec, its new value, and whether it is refused while the set runs and while it is suspended."""


def jobset(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return the JobSet of a spec."""
    return {"apiVersion": "jobset.x-k8s.io/v1alpha2", "kind": "JobSet", "metadata": {"name": "train"}, "spec": spec}


def changed(path: str, value: Any, **others: Any) -> dict[str, Any]:
    """Return SPEC with another value at a path, or without it, and with other fields."""
    return with_change({**SPEC, **others}, path, value)


def with_change(spec: Mapping[str, Any], path: str, value: Any) -> dict[str, Any]:
    """Return a spec with another value at a path, or without it."""
    result = copy.deepcopy(dict(spec))
    *steps, last = (int(step) if step.isdigit() else step for step in path.split("."))
    place: Any = result
    for step in steps:
        place = place[step]
    if value is GONE:
        del place[last]
    else:
        place[last] = value
    return result
