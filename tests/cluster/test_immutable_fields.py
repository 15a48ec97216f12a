"""The fields that no update can change of objects which jobsetgen passes through, beside the real API server.

Each object is created and changed in one field. The server refuses exactly the changes that the comparison says it does.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import pytest

from jobsetgen.kubernetes.updates import is_immutable
from tests.cluster.harness.client import ApiError, Client
from tests.cluster.harness.control_plane import ControlPlane

Json = dict[str, Any]
Path = Sequence[str | int]

_LABELS = {"app": "sample"}
_POD: Json = {"containers": [{"name": "main", "image": "registry.example.com/a:1"}]}
_PODS = {"metadata": {"labels": {**_LABELS, "other": "x"}}, "spec": _POD}
_WORKLOAD = {"selector": {"matchLabels": _LABELS}, "template": _PODS}
_CLAIM = {
    "metadata": {"name": "data"},
    "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
}
_SELECTOR: Path = ("spec", "selector", "matchLabels", "other")
_IMAGE: Path = ("spec", "template", "spec", "containers", 0, "image")
OBJECTS: dict[str, tuple[str, Json, list[tuple[Path, Any]]]] = {
    "Deployment": ("apps/v1", {"spec": _WORKLOAD}, [(("spec", "replicas"), 2), (_IMAGE, "b"), (_SELECTOR, "x")]),
    "DaemonSet": ("apps/v1", {"spec": _WORKLOAD}, [(("spec", "minReadySeconds"), 5), (_IMAGE, "b"), (_SELECTOR, "x")]),
    "ReplicaSet": ("apps/v1", {"spec": _WORKLOAD}, [(("spec", "replicas"), 2), (_IMAGE, "b"), (_SELECTOR, "x")]),
    "StatefulSet": (
        "apps/v1",
        {"spec": {**_WORKLOAD, "serviceName": "a", "replicas": 0, "volumeClaimTemplates": [_CLAIM]}},
        [
            (("spec", "replicas"), 1),
            (("spec", "ordinals"), {"start": 1}),
            (("spec", "minReadySeconds"), 5),
            (("spec", "revisionHistoryLimit"), 5),
            (("spec", "updateStrategy"), {"type": "OnDelete"}),
            (("spec", "persistentVolumeClaimRetentionPolicy"), {"whenDeleted": "Delete", "whenScaled": "Retain"}),
            (_IMAGE, "b"),
            (_SELECTOR, "x"),
            (("spec", "serviceName"), "b"),
            (("spec", "podManagementPolicy"), "Parallel"),
            (("spec", "volumeClaimTemplates", 0, "spec", "resources", "requests", "storage"), "2Gi"),
        ],
    ),
    "Secret": (
        "v1",
        {"type": "Opaque", "data": {"a": "MQ=="}},
        [(("data", "a"), "Mg=="), (("type",), "example.com/other")],
    ),
    "ResourceQuota": (
        "v1",
        {"spec": {"hard": {"pods": "1000"}, "scopes": ["NotTerminating"]}},
        [(("spec", "hard", "pods"), "2000"), (("spec", "scopes", 0), "Terminating")],
    ),
    "PriorityClass": (
        "scheduling.k8s.io/v1",
        {"value": 1, "preemptionPolicy": "Never"},
        [(("description",), "new"), (("value",), 2), (("preemptionPolicy",), "PreemptLowerPriority")],
    ),
    "RuntimeClass": (
        "node.k8s.io/v1",
        {"handler": "a"},
        [(("scheduling",), {"nodeSelector": {}}), (("handler",), "b")],
    ),
    "StorageClass": (
        "storage.k8s.io/v1",
        {
            "provisioner": "example.com/a",
            "parameters": {"a": "1"},
            "reclaimPolicy": "Delete",
            "volumeBindingMode": "Immediate",
        },
        [
            (("allowVolumeExpansion",), True),
            (("provisioner",), "example.com/b"),
            (("parameters", "a"), "2"),
            (("reclaimPolicy",), "Retain"),
            (("volumeBindingMode",), "WaitForFirstConsumer"),
        ],
    ),
    "VolumeAttributesClass": (
        "storage.k8s.io/v1",
        {"driverName": "example.com/a", "parameters": {"a": "1"}},
        [(("driverName",), "example.com/b"), (("parameters", "a"), "2")],
    ),
    "PersistentVolume": (
        "v1",
        {
            "spec": {
                "accessModes": ["ReadWriteOnce"],
                "capacity": {"storage": "1Gi"},
                "hostPath": {"path": "/tmp/a"},
                "persistentVolumeReclaimPolicy": "Retain",
                "storageClassName": "a",
                "volumeMode": "Filesystem",
            }
        },
        [
            (("spec", "accessModes", 0), "ReadWriteMany"),
            (("spec", "capacity", "storage"), "2Gi"),
            (("spec", "persistentVolumeReclaimPolicy"), "Delete"),
            (("spec", "storageClassName"), "b"),
            (("spec", "mountOptions"), ["ro"]),
            (("spec", "hostPath", "path"), "/tmp/b"),
            (("spec", "volumeMode"), "Block"),
        ],
    ),
    "Pod": (
        "v1",
        {"spec": {**_POD, "schedulingGates": [{"name": "example.com/hold"}]}},
        [
            (("spec", "containers", 0, "image"), "registry.example.com/a:2"),
            (("spec", "activeDeadlineSeconds"), 60),
            (("spec", "containers", 0, "command"), ["true"]),
            (("spec", "restartPolicy"), "Never"),
        ],
    ),
}
"""By kind: apiVersion, content, and changes of single fields. The last ones are those that are refused."""

CHANGES = [
    pytest.param(kind, version, content, path, value, id=f"{kind}-{'.'.join(map(str, path))}")
    for kind, (version, content, changes) in OBJECTS.items()
    for path, value in changes
]


@pytest.mark.parametrize(("kind", "version", "content", "path", "value"), CHANGES)
def test_the_server_refuses_what_cannot_change(
    plane: ControlPlane, kind: str, version: str, content: Json, path: Path, value: Any
) -> None:
    client = plane.within(plane.new_namespace("immutable"))
    item = {"apiVersion": version, "kind": kind, "metadata": {"name": client.namespace}, **copy.deepcopy(content)}
    plural = client.resource_of(item).plural
    client.create(item)
    try:
        assert is_refused(client, plural, path, value) == is_immutable(version.rpartition("/")[0], kind, path)
    finally:
        client.delete(plural, client.namespace)


def is_refused(client: Client, plural: str, path: Path, value: Any) -> bool:
    """Whether the server calls the object with another value at a path invalid."""
    operation = "replace" if isinstance(path[-1], int) else "add"
    change = {"op": operation, "path": f"/{'/'.join(map(str, path))}", "value": value}
    try:
        client.patch(plural, client.namespace, [change], kind="json")
    except ApiError as error:
        if error.status not in (403, 422):
            raise
        return True
    return False
