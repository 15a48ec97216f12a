"""What lists and watches have brought: the Jobs and pods with the set's label."""

from __future__ import annotations

import threading

from .api import Api
from .contract import GATE, JOBSET, Json, Pod
from .view import Job, live_pod, number


class Cache:
    """The Jobs and pods as they were last heard of. Watches write here beside the passes."""

    def __init__(self, api: Api) -> None:
        """Begin with nothing: the first pass makes its lists."""
        self.api = api
        self.lock = threading.RLock()
        self.stale = threading.Event()  # news may be missing, so the next pass makes its lists
        self.jobs: dict[str, Job] = {}
        self.pods: dict[str, Pod] = {}
        self.list_version = -1  # the resourceVersion of the last list of Jobs
        self.needed = {"configmaps", "jobs"}  # what there must be news of
        self.needs_all_pods = False  # and not those with our gate alone
        # What watches bring news of; where one is lacking every pass makes its lists.
        self.follows: set[str] = set()
        self.resting: set[str] = set()  # what no watch brings news of at the moment

    def is_lacking(self) -> bool:
        """Whether there may be news that nobody has brought; the plan is read in every pass."""
        silent = (self.needed - self.follows) | self.resting
        return bool(silent - {"configmaps"}) or self.stale.is_set()

    def snapshot(self) -> tuple[dict[str, Job], tuple[Pod, ...]]:
        """Return the Jobs and pods of one moment."""
        with self.lock:
            return dict(self.jobs), tuple(self.pods.values())

    def refresh(self, jobset: str) -> None:
        """Make the lists anew."""
        with self.lock:
            self.stale.clear()
            self.jobs = {}
            self.pods = {}
            for plural in sorted(self.needed - {"configmaps"}):
                self._list(plural, {"labelSelector": f"{JOBSET}={jobset}"})

    def _list(self, plural: str, query: Json) -> None:
        """List the objects of one kind."""
        for page in self.api.pages(plural, query):
            if plural == "jobs":
                self.list_version = number(page["metadata"].get("resourceVersion"), 0)
            for item in page.get("items") or ():
                self._take(plural, item, gone=False)

    def take_in(self, plural: str, kind: str, item: Json) -> None:
        """Take in the news of a watch, unless a list was later."""
        with self.lock:
            if number(item["metadata"].get("resourceVersion"), 0) > self.list_version:
                self._take(plural, item, gone=kind == "DELETED")

    def _take(self, plural: str, item: Json, *, gone: bool) -> None:
        """Take in an object."""
        name = item["metadata"]["name"]
        held = self.pods if plural == "pods" else self.jobs
        held.pop(name, None)
        if gone:
            return
        if plural == "jobs":
            self.jobs[name] = Job(item)
        elif plural == "pods":
            self._take_pod(item)

    def _take_pod(self, item: Json) -> None:
        """Take in a pod, if it matters."""
        pod = live_pod(item)
        if pod and (self.needs_all_pods or GATE in pod.gates):
            self.pods[pod.name] = pod
