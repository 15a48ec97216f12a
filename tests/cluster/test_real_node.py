"""The set on a node whose containers are real processes, applied by Argo CD, with the watcher as the pod that we emit."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from jobsetgen.options.watcher import Watcher
from tests.cluster.harness import argocd, real_node
from tests.cluster.harness.compiled_set import Json
from tests.cluster.harness.concurrent_stories import Figures, play_concurrently
from tests.cluster.harness.control_plane import ControlPlane, control_plane
from tests.cluster.harness.figures import record_figures
from tests.cluster.harness.gitops_set import GitOpsSet
from tests.cluster.harness.processes import until
from tests.cluster.harness.real_node import PYTHON, RealNode
from tests.cluster.harness.tiers import IS_FULL

PROGRAM = Path(__file__).resolve().parent / "programs" / "sum.py"
PODS = [f"train-{name}-0-{index}" for name in ("leaders", "workers") for index in range(2)]
PEERS = [f"{pod}.train" for pod in PODS]
STEPS = 60
TOTAL = sum(step * rank for step in range(1, STEPS + 1) for rank in range(1, len(PEERS) + 1))
AT_ONCE = 1 if IS_FULL else 2  # one where seconds are recorded
SECONDS = 240.0  # for what a kubelet and a watcher do together


class Machine(NamedTuple):
    """A cluster of one node, and Argo CD."""

    plane: ControlPlane
    node: RealNode


@pytest.fixture(scope="module")
def machine(cluster_seconds: dict[str, float], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """Start it all; skip where no kubelet can run."""
    reason = real_node.why_not() or argocd.why_not()
    if reason:
        pytest.skip(reason)
    begin = time.monotonic()
    with (
        control_plane(tmp_path_factory.mktemp("machine"), scheduler=True, flags=real_node.FLAGS) as plane,
        real_node.real_node(plane) as node,
    ):
        plane.start(*argocd.components())
        cluster_seconds["start a real node and Argo CD"] = time.monotonic() - begin
        yield Machine(plane, node)


class Training(GitOpsSet):
    """The set, whose pods share a folder of this machine."""

    def __init__(self, machine: Machine, folder: Path, *, restarts: int = 3, fails_at: int = 0) -> None:
        self.machine, self.shared = machine, folder / "checkpoints"
        self.shared.mkdir()
        self.shared.chmod(0o777)  # the pods are nobody's
        text = json.dumps(jobset(restarts, fails_at))
        watcher = Watcher(image=PYTHON)
        super().__init__(machine.plane, argocd.ArgoCD(machine.plane), "git", folder, text, watcher=watcher)
        machine.plane.client.create(volume(self.namespace, self.shared))
        restricted = {"metadata": {"labels": {"pod-security.kubernetes.io/enforce": "restricted"}}}
        machine.plane.client.patch("namespaces", self.namespace, restricted)
        self.deliver()

    def step(self) -> int:
        """Return the step that the checkpoint has."""
        path = self.shared / "checkpoint.json"
        return int(json.loads(path.read_text())["step"]) if path.exists() else 0

    def journals(self) -> list[list[Json]]:
        """Return what each rank has seen."""
        paths = [self.shared / f"journal-{rank}.jsonl" for rank in range(len(PODS))]
        return [[json.loads(line) for line in path.read_text().splitlines()] for path in paths]

    def kill(self, completion: str, command: str = "python3") -> None:
        """Kill the process of a pod; of a Job's, by its name and completion index."""
        (name,) = (
            each["metadata"]["name"]
            for each in self.client.list("pods")
            if each["metadata"]["name"].startswith(f"{completion}-") and each["status"]["phase"] == "Running"
        )
        self.machine.node.kill(name, self.namespace, command)


def jobset(restarts: int, fails_at: int) -> Json:
    """Return the set: two Jobs of two pods, of which the second waits for the first, and all read their attempt."""
    waits = [{"name": "leaders", "status": "Ready"}]
    jobs = [("leaders", {}), ("workers", {"dependsOn": waits})]
    claim = {"accessModes": ["ReadWriteMany"], "storageClassName": "", "resources": {"requests": {"storage": "1Mi"}}}
    template = {"metadata": {"name": "checkpoints"}, "spec": claim}
    return {
        "apiVersion": "jobset.x-k8s.io/v1alpha2",
        "kind": "JobSet",
        "metadata": {"name": "train"},
        "spec": {
            "failurePolicy": {"maxRestarts": restarts},
            "volumeClaimPolicies": [{"templates": [template]}],
            "replicatedJobs": [{"name": name, **own, "template": {"spec": _job(fails_at)}} for name, own in jobs],
        },
    }


