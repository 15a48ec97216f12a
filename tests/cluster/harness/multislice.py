"""The example that the README begins with, in a real cluster: four slices of two hosts, each slice in a pool of its own.

Exclusive placement looks at all namespaces, so what keeps tests apart is the accelerator: each set asks for one that
only its own node pools have.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from jobsetgen.options.table import Placement
from tests.cluster.harness import kwok
from tests.cluster.harness.compiled_set import ATTEMPT, CompiledSet
from tests.cluster.harness.control_plane import ControlPlane

EXAMPLE = Path(__file__).resolve().parents[3] / "fixtures" / "valid" / "multislice" / "jobset.yaml"
ACCELERATOR, POOL = "cloud.google.com/gke-tpu-accelerator", "cloud.google.com/gke-nodepool"
# Of the nodes that a zone loses at once, Kubernetes gives up one in 10 seconds: tests at once need their own.
ZONE = "topology.kubernetes.io/zone"
EXCLUSIVE = "alpha.jobset.sigs.k8s.io/exclusive-topology: cloud.google.com/gke-nodepool"
JOBS = [f"multislice-workers-{index}" for index in range(4)]
# One more than a slice has, so that a Job without exclusive placement would find room beside another.
HOSTS = 3


class Multislice(CompiledSet):
    """The example in a namespace of its own. `changes` are made to its text, one after another."""

    def __init__(
        self,
        plane: ControlPlane,
        jobs: str,
        *,
        strategy: str = "affinity",
        accelerator: str = "",
        changes: Iterable[tuple[str, str]] = (),
        **settings: Any,
    ) -> None:
        namespace = plane.new_namespace(jobs)
        self.pools = [f"{namespace}-{letter}" for letter in "abcd"]
        placement = Placement(strategy=strategy, domains={POOL: tuple(self.pools)})  # type: ignore[arg-type]
        self.accelerator = accelerator or namespace
        text = changed(EXAMPLE.read_text(), [("tpu-v5-lite-podslice", self.accelerator), *changes])
        super().__init__(plane, namespace, text, jobs=jobs, placement=placement, **settings)

    def add_pools(self, *pools: str) -> None:
        """Add pools of nodes that have the accelerator."""
        for pool in pools:
            names = [f"{pool}-{index}" for index in range(HOSTS)]
            labels = {POOL: pool, ACCELERATOR: self.accelerator, "cloud.google.com/gke-tpu-topology": "2x4"}
            labels[ZONE] = self.namespace
            kwok.add_nodes(self.plane, *names, labels=labels, devices={"google.com/tpu": 4})

    def placed(self) -> dict[str, set[str]]:
        """Return the pools where each Job's pods are."""
        found: dict[str, set[str]] = {}
        for pod in self.pods():
            node = pod["spec"].get("nodeName")
            if node:
                found.setdefault(pod["metadata"]["labels"]["job-name"], set()).add(node.rpartition("-")[0])
        return found

    def runs(self, attempt: int = 0) -> bool:
        """Whether all pods of all Jobs of an attempt are ready, and nothing is left of another."""
        jobs = self.jobs()
        attempts = {int(job["metadata"]["labels"].get(ATTEMPT, "0")) for job in jobs.values()}
        return sorted(jobs) == JOBS == self.ready() and attempts == {attempt}

    def fail(self, job: str, index: int = 0, code: int = 1) -> str:
        """Let one pod of a Job fail; return its name."""
        completion = "batch.kubernetes.io/job-completion-index"
        pods = [each for each in self.pods(job) if each["metadata"]["labels"][completion] == str(index)]
        name = str(pods[0]["metadata"]["name"])
        kwok.fail_pod(self.plane, name, namespace=self.namespace, code=code)
        return name

    def complete(self) -> None:
        """Let all pods succeed."""
        for pod in self.pods():
            kwok.complete_pod(self.plane, pod["metadata"]["name"], namespace=self.namespace)


def changed(text: str, changes: Iterable[tuple[str, str]]) -> str:
    """Return a text with words replaced that must be there."""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


def shared(placed: dict[str, set[str]]) -> list[str]:
    """Return in words what is wrong with a placement that was to be exclusive."""
    spread = [f"{job} is spread over {sorted(pools)}" for job, pools in sorted(placed.items()) if len(pools) > 1]
    jobs = sorted(placed)
    both = [(one, other) for one in jobs for other in jobs if one < other and placed[one] & placed[other]]
    return spread + [f"{one} and {other} share {sorted(placed[one] & placed[other])}" for one, other in both]
