"""The JobSet controller as a component, with the CRD and the webhooks of its own release."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from tests.cluster.harness import binaries
from tests.cluster.harness.components import Component, answers
from tests.cluster.harness.processes import until

if TYPE_CHECKING:
    from tests.cluster.harness.control_plane import ControlPlane

Json = dict[str, Any]
MODULE = "sigs.k8s.io/jobset"
WEBHOOKS, HEALTH = 9443, 8081
_PATHS = [
    *(f"/{verb}-jobset-x-k8s-io-v1alpha2-jobset" for verb in ("mutate", "validate")),
    *(f"/{verb}--v1-pod" for verb in ("mutate", "validate")),
]


def manager() -> Component:
    """Return the controller, with the restart of single Jobs on."""
    return Component(name="jobset", command=_command, is_healthy=_is_healthy, prepare=_prepare)


def _command(plane: ControlPlane) -> list[str]:
    path = plane.folder / "jobset.json"
    path.write_text(json.dumps(_configuration(plane)))
    return [str(binaries.binary("jobset")), f"--config={path}", f"--kubeconfig={plane.kubeconfig()}"]


def _configuration(plane: ControlPlane) -> Json:
    return {
        "apiVersion": "config.jobset.x-k8s.io/v1alpha1",
        "kind": "Configuration",
        "leaderElection": {"leaderElect": False},
        "internalCertManagement": {"enable": False},
        "featureGates": {"RestartJob": True},
        "webhook": {"host": "127.0.0.1", "port": WEBHOOKS, "certDir": str(plane.certificates.folder)},
        "metrics": {"bindAddress": "0"},
        "health": {"healthProbeBindAddress": f"127.0.0.1:{HEALTH}"},
        "clientConnection": {"qps": 1000, "burst": 2000},
    }


def _prepare(plane: ControlPlane) -> None:
    """Install the CRD and the webhooks.

    The CRD is there before the controllers are, since the garbage collector looks for new kinds only twice a minute.
    """
    config = binaries.module_folder("jobset", MODULE) / "config" / "components"
    for path in sorted((config / "crd" / "bases").glob("*.yaml")):
        for item in _read(path):
            plane.client.apply(item)
            until(lambda name=item["metadata"]["name"]: _is_established(plane, name), what=path.name)  # type: ignore[misc]
    install_webhooks(plane)


def install_webhooks(plane: ControlPlane) -> None:
    """Have the API server ask the controller's webhooks."""
    path = binaries.module_folder("jobset", MODULE) / "config" / "components" / "webhook" / "manifests.yaml"
    authority = plane.certificates.base64("ca.crt")
    for item in _read(path):
        plane.client.apply({**item, "webhooks": [_local(each, authority) for each in item["webhooks"]]})


@contextmanager
def without_webhooks(plane: ControlPlane) -> Iterator[None]:
    """Have nobody change or refuse pods, as on a cluster without JobSet, for the length of a block."""
    for kind in ("mutating", "validating"):
        plane.client.delete_collection(f"{kind}webhookconfigurations")
    try:
        yield
    finally:
        install_webhooks(plane)


def _local(webhook: Json, authority: str) -> Json:
    """Return a webhook that is called by an address, and for pods only for those of JobSets, as in the release."""
    url = f"https://127.0.0.1:{WEBHOOKS}{webhook['clientConfig']['service']['path']}"
    changed = {**webhook, "clientConfig": {"url": url, "caBundle": authority}}
    if any("pods" in rule["resources"] for rule in webhook["rules"]):
        expression = {"key": "jobset.sigs.k8s.io/jobset-name", "operator": "Exists"}
        changed["objectSelector"] = {"matchExpressions": [expression]}
    return changed


def _is_established(plane: ControlPlane, name: str) -> bool:
    status = plane.client.get("customresourcedefinitions", name).get("status", {})
    # At first the conditions are there, and null.
    return any((each["type"], each["status"]) == ("Established", "True") for each in status.get("conditions") or ())


def _is_healthy(plane: ControlPlane) -> bool:
    # The webhooks may be there later than the controller calls itself ready; they answer a GET with an error of theirs.
    ready = answers(plane, HEALTH, "/readyz", tls=False)
    return ready and all(answers(plane, WEBHOOKS, path, statuses=(200, 400, 405)) for path in _PATHS)


def _read(path: Path) -> list[Json]:
    return [dict(item) for item in YAML(typ="safe").load_all(path) if item]
