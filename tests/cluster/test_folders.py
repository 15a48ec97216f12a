"""Rendered folders in the hands of tools: each applies what `build` prints, and nothing else that is in the folder.

Beside the manifests are README.md, .gitattributes and previews. No watcher runs here, so what is in a namespace has been
applied by the tool.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

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
COMPANIONS = ("README.md", ".gitattributes")
Json = Mapping[str, Any]


class Rendered:
    """A set in a repository, rendered for a namespace of its own."""

    def __init__(self, plane: ControlPlane, folder: Path) -> None:
        self.namespace = plane.new_namespace("folder")
        self.client = plane.within(self.namespace)
        self.repository = Repository(folder / "repository")
        self.folder = self.repository.folder / THE_SET
        self._build("-o", "rendered")
        assert len(list(self.folder.glob("preview/*"))) == 3
        assert all((self.folder.parent / name).is_file() for name in COMPANIONS)
        self.repository.commit("the set")

    def printed(self) -> dict[str, Json]:
        """Return what `build` prints, by kind and name."""
        documents = load("output", self._build()).documents
        return {f"{each.data['kind'].lower()} {each.data['metadata']['name']}": each.data for each in documents}

    def applied(self) -> dict[str, Json]:
        """Return the objects in the namespace, by kind and name."""
        found = {f"{kind} {each['metadata']['name']}": each for kind in KINDS for each in self.client.list(f"{kind}s")}
        return {name: each for name, each in found.items() if name not in OF_KUBERNETES}

    def _build(self, *words: str) -> bytes:
        flags = ("--namespace", self.namespace, "--jobs", "watcher")
        done = jobsetgen("build", *flags, *words, "-", folder=self.repository.folder, stdin=TEXT.encode())
        assert done.returncode == 0, done.stderr
        return bytes(done.stdout)


def lacking(printed: Any, applied: Any, path: str = "") -> list[str]:
    """Return the paths of what was printed and is not in what was applied, where the server has added its defaults."""
    if isinstance(printed, Mapping) and isinstance(applied, Mapping):
        return [each for key, value in printed.items() for each in lacking(value, applied.get(key), f"{path}.{key}")]
    if isinstance(printed, list) and isinstance(applied, list) and len(printed) == len(applied):
        pairs = enumerate(zip(printed, applied, strict=True))
        return [each for index, pair in pairs for each in lacking(*pair, f"{path}[{index}]")]
    return [] if printed == applied else [path]


def differences(rendered: Rendered) -> list[str]:
    """Return what is applied and not printed, the other way round, and what is not in an applied object."""
    printed, applied = rendered.printed(), rendered.applied()
    found = sorted(printed.keys() ^ applied.keys())
    common = printed.keys() & applied.keys()
    # A list of one kind leaves out each item's own.
    contents = {
        name: {key: value for key, value in printed[name].items() if key not in ("apiVersion", "kind")}
        for name in common
    }
    return found + [f"{name}{path}" for name in sorted(common) for path in lacking(contents[name], applied[name])]


# Each tool with the part of the repository that it is pointed at. Of a folder without a kustomization Flux makes one,
# of all manifests in it and of the kustomizations below.
TOOLS: dict[str, Callable[[ControlPlane], Tool]] = {
    "Argo CD, the output folder": lambda plane: ArgoCD(plane, source={"path": "rendered"}),
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
        tool, rendered = tool_in(tools_plane), Rendered(tools_plane, tmp_path_factory.mktemp("folder"))
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
    assert differences(rendered) == []


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="there is no kubectl on the PATH")
@pytest.mark.parametrize("folder", ["rendered", THE_SET])
def test_kubectl_applies_what_build_prints(tools_plane: ControlPlane, tmp_path: Path, folder: str) -> None:
    rendered = Rendered(tools_plane, tmp_path)
    # A kustomization is no object: whoever applies the output folder does it by -k.
    way = ["-R", "-f"] if folder == THE_SET else ["-k"]
    done = tools_plane.run(["kubectl", "apply", *way, str(rendered.repository.folder / folder)])
    assert done.returncode == 0, done.stderr
    assert differences(rendered) == []
