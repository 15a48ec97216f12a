"""A pod's total requests, as a ResourceQuota of the real API server counts them."""

from __future__ import annotations

from typing import Any

import pytest

from jobsetgen.kubernetes.pods import pod_requests
from jobsetgen.kubernetes.quantities import thousandths
from tests.cluster.harness.control_plane import ControlPlane
from tests.cluster.harness.processes import until

Json = dict[str, Any]


def container(name: str, requests: Json, limits: Json | None = None, **more: Any) -> Json:
    resources = {"requests": requests, "limits": limits or {}}
    return {"name": name, "image": "registry.example.com/train:1", "resources": resources, **more}


def sidecar(cpu: str) -> Json:
    return container("sidecar", {"cpu": cpu}, restartPolicy="Always")


SETUP = container("setup", {"cpu": 4})
MAIN = container("main", {"cpu": 2})
PODS = {
    "a sidecar before an init container": {"initContainers": [sidecar("1"), SETUP], "containers": [MAIN]},
    "a sidecar behind an init container": {"initContainers": [SETUP, sidecar("1")], "containers": [MAIN]},
    "sidecars beside a large main container": {"initContainers": [sidecar("3"), SETUP], "containers": [SETUP | MAIN]},
    "a limit without a request": {"containers": [container("main", {}, {"cpu": "1500m"})]},
    "a request of the whole pod": {"resources": {"requests": {"cpu": 8}}, "containers": [MAIN]},
    "a limit of the whole pod": {"resources": {"limits": {"cpu": 8}}, "containers": [container("main", {})]},
    "a limit of the whole pod above what a container requests": {
        "resources": {"limits": {"cpu": 8}},
        "containers": [MAIN],
    },
}


@pytest.mark.parametrize("pod", PODS.values(), ids=PODS)
def test_a_quota_counts_what_we_count(pod: Json, plane: ControlPlane, namespace: str) -> None:
    client = plane.within(namespace)
    quota = {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": "all"},
        "spec": {"hard": {"requests.cpu": "100"}},
    }
    client.create(quota)
    until(lambda: "used" in client.get("resourcequotas", "all").get("status", {}))
    client.create(
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": "counted"},
            "spec": {**pod, "automountServiceAccountToken": False, "restartPolicy": "Never"},
        }
    )
    used = client.get("resourcequotas", "all")["status"]["used"]["requests.cpu"]
    assert thousandths(used) == pod_requests(pod)["cpu"]
