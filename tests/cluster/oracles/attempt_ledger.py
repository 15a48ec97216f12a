"""Writes down what there ever was of a set: each Job, each pod, and who was there together."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from tests.cluster.harness.client import Client, Json
from tests.cluster.harness.compiled_set import ATTEMPT

UID = "batch.kubernetes.io/controller-uid"


class AttemptLedger:
    """Fed by watches, which tell every change in its order: nothing is too short to be seen."""

    def __init__(self, client: Client, jobset: str) -> None:
        self.client, self.jobset = client, jobset
        self.attempts: dict[str, dict[str, int]] = {}  # of each Job that there was, by name and UID, in their order
        self.pods: dict[str, dict[str, str]] = {}  # that are there: the UID of each one's Job, by the Job's name
        self.wrong: list[str] = []
        self._stopping = threading.Event()

    def check(self, names: Iterable[str], restarts: int) -> None:
        """Assert that each Job was made once for each attempt, and that no pods of two attempts of it ever met."""
        assert self.wrong == []
        made = {name: list(uids.values()) for name, uids in self.attempts.items()}
        assert made == {name: list(range(restarts + 1)) for name in names}
        assert set(self.pods) == set(names)

    def follow(self, plural: str, note: Callable[[str, Json], None]) -> None:
        """Follow one kind of object until it is stopped, and then to the end of what has happened by then."""
        since, is_last = "", False
        labels = f"jobset.sigs.k8s.io/jobset-name={self.jobset}"
        try:
            while not is_last:
                is_last = self._stopping.is_set()
                for kind, item in self.client.watch(plural, labels=labels, since=since, seconds=2):
                    if kind == "ERROR":
                        raise LookupError(item)
                    note(kind, item)
                    since = item["metadata"]["resourceVersion"]
        except Exception as error:
            self.wrong.append(f"the watch of {plural} has ended: {error!r}")

    def stop(self) -> None:
        """Let the watches come to their end."""
        self._stopping.set()

    def note_job(self, kind: str, job: Json) -> None:
        """Note a Job; what it was made as counts."""
        meta = job["metadata"]
        attempt = int((meta.get("labels") or {}).get(ATTEMPT, "0"))
        self.attempts.setdefault(meta["name"], {}).setdefault(meta["uid"], attempt)

    def note_pod(self, kind: str, pod: Json) -> None:
        """Note a pod, and whether it meets one of another Job of its Job's name."""
        meta = pod["metadata"]
        job = meta["labels"]["job-name"]
        there = self.pods.setdefault(job, {})
        there.pop(meta["name"], None)
        if kind != "DELETED":
            there[meta["name"]] = meta["labels"][UID]
        if len(set(there.values())) > 1:
            self.wrong.append(f"pods of two attempts of {job} are there together: {there}")


@contextmanager
def attempt_ledger(client: Client, jobset: str) -> Iterator[AttemptLedger]:
    """Keep a ledger of a set for the length of a block; it is complete when the block has ended."""
    with kept_by_watches(AttemptLedger(client, jobset)) as made:
        yield made


_Kind = TypeVar("_Kind", bound=AttemptLedger)


@contextmanager
def kept_by_watches(made: _Kind) -> Iterator[_Kind]:
    """Keep a ledger of one's own kind likewise."""
    notes = {"jobs": made.note_job, "pods": made.note_pod}
    threads = [threading.Thread(target=made.follow, args=each, name=f"ledger of {each[0]}") for each in notes.items()]
    for thread in threads:
        thread.start()
    try:
        yield made
    finally:
        made.stop()
        for thread in threads:
            thread.join()
