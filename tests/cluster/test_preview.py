"""Rendered folders that hold previews, in the hands of tools: each applies what `build` prints, and never a preview.

No watcher runs here, so what is in a namespace has been applied by the tool.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jobsetgen.source.loader import load
from tests.acceptance.processes import run as jobsetgen
from tests.cluster.harness.argocd import ArgoCD
from tests.cluster.harness.control_plane import ControlPlane
from tests.cluster.harness.flux import Flux
from tests.cluster.harness.gitops_set import PATIENCE, TEXT
from tests.cluster.harness.gitops_tool import Tool
from tests.cluster.harness.processes import until
from tests.cluster.harness.repository import Repository

KINDS = ("configmap", "job", "role", "rolebinding", "service", "serviceaccount")
OF_KUBERNETES = {"configmap kube-root-ca.crt", "serviceaccount default"}
THE_SET = "rendered/train"


class Rendered:
    """A set in a repository, rendered for a namespace of its own."""

    def __init__(self, plane: ControlPlane, folder: Path) -> None:
        self.namespace = plane.new_namespace("preview")
        self.client = plane.within(self.namespace)
        self.repository = Repository(folder / "repository")
        self.folder = self.repository.folder / THE_SET
        self._build("-o", "rendered")
        assert len(list(self.folder.glob("preview/*"))) == 3
        self.repository.commit("the set")

    def printed(self) -> list[str]:
        """Return the kind and the name of each object that `build` prints."""
        documents = load("output", self._build()).documents
        return sorted(f"{each.data['kind'].lower()} {each.data['metadata']['name']}" for each in documents)

    def applied(self) -> list[str]:
        """Return the kind and the name of each object in the namespace."""
        found = {f"{kind} {each['metadata']['name']}" for kind in KINDS for each in self.client.list(f"{kind}s")}
        return sorted(found - OF_KUBERNETES)

    def _build(self, *words: str) -> bytes:
        flags = ("--namespace", self.namespace, "--jobs", "watcher")
        done = jobsetgen("build", *flags, *words, "-", folder=self.repository.folder, stdin=TEXT.encode())
        assert done.returncode == 0, done.stderr
        return bytes(done.stdout)


# Each tool with the part of the repository that it is pointed at. Of a folder without a kustomization Flux makes one,
# of all manifests in it and of the kustomizations below.
TOOLS: dict[str, Callable[[ControlPlane], Tool]] = {
    "Argo CD, the set's folder": lambda plane: ArgoCD(plane, source={"path": THE_SET, "directory": {"recurse": True}}),
    "Flux, the set's folder": lambda plane: Flux(plane, path=f"./{THE_SET}"),
    "Flux, the output folder": lambda plane: Flux(plane, path="./rendered"),
    "Flux, the folder above": lambda plane: Flux(plane, path="./"),
}


@pytest.fixture(scope="module")
def adopted(
    tools_plane: ControlPlane, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, tuple[Tool, Rendered]]]:
    """Let all tools begin at once."""
    made = {}
    for name, tool_in in TOOLS.items():
        tool, rendered = tool_in(tools_plane), Rendered(tools_plane, tmp_path_factory.mktemp("preview"))
        tool.adopt(rendered.namespace, rendered.namespace, rendered.repository)
        made[name] = (tool, rendered)
    yield made
    for tool, rendered in made.values():
        tool.abandon(rendered.namespace)


@pytest.mark.parametrize("name", TOOLS)
def test_a_tool_applies_what_build_prints(adopted: dict[str, tuple[Tool, Rendered]], name: str) -> None:
    tool, rendered = adopted[name]

    def is_synced() -> bool:
        said = tool.look(rendered.namespace)
        return said.is_synced and said.revision == rendered.repository.revision

    until(is_synced, PATIENCE, what=f"{name} is synced")
    assert rendered.applied() == rendered.printed()


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="there is no kubectl on the PATH")
def test_kubectl_applies_what_build_prints(tools_plane: ControlPlane, tmp_path: Path) -> None:
    rendered = Rendered(tools_plane, tmp_path)
    done = tools_plane.run(["kubectl", "apply", "-R", "-f", str(rendered.folder)])
    assert done.returncode == 0, done.stderr
    assert rendered.applied() == rendered.printed()
