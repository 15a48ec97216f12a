"""A set in the simulated cluster: compiled, applied by a tool, and watched by as many watchers as a test likes."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from functools import lru_cache
from typing import Any

from jobsetgen import Settings, Source, compile
from jobsetgen.runtime.watcher.api import Api, ApiError
from jobsetgen.runtime.watcher.contract import ATTEMPT, JOBSET
from jobsetgen.runtime.watcher.formats import mark_of, state_of
from jobsetgen.runtime.watcher.run import Watcher
from tests.simulation.cluster import NAMESPACE, Cluster, Json, uid
from tests.simulation.gitops import Tool

NAME = "train"


class Killed(BaseException):
    """The watcher's process is gone, wherever it was."""


class Never:
    """Stands for the event that a watcher waits for when it backs off: it never comes, and takes no time."""

    def is_set(self) -> bool:
        return False

    def wait(self, seconds: float) -> bool:
        return False


class Inline:
    """Runs what a pool of threads would, in order."""

    def submit(self, do: Callable[[Any], None], action: Any) -> Future[None]:
        done: Future[None] = Future()
        try:
            do(action)
            done.set_result(None)
        except Exception as error:
            done.set_exception(error)
        return done


def spec(jobs: dict[str, str], **fields: str) -> str:
    """Return a JobSet: fields of each replicatedJob (which name its pods' env, too), and fields of its spec."""
    attempt = (
        "{name: A, valueFrom: {fieldRef: {fieldPath: \"metadata.annotations['jobset.sigs.k8s.io/restart-attempt']\"}}}"
    )
    container = f"{{name: main, image: 'registry.example.com/train:1', env: [{attempt}]}}"
    template = f"{{spec: {{parallelism: 2, completions: 2, backoffLimit: 0, template: {{spec: {{containers: [{container}]}}}}}}}}"
    lines = "".join(f"  - {{name: {name}, template: {template}, {own}}}\n" for name, own in jobs.items())
    others = "".join(f"  {name}: {value}\n" for name, value in fields.items())
    return f"apiVersion: jobset.x-k8s.io/v1alpha2\nkind: JobSet\nmetadata: {{name: {NAME}}}\nspec:\n{others}  replicatedJobs:\n{lines}"


@lru_cache(maxsize=256)
def _applied(text: str, settings: tuple[tuple[str, Any], ...]) -> bytes:
    """Return the pickled Jobs and ConfigMaps of a spec: many tests begin with the same set, and then change it."""
    compilation = compile([Source(name="set.yaml", content=text.encode())], Settings(**dict(settings)))
    assert compilation.ok, compilation.diagnostics
    return pickle.dumps([item for item in compilation.objects() if item["kind"] in ("Job", "ConfigMap")])


class Training:
    """One set from Git to its end."""

    name = NAME
    make_cluster = Cluster

    def __init__(self, text: str, **settings: Any) -> None:
        self.cluster = self.make_cluster()
        self.tool = Tool(self.cluster)
        self.settings = {"namespace": NAMESPACE, "gitops": "argocd", "restart_watcher": "Always", **settings}
        self.push(text)
        self.tool.sync()
        self.watchers = [self.watcher()]
        self.exits: list[int] = []

    def push(self, text: str, **settings: Any) -> None:
        """Put a spec into Git."""
        self.text = text
        self.settings.update(settings)
        self.tool.push(pickle.loads(_applied(text, tuple(self.settings.items()))))

    def watcher(self, shift: Callable[[], float] = lambda: 0.0) -> Watcher:
        """Return a new process of the watcher, in the pod of the Job that is there now; its clock may be off by a shift."""
        names = {kind: f"{self.name}-restart-{kind}" for kind in ("plan", "state")}
        names["job"] = f"{self.name}-restart-watcher"
        own = uid(self.cluster.of("jobs")[names["job"]])
        api = Api(self.transport(), NAMESPACE, Never())
        made = Watcher(api, names, own, clock=lambda: self.cluster.seconds + shift())
        made.actor.make_pool = lambda threads: Inline()
        return made

    def transport(self) -> Any:
        """Return what carries the requests of a new process."""
        return self.cluster

    def round(self, *, watch: bool = True) -> None:
        """Let everybody have a turn: the watchers, the tool that heals, the controllers."""
        self.tool.heal()
        for place, watcher in enumerate(self.watchers if watch else ()):
            self._step(place, watcher)
        self.cluster.tick()

    def _step(self, place: int, watcher: Watcher) -> None:
        own = self.cluster.of("jobs").get(f"{self.name}-restart-watcher")
        if own is None or self.exits:
            return
        if uid(own) != watcher.uid:  # its Job was replaced, and so is its pod
            watcher = self.watchers[place] = self.watcher()
        try:
            status = watcher.step()
        except Killed:
            self.watchers[place] = self.watcher()
        except ApiError:
            pass  # the process logs it and tries again
        else:
            if status is not None:
                self.exits.append(status)
                self.cluster.complete(f"{self.name}-restart-watcher")

    def settle(self, rounds: int = 60) -> None:
        """Go on until nothing has changed for some rounds."""
        before, same = "", 0
        for _ in range(rounds):
            self.round()
            after = json.dumps([self.names(), self.previous, self.state.get("terminal"), self.running()])
            before, same = after, same + 1 if after == before else 0
            if same == 4:
                return

    @property
    def state(self) -> Json:
        """What the watcher has written."""
        return dict(state_of(self.cluster.of("configmaps").get(f"{self.name}-restart-state", {})) or {})

    @property
    def previous(self) -> list[str]:
        """The Jobs that are there and are to be replaced."""
        attempt, marks = str(self.state.get("restarts", 0)), self.state.get("previous", ())
        return [
            name for name, job in self.cluster.jobs().items() if _is_older(job, attempt) or mark_of(uid(job)) in marks
        ]

    @property
    def outcome(self) -> str:
        """How the set has ended, and why; nothing while it has not."""
        terminal = self.state.get("terminal") or {}
        return f"{terminal['type']} {terminal['reason']}" if terminal else ""

    def names(self) -> dict[str, str]:
        """The Jobs of the set that are there, with their UIDs."""
        return {name: uid(job) for name, job in sorted(self.cluster.jobs().items())}

    def running(self) -> list[str]:
        """The Jobs that have a pod which has started."""
        return sorted(set(self._running()))

    def _running(self) -> Iterator[str]:
        for pod in self.cluster.of("pods").values():
            if pod["status"].get("ready") and JOBSET in pod["metadata"]["labels"]:
                yield pod["metadata"]["ownerReferences"][0]["name"]


def _is_older(job: Json, attempt: str) -> bool:
    """Whether a watcher has made a Job for another attempt."""
    return job["metadata"]["labels"].get(ATTEMPT, attempt) != attempt
