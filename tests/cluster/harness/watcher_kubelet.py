"""Runs watchers as kubelets would: a process for each pod of the watcher's Job, where and while that pod may run."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.cluster.harness import kwok
from tests.cluster.harness.client import ApiError
from tests.cluster.harness.compiled_set import CompiledSet, Json
from tests.cluster.harness.processes import Process
from tests.cluster.oracles.attempt_ledger import UID

BACK_OFF = 1.0  # seconds between the end of a process and its next start; a kubelet takes 10 and more
LATE = 3.0  # seconds that a machine which was frozen needs to hear that its pod is gone


class WatcherKubelet:
    """All kubelets of a cluster, for the watcher of one set. `errors` has what went wrong in its thread."""

    def __init__(self, watched: CompiledSet, folder: Path) -> None:
        self.watched, self.folder = watched, folder
        self.processes: dict[str, Process] = {}
        self.statuses: list[int] = []  # what processes have ended with by themselves
        self.errors: list[BaseException] = []
        self._lost: set[str] = set()
        self._frozen: dict[str, float] = {}  # pods, and when they hear the news again
        self._resting: dict[str, float] = {}  # pods whose process has ended, and until when none is started again
        self._lock = threading.Lock()
        self._stopping = threading.Event()

    def lose(self, node: str) -> None:
        """Lose a node, with what runs there; its object stays."""
        with self._lock:
            kwok.lose_node(self.watched.plane, node)
            self._lost.add(node)
            self._sync()

    @property
    def node(self) -> str:
        """Return where the watcher runs, or nothing."""
        pods = {pod["metadata"]["name"]: str(pod["spec"]["nodeName"]) for pod in self._pods()}
        return next((pods[name] for name in list(self.processes) if name in pods), "")

    def freeze(self) -> None:
        """Stop the watchers that run, as on a machine that hangs: no news reaches them or their kubelet."""
        with self._lock:
            assert self.processes, "no watcher runs that could be frozen"
            self._frozen = dict.fromkeys(self.processes, float("inf"))
            for process in self.processes.values():
                process.child.send_signal(signal.SIGSTOP)

    def thaw(self) -> bool:
        """Let them go on where they were, for a while with or without a pod; return whether any could."""
        with self._lock:
            self._frozen = dict.fromkeys(self._frozen, time.monotonic() + LATE)
            awake = [process for name, process in self.processes.items() if name in self._frozen]
            for process in awake:
                process.child.send_signal(signal.SIGCONT)
            return any(process.status is None for process in awake)

    def run(self) -> None:
        """Do what kubelets do until it is stopped."""
        try:
            while not self._stopping.wait(0.1):
                with self._lock:
                    self._sync()
        except BaseException as error:
            self.errors.append(error)
        finally:
            for name in list(self.processes):
                self.processes.pop(name).kill()

    def stop(self) -> None:
        """Let `run` come to its end."""
        self._stopping.set()

    def _sync(self) -> None:
        wanted = {pod["metadata"]["name"]: pod for pod in self._pods() if self._may_run(pod)}
        late = {name for name, until in self._frozen.items() if time.monotonic() < until}
        for name in self.processes.keys() - wanted.keys() - late:
            self.processes.pop(name).kill()
        for name, pod in wanted.items():
            if name in self.processes:
                self._note_end(name)
            elif self._resting.get(name, 0.0) <= time.monotonic():
                self._start(name, pod)

    def _note_end(self, name: str) -> None:
        """Forget a process that has ended by itself; one that has failed is started again, but not at once."""
        status = self.processes[name].status
        if status is None:
            return
        self.statuses.append(status)
        del self.processes[name]
        self._resting[name] = time.monotonic() + BACK_OFF
        if status == 0:
            with suppress(ApiError):  # it may have been deleted meanwhile
                kwok.complete_pod(self.watched.plane, name, namespace=self.watched.namespace)

    def _start(self, name: str, pod: Json) -> None:
        """Start a pod's process."""
        with suppress(ApiError):  # its account may have been deleted meanwhile
            uid = pod["metadata"]["labels"][UID]
            self.processes[name] = self.watched.start(self.folder / name, name, uid)

    def _may_run(self, pod: Json) -> bool:
        is_running = pod.get("status", {}).get("phase") == "Running"
        return is_running and "deletionTimestamp" not in pod["metadata"] and pod["spec"]["nodeName"] not in self._lost

    def _pods(self) -> list[Json]:
        return self.watched.client.list("pods", labels=f"job-name={self.watched.job['metadata']['name']}")


@contextmanager
def run_watcher_pods(watched: CompiledSet, folder: Path) -> Iterator[WatcherKubelet]:
    """Run the watcher's pods for the length of a block."""
    made = WatcherKubelet(watched, folder)
    # The processes die with the thread that has started them.
    thread = threading.Thread(target=made.run, name="kubelet")
    thread.start()
    try:
        yield made
    finally:
        made.stop()
        thread.join()
        if made.errors:  # also where something else has failed: it may have failed by that
            raise made.errors[0]
