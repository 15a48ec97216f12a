"""A set restarts while its watcher takes no more memory than its Job is given, whatever it has to look at.

`make large-sets` tries it with 50,000 Jobs, which takes some minutes.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.simulation.cluster import Cluster, Json
from tests.simulation.server import Server
from tests.simulation.test_process import Process
from tests.simulation.training import NAME, Training, spec

MANY = int(os.environ.get("JOBSETGEN_MANY_JOBS", "800"))
# It only stops a hang: a busy machine takes its time.
MINUTES = 30 * 60.0
MODES = pytest.mark.parametrize("jobs", ["git", "watcher"])


class Podless(Cluster):
    """A cluster that makes no pods, and in which a Job that is deleted is gone in the next second."""

    def tick(self, seconds: int = 1) -> None:
        self.seconds += seconds
        for name, job in list(self.of("jobs").items()):
            if "deletionTimestamp" in job["metadata"]:
                self._remove("jobs", name)


class Large(Training):
    """A set in such a cluster, with a process for its watcher."""

    make_cluster = Podless

    def peak(self, process: Process) -> float:
        """Return the most MiB that the watcher has had in memory so far."""
        status = Path(f"/proc/{process.child.pid}/status").read_text()
        return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) / 1024

    def limit(self) -> int:
        """Return the MiB that its Job gives it."""
        pod = self.cluster.of("jobs")[f"{NAME}-restart-watcher"]["spec"]["template"]["spec"]
        return int(pod["containers"][0]["resources"]["limits"]["memory"].removesuffix("Mi"))

    def made(self, attempt: str) -> int:
        """Return how many Jobs of an attempt there are."""
        return sum(_attempt(job) == attempt for name, job in self.cluster.of("jobs").items() if "-workers-" in name)


def _attempt(job: Json) -> str:
    return str(job["metadata"]["labels"].get("jobset.sigs.k8s.io/restart-attempt", "0"))


@contextmanager
def watched(training: Large, folder: Path) -> Iterator[tuple[Process, Callable[[Callable[[], bool]], None]]]:
    """Run the watcher's process for the length of a block, with what waits for something beside it."""
    training.watchers = []
    training.tool.heals = False
    with Server(training.cluster, folder).running() as server:
        process = Process(server, training)

        def wait(condition: Callable[[], bool]) -> None:
            end = time.monotonic() + MINUTES
            while not server.holds(condition):
                if process.child.poll() is not None or time.monotonic() > end:
                    raise TimeoutError(training.state)
                server.tick()
                time.sleep(0.5)

        try:
            yield process, wait
        finally:
            process.stop()


def restarted(training: Large, replicas: int, folder: Path) -> float:
    """Let a set restart, and return the most MiB that its watcher has taken."""
    with watched(training, folder) as (process, wait):
        wait(lambda: training.made("0") == replicas and training.state != {})
        with process.server.lock:
            training.cluster.fail(f"{NAME}-workers-1")
        wait(lambda: training.made("1") == replicas)
        wait(lambda: training.previous == [])
        return training.peak(process)


@MODES
@pytest.mark.parametrize(
    ("replicas", "argument"),
    [(100, ""), (MANY, ""), (20, "x" * 200_000), (20, "ж" * 300_000)],
    ids=["100 Jobs", "many Jobs", "large templates", "Cyrillic"],
)
def test_a_restart(jobs, replicas, argument, tmp_path):
    text = spec({"workers": f"replicas: {replicas}"}, failurePolicy="{maxRestarts: 3}")
    training = Large(text.replace("name: main,", f"name: main, args: ['{argument}'],"), jobs=jobs, max_jobs=100_000)
    peak = restarted(training, replicas, tmp_path)
    print(
        f"{replicas} Jobs, {jobs}, templates of {len(argument.encode()):,} bytes: {peak:.0f} of {training.limit()} MiB"
    )
    assert peak < training.limit()


@pytest.mark.parametrize(("strangers", "size"), [(500, 100_000), (20, 1_500_000)])
def test_large_objects_of_strangers(strangers, size, tmp_path):
    training = Large(spec({"workers": "replicas: 3"}, failurePolicy="{maxRestarts: 3}"))
    model = training.cluster.objects["jobs", f"{NAME}-workers-0"]
    for index in range(strangers):
        meta = {
            **model["metadata"],
            "name": f"x-{index}",
            "uid": f"uid-{10**6 + index}",
            "annotations": {"x": "y" * size},
        }
        training.cluster.objects["jobs", f"x-{index}"] = {**model, "metadata": meta}
    peak = restarted(training, 3, tmp_path)
    print(f"{strangers} strangers of {size:,} bytes: {peak:.0f} of {training.limit()} MiB")
    assert peak < training.limit()
