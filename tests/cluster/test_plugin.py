"""The plugin in the real Argo CD: applications whose repositories hold JobSets, and nothing that was rendered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.hostile import GOOD, HOSTILE
from tests.cases import ROOT
from tests.cluster.harness import argocd, kwok
from tests.cluster.harness.argocd import ArgoCD
from tests.cluster.harness.compiled_set import Json
from tests.cluster.harness.concurrent_stories import Figures, play_concurrently
from tests.cluster.harness.control_plane import ControlPlane, control_plane
from tests.cluster.harness.gitops_set import IMAGE, JOBS, PATIENCE, GitOpsSet
from tests.cluster.harness.processes import until
from tests.cluster.harness.repository import Repository
from tests.cluster.harness.tiers import HOSTILE_REPOSITORIES
from tests.cluster.harness.watcher_kubelet import run_watcher_pods

AT_ONCE = 8
# The plugin itself is given all of them in tests/acceptance; here they show what Argo CD makes of its answer.
STEP = len(HOSTILE) // HOSTILE_REPOSITORIES
CASES = HOSTILE[STEP // 3 :: STEP]
_PROJECT = "apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\n"
SLOW = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: slow}\ndata:\n" + "- [1, 2]\n" * 1_000_000


@pytest.fixture(scope="module")
def plane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """Start a cluster with Argo CD and the plugin; skip where Argo CD cannot run."""
    if reason := argocd.why_not():
        pytest.skip(reason)
    with control_plane(tmp_path_factory.mktemp("plugin"), kwok=True, scheduler=True) as made:
        kwok.add_nodes(made, *(f"node-{index}" for index in range(8)))
        made.start(*argocd.components(), argocd.plugin(ROOT / "deploy" / "argocd"))
        yield made


class FromSource(GitOpsSet):
    """The set in a repository as a person writes it."""

    def _commit(self, message: str) -> str:
        (self.repository.folder / "jobset.yaml").write_text(self.text)
        return self.repository.commit(message)


class FromOverlay(GitOpsSet):
    """The set as an overlay of a base that lies beside the application's folder; a value fills in the image's tag."""

    OVERLAY = "overlays/prod"

    def _commit(self, message: str) -> str:
        base, overlay = self.repository.folder / "base", self.repository.folder / self.OVERLAY
        for each in (base, overlay):
            each.mkdir(parents=True, exist_ok=True)
        (base / "jobset.yaml.j2").write_text(self.text.replace(f"{IMAGE}:1", f"{IMAGE}:{{{{ tag }}}}"))
        (base / "jobsetgen.yaml").write_text(f'{_PROJECT}values: {{tag: "1"}}\n')
        (overlay / "jobsetgen.yaml").write_text(f"{_PROJECT}resources: [../../base]\n")
        return self.repository.commit(message)


@contextmanager
def delivered(
    plane: ControlPlane,
    folder: Path,
    *parameters: Json,
    jobs: str = "git",
    tag: str = "1",
    of: type[GitOpsSet] = FromSource,
    path: str = ".",
) -> Iterator[Any]:
    """Deliver the set by the plugin, and let its watcher run."""
    source: Json = {"path": path}
    if parameters:
        source["plugin"] = {"parameters": list(parameters)}
    it = of(plane, ArgoCD(plane, source=source), jobs, folder, gitops="argocd")
    it.deliver()
    try:
        with run_watcher_pods(it, folder):
            it.wait_until_running(tag=tag)
            it.wait_until_synced()
            yield it
    finally:
        it.tool.abandon(it.id)


def a_set_is_found_generated_synced_and_restarts_in_sync(plane: ControlPlane, folder: Path) -> None:
    with delivered(plane, folder) as it:
        it.fail()
        it.wait_until_running(attempt=1)
        it.wait_until_synced()
        it.assert_nothing_changes()
        assert it.counters() == (1, 1)
        it.change((":1", ":2"))
        it.wait_until_running(tag="2")
        it.wait_until_synced()
        it.complete()
        until(lambda: it.applied.health == "Healthy", PATIENCE)


def parameters_of_the_application_are_a_jobsetgen_yaml_of_its_own(plane: ControlPlane, folder: Path) -> None:
    chosen: list[Json] = [
        {"name": "jobs", "string": "watcher"},
        {"name": "images", "array": [f"{IMAGE}:9"]},
        {"name": "replicas", "map": {"train/workers": "2"}},
    ]
    with delivered(plane, folder, *chosen, jobs="watcher", tag="9") as it:
        it.fail(JOBS[2])
        it.wait_until_running(attempt=1, tag="9")
        it.wait_until_synced()
        assert all(job["metadata"]["ownerReferences"] for job in it.jobs().values())


def an_overlay_is_compiled_with_a_base_from_elsewhere_in_the_repository(plane: ControlPlane, folder: Path) -> None:
    value = {"name": "values.tag", "string": "9"}
    with delivered(plane, folder, value, tag="9", of=FromOverlay, path=FromOverlay.OVERLAY) as it:
        it.fail()
        it.wait_until_running(attempt=1, tag="9")
        it.wait_until_synced()
        base = it.repository.folder / "base" / "jobset.yaml.j2"
        base.write_text(base.read_text().replace("{{ tag }}", "{{ tga }}", 1))
        it.repository.commit("a mistake in the base")
        it.tool.refresh(it.id, it.repository)
        until(lambda: "../../base/jobset.yaml.j2:" in it.applied.error, PATIENCE)
        assert "tga" in it.applied.error


def an_invalid_change_is_said_and_touches_nothing_that_runs(plane: ControlPlane, folder: Path) -> None:
    with delivered(plane, folder) as it:
        before = it.uids()
        path = it.repository.folder / "jobset.yaml"
        path.write_text(it.text.replace("replicas: 2", "replicsa: 2"))
        it.repository.commit("a mistake")
        it.tool.refresh(it.id, it.repository)
        until(lambda: "error[JSG101]: unknown field 'replicsa'" in it.applied.error, PATIENCE)
        assert "jobset.yaml:" in it.applied.error
        assert it.uids() == before
        it.fail()
        until(lambda: it.counters() == (1, 1), PATIENCE)
        it.wait_until_running(attempt=1)
        it.change((":1", ":2"))
        it.wait_until_running(tag="2")
        it.wait_until_synced()
        assert it.applied.error == ""


def a_change_that_takes_too_long_is_said_and_touches_nothing_that_runs(plane: ControlPlane, folder: Path) -> None:
    with delivered(plane, folder) as it:
        before = it.uids()
        slow = it.repository.folder / "slow.yaml"
        slow.write_text(SLOW)
        it.repository.commit("more than can be read in time")
        it.tool.refresh(it.id, it.repository)
        until(lambda: "the compile takes longer than 40 s, the limit of --timeout" in it.applied.error, PATIENCE)
        assert it.uids() == before
        slow.unlink()
        it.change((":1", ":2"))
        it.wait_until_running(tag="2")
        it.wait_until_synced()


def a_wrong_parameter_is_named(plane: ControlPlane, folder: Path) -> None:
    tool = ArgoCD(plane, source={"plugin": {"parameters": [{"name": "jobs", "string": "gti"}]}})
    with application(plane, tool, folder, lambda at: _write(at, GOOD)) as error:
        until(lambda: 'parameter jobs:1:1: error[JSG103]: jobs is "gti"' in error(), PATIENCE)


def hostile_repositories_yield_an_error_and_no_object(plane: ControlPlane, folder: Path) -> None:
    with ExitStack() as stack:
        errors = {}
        for number, case in enumerate(CASES):
            own = folder / str(number)
            own.mkdir()
            (own / "secret.yaml").write_text(GOOD)
            tool = ArgoCD(plane, source={"plugin": {"name": "jobsetgen-v1"}})
            errors[case] = stack.enter_context(application(plane, tool, own, case.write))
        for case, error in errors.items():
            until(lambda error=error: error() != "", PATIENCE, what=case.name)  # type: ignore[misc]
        said = {case.name: error() for case, error in errors.items()}
    assert [text for text in said.values() if "Traceback" in text or "root:x:0" in text] == []
    # Links that lead out Argo CD refuses itself; what has no JobSet that can be seen the plugin does not take.
    # What lies beside the application's folder is not even in the copy that the plugin gets.
    # And as all are asked for at once, a slow machine lets it wait too long for some before the plugin has begun.
    others = ("out-of-bounds symlink", "could not find cmp-server plugin", "DeadlineExceeded", "file not found: ..")
    assert [
        (case.name, said[case.name][-200:])
        for case in CASES
        if not case.is_said(said[case.name]) and not any(each in said[case.name] for each in others)
    ] == []
    assert sum(case.is_said(said[case.name]) for case in CASES) > len(CASES) / 2


def _write(folder: Path, text: str) -> None:
    (folder / "set.yaml").write_text(text)


@contextmanager
def application(
    plane: ControlPlane, tool: ArgoCD, folder: Path, write: Callable[[Path], None]
) -> Iterator[Callable[[], str]]:
    """Let Argo CD follow a repository that comes to nothing: yields what asks for its error."""
    repository = Repository(folder / "repository")
    write(repository.folder)
    repository.commit("all of it")
    namespace = plane.new_namespace("hostile")
    tool.adopt(namespace, namespace, repository)
    try:
        yield lambda: tool.look(namespace).error
        client = plane.within(namespace)
        assert [each for kind in ("jobs", "configmaps", "services") for each in client.list(kind)
                if each["metadata"]["name"] != "kube-root-ca.crt"] == []  # fmt: skip
    finally:
        tool.abandon(namespace)


STORIES: list[Callable[[ControlPlane, Path], None]] = [
    a_set_is_found_generated_synced_and_restarts_in_sync,
    parameters_of_the_application_are_a_jobsetgen_yaml_of_its_own,
    an_overlay_is_compiled_with_a_base_from_elsewhere_in_the_repository,
    an_invalid_change_is_said_and_touches_nothing_that_runs,
    a_change_that_takes_too_long_is_said_and_touches_nothing_that_runs,
    a_wrong_parameter_is_named,
    hostile_repositories_yield_an_error_and_no_object,
]


@pytest.fixture(scope="module")
def outcomes(
    request: pytest.FixtureRequest, plane: ControlPlane, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Future[None]]]:
    """Begin with all that were asked for; what comes of each is in its test."""

    def play(test: Any, folder: Path, figures: Figures) -> None:
        test.params["story"](plane, folder)

    with play_concurrently(request, tmp_path_factory, play, AT_ONCE) as played:
        yield played.outcomes


@pytest.mark.parametrize("story", STORIES, ids=lambda each: each.__name__)
def test_story(request: pytest.FixtureRequest, outcomes: dict[str, Future[None]], story: object) -> None:
    outcomes[request.node.callspec.id].result()
