"""Sets whose Jobs are in a queue of Kueue, and a JobSet with labels that Kueue and Argo CD would act on."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.harness import argocd, kueue, kwok
from tests.cluster.harness.compiled_set import CompiledSet, Json
from tests.cluster.harness.control_plane import ControlPlane, control_plane
from tests.cluster.harness.gitops_set import PATIENCE, GitOpsSet
from tests.cluster.harness.processes import until
from tests.cluster.harness.watcher_kubelet import run_watcher_pods

pytestmark = pytest.mark.full_only("Kueue takes four minutes to build, and no other test of the CI tier needs it")

QUIET = 6.0  # seconds in which Kueue and the watcher act several times
NAMES = ["train-workers-0", "train-workers-1"]
TEXT = f"""
apiVersion: jobset.x-k8s.io/v1alpha2
kind: JobSet
metadata: {{name: train}}
spec:
  failurePolicy: {{maxRestarts: 3}}
  replicatedJobs:
  - name: workers
    replicas: 2
    template:
      metadata: {{labels: {{kueue.x-k8s.io/queue-name: {kueue.QUEUE}}}}}
      spec:
        parallelism: 2
        completions: 2
        backoffLimit: 0
        template:
          spec:
            containers:
            - name: main
              image: registry.example.com/train:1
              resources: {{requests: {{cpu: "1"}}}}
"""
SUSPENDED = f"{TEXT}  suspend: true\n"
LABELLED = """
apiVersion: jobset.x-k8s.io/v1alpha2
kind: JobSet
metadata:
  name: train
  labels:
    cost-center: "42"
    kueue.x-k8s.io/queue-name: no-such-queue
    app.kubernetes.io/instance: another
  annotations:
    example.com/owner: vision
    argocd.argoproj.io/hook: PreSync
spec:
  failurePolicy: {maxRestarts: 3}
  replicatedJobs:
  - name: workers
    replicas: 2
    template:
      spec:
        parallelism: 2
        completions: 2
        backoffLimit: 0
        template:
          spec:
            containers: [{name: main, image: "registry.example.com/train:1"}]
"""


@pytest.fixture(scope="module")
def kueue_plane(cluster_seconds: dict[str, float], tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """A cluster with Kueue and Argo CD."""
    if reason := argocd.why_not():
        pytest.skip(reason)
    begin = time.monotonic()
    with control_plane(tmp_path_factory.mktemp("kueue"), kwok=True, scheduler=True) as plane:
        kwok.add_nodes(plane, "node-0", "node-1")
        plane.start(kueue.manager(), *argocd.components())
        cluster_seconds["start kueue_plane"] = time.monotonic() - begin
        yield plane


class QueuedSet(CompiledSet):
    """A set in a namespace with a queue."""

    def __init__(self, plane: ControlPlane, text: str, **settings: Any) -> None:
        namespace = plane.new_namespace("queued")
        kueue.add_queue(plane.client, namespace, cpus=100)
        super().__init__(plane, namespace, text, **settings)

    def suspended(self) -> dict[str, bool]:
        """Return whether each Job is suspended."""
        return {name: bool(job["spec"].get("suspend")) for name, job in self.jobs().items()}

    def runs(self) -> bool:
        """Whether all Jobs run."""
        return self.ready() == NAMES and not any(self.suspended().values())

    def rests(self) -> bool:
        """Whether all Jobs are suspended, and no pod is left."""
        return self.suspended() == dict.fromkeys(NAMES, True) and not self.pods()

    def activate(self, *, is_active: bool) -> None:
        """Set spec.active of the Workloads of all Jobs, as the message tells people to."""
        for job in self.jobs().values():
            name = kueue.workload_of(self.client, job)["metadata"]["name"]
            self.client.patch("workloads.kueue.x-k8s.io", name, {"spec": {"active": is_active}})

    def uids(self) -> dict[str, str]:
        """Return the UID of each Job."""
        return {name: job["metadata"]["uid"] for name, job in self.jobs().items()}

    def events(self) -> set[str]:
        """Return the reasons of the watcher's events."""
        return {
            each["reason"]
            for each in self.client.list("events")
            if each["involvedObject"]["name"] == self.job["metadata"]["name"]
        }


def stays(condition: Callable[[], bool]) -> None:
    """Assert that something stays so for a while."""
    end = time.monotonic() + QUIET
    while time.monotonic() < end:
        assert condition()
        time.sleep(0.2)


