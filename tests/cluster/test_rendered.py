"""The rendered folder in the hands of kubectl: applied by the server, and again without any change."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.acceptance.processes import run as jobsetgen
from tests.cases import FIXTURES
from tests.cluster.harness.control_plane import ControlPlane

pytestmark = pytest.mark.skipif(shutil.which("kubectl") is None, reason="there is no kubectl on the PATH")


@pytest.mark.parametrize("jobs", ["git", "watcher"])
def test_kubectl_applies_it_by_the_server_and_a_second_render_changes_nothing(
    plane: ControlPlane, tmp_path: Path, jobs: str
) -> None:
    namespace = plane.new_namespace(f"rendered-{jobs}")
    source = FIXTURES / "valid" / "multislice"
    build = ("build", "--namespace", namespace, "--jobs", jobs, "-o", str(tmp_path / "rendered"), ".")
    assert jobsetgen(*build, folder=source).returncode == 0
    first = {path: path.stat().st_mtime_ns for path in (tmp_path / "rendered").rglob("*") if path.is_file()}
    apply = [
        "kubectl",
        f"--kubeconfig={plane.kubeconfig()}",
        "apply",
        "--server-side",
        "-k",
        str(tmp_path / "rendered"),
    ]
    done = plane.run(apply)
    assert done.returncode == 0, done.stderr
    assert jobsetgen(*build, folder=source).returncode == 0
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "rendered").rglob("*") if path.is_file()} == first
    client = plane.within(namespace)
    kinds = ("configmaps", "services", "roles", "rolebindings", "serviceaccounts", "jobs")
    before = {(kind, each["metadata"]["name"]): each for kind in kinds for each in client.list(kind)}
    assert plane.run(apply).returncode == 0
    after = {(kind, each["metadata"]["name"]): each for kind in kinds for each in client.list(kind)}
    assert {name: each["metadata"]["resourceVersion"] for name, each in after.items()} == {
        name: each["metadata"]["resourceVersion"] for name, each in before.items()
    }
    listed = [path for path in first if path.suffix == ".yaml" and path.name != "kustomization.yaml"]
    ours = [name for name in before if name not in (("configmaps", "kube-root-ca.crt"), ("serviceaccounts", "default"))]
    assert len(ours) == len(listed)
