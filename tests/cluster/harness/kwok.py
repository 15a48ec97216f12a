"""KWOK as a component: nodes and pods that report what a kubelet would, thousands of them, and run nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tests.cluster.harness import binaries
from tests.cluster.harness.components import Component, answers

if TYPE_CHECKING:
    from tests.cluster.harness.control_plane import ControlPlane

MODULE = "sigs.k8s.io/kwok"
PORT = 10247
LOST = "tests.jobsetgen.io/lost"  # the label of nodes that it leaves alone
# Without the stage pod-complete, which ends the pods of every Job at once.
STAGES = (
    "node/fast/node-initialize.yaml",
    "node/heartbeat-with-lease/node-heartbeat-with-lease.yaml",
    "pod/fast/pod-ready.yaml",
    "pod/fast/pod-delete.yaml",
)


def kwok() -> Component:
    """Return the program that moves nodes and pods along."""
    return Component(
        name="kwok", command=_command, is_healthy=lambda plane: answers(plane, PORT, "/healthz", tls=False)
    )


def _command(plane: ControlPlane) -> list[str]:
    folder = binaries.module_folder("kwok", MODULE) / "kustomize" / "stage"
    return [
        str(binaries.binary("kwok")),
        f"--kubeconfig={plane.kubeconfig()}",
        f"--server-address=127.0.0.1:{PORT}",
        f"--manage-nodes-with-label-selector=!{LOST}",
        "--node-lease-duration-seconds=40",
        *(f"--config={folder / stage}" for stage in STAGES),
    ]


def add_nodes(
    plane: ControlPlane,
    *names: str,
    labels: Mapping[str, str] | None = None,
    pods: int = 200,
    room: Mapping[str, str] | None = None,
    devices: Mapping[str, int] | None = None,
) -> None:
    """Add nodes with labels and room for so many pods, and for what else `room` says.

    Where there are devices, a pod must ask for one to get in.
    """
    room = {"cpu": "64", "memory": "256Gi", "pods": str(pods), **(room or {})}
    room |= {device: str(number) for device, number in (devices or {}).items()}
    taints = [{"key": device, "value": "present", "effect": "NoSchedule"} for device in devices or ()]
    for name in names:
        plane.client.create(
            {
                "apiVersion": "v1",
                "kind": "Node",
                "metadata": {"name": name, "labels": {"kubernetes.io/hostname": name, **(labels or {})}},
                "spec": {"taints": taints},
                "status": {"allocatable": room, "capacity": room},
            }
        )


def lose_node(plane: ControlPlane, name: str) -> None:
    """Let a node go silent, and keep its object: its lease is renewed no more, and nothing happens to its pods."""
    plane.client.patch("nodes", name, {"metadata": {"labels": {LOST: "true"}}})


def find_node(plane: ControlPlane, name: str) -> None:
    """Let a lost node be there again, for what is on it.

    New pods are kept off: the node controller, which looks at nodes every 5 s, may call them unready in between, and
    KWOK does not say again that they are ready, as a kubelet would.
    """
    plane.client.patch("nodes", name, {"metadata": {"labels": {LOST: None}}, "spec": {"unschedulable": True}})


def give_up_node(plane: ControlPlane, name: str) -> None:
    """Declare a lost node to be out of service, as an admin does: what was on it counts as ended."""
    taint = {"key": "node.kubernetes.io/out-of-service", "value": "nodeshutdown", "effect": "NoExecute"}
    taints = plane.client.get("nodes", name)["spec"].get("taints", [])
    plane.client.patch("nodes", name, {"spec": {"taints": [*taints, taint]}})


def fail_pod(plane: ControlPlane, name: str, *, namespace: str, code: int = 1) -> None:
    """Let a pod fail as if each of its containers had exited with a code."""
    _end_pod(plane, name, namespace, {"exitCode": code, "reason": "Error"})


def complete_pod(plane: ControlPlane, name: str, *, namespace: str) -> None:
    """Let a pod succeed as if each of its containers had exited with 0."""
    _end_pod(plane, name, namespace, {"exitCode": 0, "reason": "Completed"})


def _end_pod(plane: ControlPlane, name: str, namespace: str, end: Mapping[str, object]) -> None:
    pod = plane.client.get("pods", name, namespace=namespace)
    own = {"imageID": "", "ready": False, "restartCount": 0, "state": {"terminated": end}}
    containers = [{"name": each["name"], "image": each["image"], **own} for each in pod["spec"]["containers"]]
    status = {"phase": "Failed" if end["exitCode"] else "Succeeded", "containerStatuses": containers}
    plane.client.patch_status("pods", name, status, namespace=namespace)
