"""The watcher against the real API server, under the rights that the compiler gives it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster import kwok
from tests.cluster.control_plane import ControlPlane
from tests.cluster.processes import until
from tests.cluster.watched import Watched

NAMES = ["train-workers-0", "train-workers-1"]
TEXT = """
apiVersion: jobset.x-k8s.io/v1alpha2
kind: JobSet
metadata: {name: train}
spec:
  failurePolicy: {maxRestarts: 1}
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


@pytest.fixture
def watched(real_plane: ControlPlane, real_namespace: str, tmp_path: Path) -> Iterator[Watched]:
    made = Watched(real_plane, real_namespace, TEXT)
    made.apply()
    process = made.start(tmp_path)
    yield made
    real_plane.stop(process.name)


def fail(watched: Watched, job: str) -> None:
    pod = watched.client.list("pods", labels=f"job-name={job}")[0]
    kwok.fail_pod(watched.plane, pod["metadata"]["name"], namespace=watched.namespace)


def has_failed(watched: Watched, job: str) -> bool:
    conditions = watched.client.get("jobs", job)["status"].get("conditions", ())
    return any((each["type"], each["status"]) == ("Failed", "True") for each in conditions)


def test_a_failed_pod_restarts_the_whole_set_and_a_second_one_ends_it(watched: Watched) -> None:
    until(lambda: watched.ready() == NAMES and bool(watched.state))
    before = {name: job["metadata"]["uid"] for name, job in watched.jobs().items()}
    fail(watched, NAMES[0])
    until(lambda: sorted(watched.jobs(attempt="1")) == NAMES and watched.ready() == NAMES)
    assert not set(before.values()) & {job["metadata"]["uid"] for job in watched.jobs().values()}
    fail(watched, NAMES[1])
    until(lambda: (watched.state.get("terminal") or {}).get("reason") == "ReachedMaxRestarts")
    until(lambda: has_failed(watched, "train-restart-watcher"))