def _job(fails_at: int) -> Json:
    attempt = {"fieldRef": {"fieldPath": "metadata.annotations['jobset.sigs.k8s.io/restart-attempt']"}}
    values = {"PEERS": " ".join(PEERS), "SUBDOMAIN": "train", "STEPS": str(STEPS), "FAILS_AT": str(fails_at)}
    container = {
        "name": "sum",
        "image": PYTHON,
        "command": ["python3", "-c", PROGRAM.read_text()],
        "env": [{"name": name, "value": value} for name, value in values.items()]
        + [{"name": "ATTEMPT", "valueFrom": attempt}],
        "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
        "volumeMounts": [{"name": "checkpoints", "mountPath": "/checkpoints"}],
    }
    pod = {
        "restartPolicy": "Never",
        "securityContext": {"runAsNonRoot": True, "runAsUser": 65534, "seccompProfile": {"type": "RuntimeDefault"}},
        "terminationGracePeriodSeconds": 1,
        "containers": [container],
    }
    return {"parallelism": 2, "completions": 2, "backoffLimit": 0, "template": {"spec": pod}}


def volume(namespace: str, folder: Path) -> Json:
    """Return a volume of this machine for the claim of a namespace."""
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": namespace},
        "spec": {
            "accessModes": ["ReadWriteMany"],
            "capacity": {"storage": "1Mi"},
            "claimRef": {"namespace": namespace, "name": "checkpoints-train"},
            "hostPath": {"path": str(folder)},
            "persistentVolumeReclaimPolicy": "Retain",
        },
    }


def a_worker_that_is_killed_restarts_the_set_from_its_checkpoint(machine: Machine, folder: Path) -> None:
    training = Training(machine, folder)
    until(lambda: training.step() >= 10, SECONDS)
    begin = time.monotonic()
    training.kill("train-workers-0-1")
    until(lambda: training.counters() == (1, 1), SECONDS)
    decided = time.monotonic() - begin
    stopped_at = training.step()
    until(lambda: training.step() > stopped_at + 1, SECONDS)
    record_figures("real node", {"decided": decided, "again": time.monotonic() - begin})
    wait_until_completed(training, restarts=1)
    assert_resumed(training, 10, stopped_at)


def a_watcher_that_is_killed_as_well_counts_the_failure_once(machine: Machine, folder: Path) -> None:
    training = Training(machine, folder)
    until(lambda: training.step() >= 5, SECONDS)
    training.kill("train-leaders-0-0")
    until(lambda: training.counters() == (1, 1), SECONDS, pause=0.01)
    training.kill("train-restart-watcher", "watcher")  # amid the restart
    stopped_at = training.step()
    wait_until_completed(training, restarts=1)
    assert_resumed(training, 5, stopped_at)


def assert_resumed(training: Training, first_step: int, last_step: int) -> None:
    """Assert that each rank has gone on once, from a checkpoint between two steps, to the right sum."""
    for journal in training.journals():
        first, again, end = journal
        assert first == {"attempt": "0", "resumed": 0}
        assert again["attempt"] == "1"
        assert first_step <= again["resumed"] <= last_step + 1
        assert end == {"attempt": "1", "total": TOTAL}


def wait_until_completed(training: Training, restarts: int) -> None:
    """See the set complete, its watcher's Job with it, and the application healthy and synced."""
    until(lambda: training.verdict() == "Complete", SECONDS)
    assert training.state["terminal"]["type"] == "Completed"
    assert training.counters() == (restarts, restarts)
    until(lambda: training.applied.health == "Healthy", SECONDS)
    training.wait_until_synced()


def a_program_that_fails_for_ever_leaves_the_application_degraded_and_the_evidence(
    machine: Machine, folder: Path
) -> None:
    training = Training(machine, folder, restarts=2, fails_at=3)
    until(lambda: training.verdict() == "Failed", SECONDS)
    until(lambda: training.applied.health == "Degraded", SECONDS)
    training.wait_until_synced()
    assert training.state["terminal"]["reason"] == "ReachedMaxRestarts"
    evidence = training.state["evidence"]
    assert [each["attempt"] for each in evidence] == [0, 1, 2]
    assert {each["exitCode"] for each in evidence} == {3}
    assert {each["node"] for each in evidence} == {real_node.NODE}


STORIES: list[Callable[[Machine, Path], None]] = [
    a_worker_that_is_killed_restarts_the_set_from_its_checkpoint,
    a_watcher_that_is_killed_as_well_counts_the_failure_once,
    a_program_that_fails_for_ever_leaves_the_application_degraded_and_the_evidence,
]


@pytest.fixture(scope="module")
def outcomes(
    request: pytest.FixtureRequest, machine: Machine, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Future[None]]]:
    """Start every story that was collected, on one node; the outcome of each is in its test."""

    def play(test: Any, folder: Path, figures: Figures) -> None:
        test.params["story"](machine, folder)

    with play_concurrently(request, tmp_path_factory, play, AT_ONCE) as played:
        yield played.outcomes


CASES = [
    pytest.param(
        STORIES[0], marks=pytest.mark.full_only("a_watcher_that_is_killed_as_well shows the same, with one kill more")
    ),
    *STORIES[1:],
]


@pytest.mark.parametrize("story", CASES, ids=lambda each: each.__name__)
def test_story(request: pytest.FixtureRequest, outcomes: dict[str, Future[None]], story: object) -> None:
    outcomes[request.node.callspec.id].result()
