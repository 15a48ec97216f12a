"""Argo CD as components: what a sync needs of it, without its web server."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from tests.cluster.harness import binaries
from tests.cluster.harness.client import ApiError
from tests.cluster.harness.components import Component, answers
from tests.cluster.harness.gitops_tool import Applied
from tests.cluster.harness.processes import until
from tests.cluster.harness.repository import BRANCH, Repository

if TYPE_CHECKING:
    from tests.cluster.harness.control_plane import ControlPlane

Json = dict[str, Any]
MODULE = "github.com/argoproj/argo-cd/v3"
NAMESPACE = "argocd"
REDIS, REPOSITORIES, REPOSITORIES_HEALTH, CONTROLLER_HEALTH = 6379, 8181, 8182, 8183
_PART_OF = {"app.kubernetes.io/part-of": "argocd"}
_REFRESH = "argocd.argoproj.io/refresh"


def components() -> list[Component]:
    """Return Argo CD, of which each part finds the others when they are there."""
    redis = Component(name="redis", command=_redis, is_healthy=_answers_to_redis)
    repositories = Component(
        name="argocd-repo-server",
        command=_repo_server,
        is_healthy=lambda plane: answers(plane, REPOSITORIES_HEALTH, "/healthz", tls=False),
        environment=_environment,
        prepare=_prepare,
    )
    controller = Component(
        name="argocd-application-controller",
        command=_controller,
        is_healthy=lambda plane: answers(plane, CONTROLLER_HEALTH, "/healthz", tls=False),
        environment=_environment,
    )
    return [redis, repositories, controller]


def plugin(config: Path) -> Component:
    """Return a config management plugin, as the sidecar of the repo-server runs it; `config` has its plugin.yaml."""
    return Component(
        name="argocd-cmp-server",
        command=lambda _: [str(binaries.binary("argo", "cmp-server")), f"--config-dir-path={config}"],
        is_healthy=lambda plane: any((plane.folder / "argocd" / "plugins").glob("*.sock")),
        environment=_plugin_environment,
    )


def _plugin_environment(plane: ControlPlane) -> Mapping[str, str]:
    inherited = _environment(plane)
    return {**inherited, "PATH": f"{Path(sys.executable).parent}:{inherited['PATH']}"}


def _redis(plane: ControlPlane) -> list[str]:
    return ["redis-server", "--bind", "127.0.0.1", "--port", str(REDIS), "--save", "", "--appendonly", "no"]


def _answers_to_redis(plane: ControlPlane) -> bool:
    return "Ready to accept connections" in plane.log("redis").read_text()


def _repo_server(plane: ControlPlane) -> list[str]:
    return [
        str(binaries.binary("argo", "repo-server")),
        "--disable-tls",
        "--address=127.0.0.1",
        f"--port={REPOSITORIES}",
        "--metrics-address=127.0.0.1",
        f"--metrics-port={REPOSITORIES_HEALTH}",
        f"--redis=127.0.0.1:{REDIS}",
    ]


def _controller(plane: ControlPlane) -> list[str]:
    return [
        str(binaries.binary("argo", "application-controller")),
        f"--repo-server=127.0.0.1:{REPOSITORIES}",
        "--repo-server-plaintext",
        f"--redis=127.0.0.1:{REDIS}",
        f"--namespace={NAMESPACE}",
        f"--metrics-port={CONTROLLER_HEALTH}",
        "--self-heal-timeout-seconds=1",
        "--self-heal-backoff-timeout-seconds=0",  # at once each time: the fastest that a watcher may meet
        "--status-processors=20",
        "--operation-processors=20",
    ]


def _environment(plane: ControlPlane) -> Mapping[str, str]:
    home = plane.folder / "argocd"
    folders = {name: home / name for name in ("tls", "ssh", "plugins", "tmp")}
    for each in folders.values():
        each.mkdir(parents=True, exist_ok=True)
    return {
        "ARGOCD_FAKE_IN_CLUSTER": "true",
        "ARGOCD_GPG_ENABLED": "false",
        "ARGOCD_TLS_DATA_PATH": str(folders["tls"]),
        "ARGOCD_SSH_DATA_PATH": str(folders["ssh"]),
        "ARGOCD_PLUGINSOCKFILEPATH": str(folders["plugins"]),
        "HOME": str(home),
        "KUBECONFIG": str(plane.kubeconfig(plane.folder / "argocd.kubeconfig", NAMESPACE)),
        "PATH": f"{binaries.build('kustomize')}:/usr/local/bin:/usr/bin:/bin",
        "TMPDIR": str(folders["tmp"]),
    }


def _prepare(plane: ControlPlane) -> None:
    crds = binaries.module_folder("argo", MODULE) / "manifests" / "crds"
    for path in (crds / "application-crd.yaml", crds / "appproject-crd.yaml"):
        plane.client.apply(dict(YAML(typ="safe").load(path)))
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}}
    for item in (namespace, *_settings()):
        plane.client.apply(item)
    until(lambda: _has_projects(plane), what="the AppProject")


def _settings() -> Iterator[Json]:
    quick = {"timeout.reconciliation": "5s", "timeout.reconciliation.jitter": "0s"}
    meta = {"namespace": NAMESPACE, "labels": _PART_OF}
    yield {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "argocd-cm", **meta}, "data": quick}
    yield {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "argocd-rbac-cm", **meta}}
    secret = {"server.secretkey": "a secret of tests"}
    yield {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "argocd-secret", **meta}, "stringData": secret}


def _has_projects(plane: ControlPlane) -> bool:
    everything = [{"group": "*", "kind": "*"}]
    project = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "AppProject",
        "metadata": {"name": "default", "namespace": NAMESPACE},
        "spec": {
            "sourceRepos": ["*"],
            "destinations": [{"namespace": "*", "server": "*"}],
            "clusterResourceWhitelist": everything,
        },
    }
    with suppress(ApiError, LookupError):  # the kind comes a moment after its CRD
        plane.client.apply(project)
        return True
    return False


class ArgoCD:
    """Applications that follow a repository; `source` is what else their source has, such as a path."""

    def __init__(
        self,
        plane: ControlPlane,
        *,
        is_server_side: bool = False,
        options: Sequence[str] = (),
        comparison: str = "",
        source: Json | None = None,
    ) -> None:
        self.client = plane.within(NAMESPACE)
        self.options = [*options, *(["ServerSideApply=true"] if is_server_side else [])]
        self.source = source or {}
        self.notes = {"argocd.argoproj.io/compare-options": comparison} if comparison else {}
        self.name = "Argo CD, server-side apply" if is_server_side else "Argo CD"

    def adopt(self, name: str, namespace: str, repository: Repository) -> None:
        """Create an Application, synced by itself, with healing and pruning."""
        spec = {
            "project": "default",
            "source": {"repoURL": repository.url, "targetRevision": BRANCH, "path": ".", **self.source},
            "destination": {"server": "https://kubernetes.default.svc", "namespace": namespace},
            "syncPolicy": {
                "automated": {"prune": True, "selfHeal": True, "allowEmpty": True},
                "syncOptions": self.options,
                "retry": {"limit": 2, "backoff": {"duration": "2s", "factor": 2, "maxDuration": "10s"}},
            },
        }
        meta = {"name": name, "namespace": NAMESPACE, "annotations": self.notes}
        self.client.create(
            {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": meta, "spec": spec}
        )

    def refresh(self, name: str, repository: Repository) -> None:
        """Have it look at the repository: what it knows of revisions is kept for minutes."""
        self.client.patch("applications", name, {"metadata": {"annotations": {_REFRESH: "hard"}}})

    def look(self, name: str) -> Applied:
        """Return what the Application says."""
        item = self.client.get("applications", name)
        status, is_asked = item.get("status") or {}, _REFRESH in (item["metadata"].get("annotations") or {})
        sync, operation = status.get("sync") or {}, status.get("operationState") or {}
        phase = operation.get("phase", "")
        synced_to = (operation.get("syncResult") or {}).get("revision", "") if phase == "Succeeded" else ""
        errors = [each["message"] for each in status.get("conditions") or () if each["type"].endswith("Error")]
        if phase in ("Failed", "Error"):
            errors.append(operation.get("message", ""))
        return Applied(
            revision=synced_to,
            is_synced=sync.get("status") == "Synced" and not is_asked and sync.get("revision", "") != "",
            health=(status.get("health") or {}).get("status", ""),
            error="; ".join(errors),
        )

    def abandon(self, name: str) -> None:
        """Delete the Application alone."""
        self.client.delete("applications", name)


def why_not() -> str | None:
    """Return in one sentence why Argo CD cannot run here, or None."""
    missing = [each for each in ("redis-server", "git") if shutil.which(each) is None]
    return f"Argo CD needs {' and '.join(missing)} on the PATH" if missing else None
