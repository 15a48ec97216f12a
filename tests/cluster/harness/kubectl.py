"""kubectl in the place of a GitOps tool: somebody applies the repository whenever something has been pushed."""

from __future__ import annotations

from tests.cluster.harness.control_plane import ControlPlane
from tests.cluster.harness.gitops_tool import Applied
from tests.cluster.harness.repository import Repository


class Kubectl:
    """Applies a repository by the server; nothing is healed or pruned in between."""

    name = "kubectl"

    def __init__(self, plane: ControlPlane) -> None:
        self.plane = plane
        self.applied: dict[str, str] = {}
        self.namespaces: dict[str, str] = {}

    def adopt(self, name: str, namespace: str, repository: Repository) -> None:
        """Apply a repository for the first time."""
        self.namespaces[name] = namespace
        self._apply(name, repository)

    def refresh(self, name: str, repository: Repository) -> None:
        """Apply it again. A watcher's Job cannot be changed in place, so it goes first, and comes back."""
        namespace = f"--namespace={self.namespaces[name]}"
        self._run("delete", "job", namespace, "--selector=jobsetgen.io/jobset", "--wait")
        self._apply(name, repository)

    def look(self, name: str) -> Applied:
        """Return what was applied last."""
        return Applied(revision=self.applied[name], is_synced=True, health="")

    def abandon(self, name: str) -> None:
        """Apply it no more."""
        del self.applied[name]

    def _apply(self, name: str, repository: Repository) -> None:
        self._run("apply", "--server-side", "-k", str(repository.folder))
        self.applied[name] = repository.revision

    def _run(self, *words: str) -> None:
        done = self.plane.run(["kubectl", f"--kubeconfig={self.plane.kubeconfig()}", *words])
        assert done.returncode == 0, done.stderr