def test_kueue_alone_runs_the_jobs_of_a_set_that_is_suspended_and_resumed_in_git(
    kueue_plane: ControlPlane, tmp_path: Path
) -> None:
    queued = QueuedSet(kueue_plane, SUSPENDED, jobs="watcher")
    queued.apply()
    queued.start(tmp_path)

    until(queued.runs)
    stays(queued.runs)
    uids = queued.uids()
    for text in (TEXT, SUSPENDED):
        queued.push(text)
        queued.apply()
        stays(queued.runs)
    assert "KueueDecides" in queued.events()

    # The way that the message names: it stops the set, whatever spec.suspend of the JobSet is.
    queued.activate(is_active=False)
    until(queued.rests)
    stays(queued.rests)
    queued.push(TEXT)
    queued.apply()
    stays(queued.rests)
    queued.activate(is_active=True)
    until(queued.runs)
    assert queued.uids() == uids
    assert queued.state["restarts"] == 0


def test_a_set_without_quota_waits_and_runs_once_there_is_some(kueue_plane: ControlPlane, tmp_path: Path) -> None:
    queued = QueuedSet(kueue_plane, TEXT, jobs="watcher")
    kueue.add_queue(kueue_plane.client, queued.namespace, cpus=3)
    queued.apply()
    queued.start(tmp_path)
    until(lambda: sorted(queued.suspended().values()) == [False, True])
    stays(lambda: sorted(queued.suspended().values()) == [False, True])
    kueue.add_queue(kueue_plane.client, queued.namespace, cpus=4)
    until(queued.runs)


def test_what_kueue_resumes_is_suspended_again_if_git_owns_the_job(kueue_plane: ControlPlane, tmp_path: Path) -> None:
    queued = QueuedSet(kueue_plane, SUSPENDED, jobs="git")
    queued.apply()
    queued.start(tmp_path)
    until(queued.runs)
    before = {pod["metadata"]["uid"] for pod in queued.pods()}
    queued.apply()  # as at the next sync
    until(queued.runs)
    until(lambda: before.isdisjoint(pod["metadata"]["uid"] for pod in queued.pods()))
    queued.activate(is_active=False)
    until(queued.rests)
    stays(queued.rests)


@pytest.mark.parametrize("jobs", ["git", "watcher"])
def test_labels_of_the_jobset_are_on_its_objects_and_its_watcher_is_no_hook(
    kueue_plane: ControlPlane, tmp_path: Path, jobs: str
) -> None:
    tool = argocd.ArgoCD(kueue_plane)
    labelled = GitOpsSet(kueue_plane, tool, jobs, tmp_path, LABELLED)
    kueue.add_queue(kueue_plane.client, labelled.namespace, cpus=100)
    labelled.deliver()
    try:
        with run_watcher_pods(labelled, tmp_path) as kubelet:
            until(lambda: labelled.ready() == NAMES, PATIENCE)
            until(lambda: bool(kubelet.node), PATIENCE, what="the watcher runs")
            labelled.wait_until_synced()
            assert_labelled(labelled)
    finally:
        tool.abandon(labelled.id)


def assert_labelled(labelled: GitOpsSet) -> None:
    """Assert that the objects of the set have the JobSet's label, and that nothing else has it."""
    own = f"{labelled.name}-restart-watcher"
    jobs = labelled.client.list("jobs", labels="cost-center=42")
    assert [job["metadata"]["name"] for job in jobs] == [own]
    assert "suspend" not in jobs[0]["spec"] or not jobs[0]["spec"]["suspend"]
    assert labelled.client.list("pods", labels="cost-center=42") == []
    (service,) = labelled.client.list("services", labels="cost-center=42")
    assert len(labelled.client.list("configmaps", labels="cost-center=42")) == len(("plan", "state", "script"))
    for item in (*jobs, service):
        annotations = item["metadata"]["annotations"]
        assert annotations["example.com/owner"] == "vision"
        assert "argocd.argoproj.io/hook" not in annotations
        assert item["metadata"]["labels"].get("app.kubernetes.io/instance") != "another"
    application: Json = labelled.plane.client.get("applications", labelled.id, namespace="argocd")
    assert not any(each.get("hook") for each in application["status"]["resources"])
