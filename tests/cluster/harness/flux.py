"""Flux as components: its kustomize-controller, and a web server in the place of its source-controller."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from tests.cluster.harness import binaries
from tests.cluster.harness.components import Component, answers
from tests.cluster.harness.gitops_tool import Applied
from tests.cluster.harness.repository import BRANCH, Repository
from tests.cluster.oracles.controller_and_watcher import now, stamp

if TYPE_CHECKING:
    from tests.cluster.harness.control_plane import ControlPlane

Json = dict[str, Any]
SYSTEM = "flux-system"
ARTIFACTS, METRICS, HEALTH = 8190, 8191, 8192
MODULES = (("flux", "github.com/fluxcd/kustomize-controller"), ("flux-sources", "github.com/fluxcd/source-controller"))


def components() -> list[Component]:
    """Return Flux."""
    web = Component(
        name="flux-artifacts",
        command=_web_server,
        is_healthy=lambda plane: answers(plane, ARTIFACTS, "/", tls=False),
    )
    controller = Component(
        name="flux-kustomize-controller",
        command=_controller,
        is_healthy=lambda plane: answers(plane, HEALTH, "/readyz", tls=False),
        environment=_environment,
        prepare=_prepare,
    )
    return [web, controller]


def _web_server(plane: ControlPlane) -> list[str]:
    folder = plane.folder / "artifacts"
    folder.mkdir(exist_ok=True)
    return [sys.executable, "-m", "http.server", "--bind=127.0.0.1", f"--directory={folder}", str(ARTIFACTS)]


def _controller(plane: ControlPlane) -> list[str]:
    return [
        str(binaries.binary("flux")),
        f"--metrics-addr=127.0.0.1:{METRICS}",
        f"--health-addr=127.0.0.1:{HEALTH}",
        "--concurrent=20",
        "--kube-api-qps=500",
        "--kube-api-burst=1000",
    ]


def _environment(plane: ControlPlane) -> Mapping[str, str]:
    folder = plane.folder / "flux"
    folder.mkdir(exist_ok=True)
    return {"RUNTIME_NAMESPACE": SYSTEM, "KUBECONFIG": str(plane.kubeconfig()), "TMPDIR": str(folder)}


def _prepare(plane: ControlPlane) -> None:
    for group, module in MODULES:
        folder = binaries.module_folder(group, module) / "config" / "crd" / "bases"
        for path in sorted(folder.glob("*.yaml")):
            plane.client.apply(dict(YAML(typ="safe").load(path)))
    plane.client.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": SYSTEM}})


class Flux:
    """Kustomizations that follow a repository; `spec` says what else is in one, such as images."""

    name = "Flux"

    def __init__(self, plane: ControlPlane, **spec: Any) -> None:
        self.plane, self.client, self.spec = plane, plane.within(SYSTEM), spec

    def adopt(self, name: str, namespace: str, repository: Repository) -> None:
        """Create a source and a Kustomization, which heals and prunes."""
        meta = {"name": name, "namespace": SYSTEM}
        source = {"interval": "1h", "url": "https://git.example.com/" + name, "ref": {"branch": BRANCH}}
        kind = {"apiVersion": "source.toolkit.fluxcd.io/v1", "kind": "GitRepository"}
        self.client.create({**kind, "metadata": meta, "spec": source})
        self.refresh(name, repository)
        spec = {
            "interval": "5s",
            "retryInterval": "5s",
            "prune": True,
            "path": "./",
            "targetNamespace": namespace,
            "sourceRef": {"kind": "GitRepository", "name": name},
            **self.spec,
        }
        kind = {"apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization"}
        self.client.create({**kind, "metadata": meta, "spec": spec})

    def refresh(self, name: str, repository: Repository) -> None:
        """Do what the source controller does with a new commit."""
        file = f"{name}-{repository.revision[:12]}.tar.gz"
        digest = repository.archive(self.plane.folder / "artifacts" / file)
        artifact = {
            "url": f"http://127.0.0.1:{ARTIFACTS}/{file}",
            "path": file,
            "revision": _revision(repository),
            "digest": f"sha256:{digest}",
            "lastUpdateTime": stamp(now()),
        }
        ready = {
            "type": "Ready",
            "status": "True",
            "reason": "Succeeded",
            "message": "",
            "lastTransitionTime": stamp(now()),
        }
        self.client.patch_status("gitrepositories", name, {"artifact": artifact, "conditions": [ready]})

    def look(self, name: str) -> Applied:
        """Return what the Kustomization says."""
        item = self.client.get("kustomizations", name)
        status = item.get("status") or {}
        conditions = {each["type"]: each for each in status.get("conditions") or ()}
        ready = conditions.get("Ready", {})
        health = {"True": "Healthy", "False": "Degraded"}.get(ready.get("status", ""), "Progressing")
        is_synced = status.get("lastAppliedRevision", "-") == status.get("lastAttemptedRevision")
        return Applied(
            revision=status.get("lastAppliedRevision", "").rpartition(":")[2],
            is_synced=is_synced and ready.get("status") == "True",
            health=health,
            error=ready.get("message", "") if ready.get("status") == "False" else "",
        )

    def abandon(self, name: str) -> None:
        """Suspend and delete the Kustomization, which so leaves what it has applied."""
        self.client.patch("kustomizations", name, {"spec": {"suspend": True}})
        self.client.delete("kustomizations", name)
        self.client.delete("gitrepositories", name)


def _revision(repository: Repository) -> str:
    return f"{BRANCH}@sha1:{repository.revision}"
