"""Large sets under a real API server: each is restarted by a watcher that takes no more memory than its Job is given.

The Jobs have no pods: what is tried is what the watcher lists, holds and writes. Their number is a part of what the
report tries, since deleting 10,000 of them takes this API server many minutes.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pytest

from jobsetgen.runtime.watcher.formats import ROOM, room_taken
from tests.cluster.harness.compiled_set import ATTEMPT, CompiledSet
from tests.cluster.harness.control_plane import NO_JOBS, ControlPlane, control_plane
from tests.cluster.harness.figures import record_figures
from tests.cluster.harness.processes import Process, until
from tests.cluster.harness.tiers import IS_FULL, LARGE_JOBS, LARGE_TEMPLATES, OTHER_OWNER

NAME = "large"
METADATA = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
OF_SET = f"jobset.sigs.k8s.io/jobset-name={NAME}"
HOURS = 3 * 3600.0


class Size(NamedTuple):
    """How large a set is: its replicatedJobs, the replicas of each, and the bytes of an argument in each template."""

    replicated_jobs: int
    replicas: int
    argument: int

    @property
    def jobs(self) -> int:
        return self.replicated_jobs * self.replicas


SIZES = {
    "10,000 Jobs with a plan of 690 KB": Size(100, LARGE_JOBS // 100, 4_000),
    "100 Jobs of 200 KB": Size(1, LARGE_TEMPLATES, 200_000),
}


@pytest.fixture(scope="module")
def large_plane(cluster_seconds: dict[str, float], tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """A cluster that makes no pods."""
    with control_plane(tmp_path_factory.mktemp("large"), controllers=NO_JOBS) as started:
        yield started


MANY, FAT = SIZES
CASES = [
    pytest.param(MANY, "git"),
    pytest.param(MANY, "watcher", marks=OTHER_OWNER),
    pytest.param(FAT, "git", marks=OTHER_OWNER),
    pytest.param(FAT, "watcher"),
]


@pytest.mark.parametrize(("what", "jobs"), CASES)
def test_a_large_set_is_restarted_within_the_memory_of_its_watcher(
    large_plane: ControlPlane, what: str, jobs: str, tmp_path: Path, report_line: Callable[[str], None]
) -> None:
    size = SIZES[what]
    plane = large_plane
    watched = CompiledSet(plane, plane.new_namespace(), spec(size), jobs=jobs, gitops="none", max_jobs=20_000)
    watched.apply()
    process = watched.start(tmp_path)
    wait(process, lambda: count(watched) == size.jobs and watched.state != {})
    begin = time.monotonic()
    fail(watched, f"{NAME}-w0-1")
    wait(process, lambda: watched.counters() == (1, 1))
    decided = time.monotonic()
    wait(process, lambda: count(watched, attempt="1") == size.jobs)
    seconds = time.monotonic() - begin
    figures = {
        "jobs": size.jobs,
        "plan": len(plan(watched).encode()),
        "state": room_taken(watched.client.get("configmaps", f"{NAME}-restart-state")),
        "peak": round(peak(process), 1),
        "limit": limit(watched),
        "decided": round(decided - begin, 1),
        "seconds": round(seconds, 1),
    }
    record_figures(f"large sets, {what}, {jobs}", figures)
    report_line(f"{what} ({size.jobs:,} here), {jobs}: {figures}")
    plane.stop(process.name)
    watched.client.delete_collection("jobs", propagation="Background")
    assert figures["state"] <= ROOM
    assert figures["peak"] < figures["limit"]


def spec(size: Size) -> str:
    """Return a JobSet of a size, each of whose templates is another and compresses no better than text of base64."""
    chance = random.Random(1)
    digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    jobs = []
    for index in range(size.replicated_jobs):
        argument = "".join(chance.choices(digits, k=size.argument))
        container = {"name": "main", "image": "registry.example.com/train:1", "args": [argument]}
        job = {"backoffLimit": 0, "template": {"spec": {"restartPolicy": "Never", "containers": [container]}}}
        jobs.append({"name": f"w{index}", "replicas": size.replicas, "template": {"spec": job}})
    content = {"failurePolicy": {"maxRestarts": 3}, "replicatedJobs": jobs}
    return json.dumps(
        {"apiVersion": "jobset.x-k8s.io/v1alpha2", "kind": "JobSet", "metadata": {"name": NAME}, "spec": content}
    )


def wait(process: Process, condition: Callable[[], bool]) -> None:
    """Wait until something is so, as long as the watcher lives."""

    def is_so() -> bool:
        assert process.status is None, process.last_lines()
        with suppress(TimeoutError):  # of an API server that is busy
            return condition()
        return False

    until(is_so, seconds=HOURS if IS_FULL else 180, pause=2 if IS_FULL else 0.2)


def count(watched: CompiledSet, attempt: str = "") -> int:
    """Return how many Jobs of the set there are, of one attempt or all, from their metadata alone."""
    path = f"/apis/batch/v1/namespaces/{watched.namespace}/jobs"
    query = {"labelSelector": OF_SET + (f",{ATTEMPT}={attempt}" if attempt else "")}
    return len(watched.client.request("GET", path, query=query, accept=METADATA)["items"] or ())


def fail(watched: CompiledSet, job: str) -> None:
    """Let a Job fail."""
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    until(lambda: watched.client.find("jobs", job) is not None)
    target = {"type": "FailureTarget", "status": "True", "reason": "BackoffLimitExceeded", "lastTransitionTime": now}
    status = {"startTime": now, "failed": 1, "conditions": [target, {**target, "type": "Failed"}]}
    watched.client.patch_status("jobs", job, status)


def plan(watched: CompiledSet) -> str:
    """Return the text of the plan."""
    return str(watched.client.get("configmaps", f"{NAME}-restart-plan")["data"]["plan.json"])


def limit(watched: CompiledSet) -> int:
    """Return the MiB that the watcher's Job gives it."""
    (container,) = watched.job["spec"]["template"]["spec"]["containers"]
    return int(container["resources"]["limits"]["memory"].removesuffix("Mi"))


def peak(process: Process) -> float:
    """Return the most MiB that a process has had in memory so far."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) / 1024
