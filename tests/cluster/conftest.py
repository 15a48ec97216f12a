"""The planes that tests share, each started when a test first asks for it; `make cluster-test` runs these tests."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cluster.harness import argocd, binaries, kwok, tiers
from tests.cluster.harness.control_plane import NO_JOBS, ControlPlane, control_plane
from tests.cluster.harness.figures import record_figures
from tests.cluster.harness.gitops_stories import cluster_with_gitops_tools

HERE = Path(__file__).resolve().parent
NODES = [f"node-{index}" for index in range(8)]
# As GKE has it on: a pod that asks for a device tolerates the taint of the nodes that have it.
DEVICES = {"kube-apiserver": ["--enable-admission-plugins=ExtendedResourceToleration"]}
_seconds = pytest.StashKey[dict[str, float]]()
_said = pytest.StashKey[list[str]]()


def pytest_configure(config: pytest.Config) -> None:
    """Load the plugin that knows the tiers."""
    config.pluginmanager.register(tiers, "cluster tiers")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder, before pytest deselects by marks."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker("cluster")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what the tests' clusters took, and what tests have counted with them."""
    seconds = config.stash.get(_seconds, {})
    if seconds:
        terminalreporter.section("seconds of clusters")
        for name, each in seconds.items():
            terminalreporter.write_line(f"{each:7.1f} {name}")
    said = config.stash.get(_said, [])
    if said:
        terminalreporter.section("counted")
        for line in said:
            terminalreporter.write_line(line)


@pytest.fixture
def report_line(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Return what takes a line for the end of the run and for the report, such as a count."""
    lines = request.config.stash.setdefault(_said, [])

    def take(line: str) -> None:
        lines.append(line)
        record_figures(f"said by {request.path.stem} {request.node.name} {len(lines):3}", line)

    return take


@pytest.fixture(scope="session")
def cluster_seconds(request: pytest.FixtureRequest) -> dict[str, float]:
    """Return where seconds are written down; skip where no cluster can run."""
    reason = binaries.why_not()
    if reason:
        pytest.skip(reason)
    return request.config.stash.setdefault(_seconds, {})


@pytest.fixture(scope="session")
def plane(cluster_seconds: dict[str, float], tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """The JobSet controller and all of Kubernetes' but the Job controller: tests say what becomes of Jobs."""
    begin = time.monotonic()
    with control_plane(tmp_path_factory.mktemp("plane"), jobset=True, controllers=NO_JOBS) as started:
        _note(cluster_seconds, "plane", begin, started)
        yield started


@pytest.fixture(scope="session")
def real_plane(cluster_seconds: dict[str, float], tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """A cluster as our users have it: without the JobSet controller, and with Jobs that get pods on nodes."""
    begin = time.monotonic()
    with control_plane(tmp_path_factory.mktemp("real_plane"), kwok=True, scheduler=True, flags=DEVICES) as started:
        kwok.add_nodes(started, *NODES)
        _note(cluster_seconds, "real_plane", begin, started)
        yield started


@pytest.fixture(scope="session")
def tools_plane(cluster_seconds: dict[str, float], tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """A cluster as our users have it, with Argo CD and Flux."""
    reason = argocd.why_not()
    if reason:
        pytest.skip(reason)
    begin = time.monotonic()
    with cluster_with_gitops_tools(tmp_path_factory.mktemp("tools")) as started:
        _note(cluster_seconds, "tools_plane", begin, started)
        yield started


@pytest.fixture
def namespace(plane: ControlPlane) -> str:
    """Return a namespace of `plane` for one test."""
    return plane.new_namespace()


@pytest.fixture
def real_namespace(real_plane: ControlPlane) -> str:
    """Return a namespace of `real_plane` for one test."""
    return real_plane.new_namespace()


def _note(seconds: dict[str, float], name: str, begin: float, plane: ControlPlane) -> None:
    seconds.update({f"build {component}": each for component, each in binaries.seconds.items()})
    seconds[f"start {name}"] = time.monotonic() - begin
    seconds.update({f"  {name}: {component}": each for component, each in plane.seconds.items()})
