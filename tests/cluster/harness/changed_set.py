"""A set that runs, and the state of its repository that is applied next."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from jobsetgen.model import keys
from jobsetgen.runtime.watcher.formats import state_of
from tests.cluster.harness import kwok
from tests.cluster.harness.client import ApiError
from tests.cluster.harness.compiled_set import ATTEMPT, spawn_watcher
from tests.cluster.harness.control_plane import ControlPlane
from tests.cluster.harness.processes import Process, until
from tests.cluster.oracles.tool_applies import TOOLS, Object, key_of
from tests.diff_scenarios import Scenario

PATIENCE = 100.0  # seconds for what a watcher and the controllers do: much is played at once
SET = "jobset.sigs.k8s.io/jobset-name"
STATE, PLAN, WATCHER = "-restart-state", "-restart-plan", "-restart-watcher"


def wait(condition: Callable[[], bool], what: str) -> None:
    """Wait until something is so, and look seldom: many sets do so at once."""
    until(condition, PATIENCE, pause=0.5, what=what)


class Snapshot(NamedTuple):
    """What a change may replace or keep: UIDs of Jobs and of the watcher's, and the counters."""

    jobs: dict[str, str]
    watcher: str
    counters: tuple[int, int]
    attempt: int


class ChangedSet:
    """The objects of both states in a namespace of their own; `name` is the set whose watcher runs."""

    def __init__(self, plane: ControlPlane, scenario: Scenario, profile: str) -> None:
        self.plane = plane
        self.namespace = plane.new_namespace("row")
        self.client = plane.within(self.namespace)
        self.states = scenario.within(self.namespace).outputs()
        self.old_name, self.new_name = (_name_of_set(state) for state in self.states)
        self.name = self.old_name or self.new_name
        self._apply = TOOLS[profile]
        self._provide_volumes()

    @property
    def job(self) -> Object:
        """The watcher's Job, by name."""
        return {"metadata": {"name": f"{self.name}{WATCHER}"}}

    def start(self, folder: Path, name: str = "watcher", uid: str = "", script: Path | None = None) -> Process:
        """Start the process of the watcher's pod of a name."""
        live = self.client.get("jobs", self.job["metadata"]["name"])
        return spawn_watcher(self.plane, live, self.namespace, folder, name, uid, script)

    # What a team does

    def apply_old(self) -> None:
        """Let the tool apply the old state for the first time."""
        assert self._apply(self.plane, self.client, ((), self.states[0])) == []

    def apply_new(self) -> list[str]:
        """Let the tool apply the new state over the old one, and return what was refused."""
        refused = self._apply(self.plane, self.client, self.states)
        self.name = self.new_name or self.old_name
        return refused

    def delete_jobs(self) -> None:
        """Delete all Jobs, as a person does whom the API refuses their change."""
        self.client.delete_collection("jobs", propagation="Foreground")
        wait(lambda: not self.client.list("jobs"), what="Jobs are deleted")

    # What is seen

    def snapshot(self) -> Snapshot:
        """Return what is there now."""
        jobs = self.jobs()
        attempts = {int(job["metadata"]["labels"].get(ATTEMPT, "0")) for job in jobs.values()}
        return Snapshot(self.uids(), self.watcher_uid(), self.counters(), max(attempts, default=0))

    def jobs(self, name: str = "") -> dict[str, Object]:
        """Return the training Jobs of a set by name."""
        return {
            each["metadata"]["name"]: each for each in self.client.list("jobs", labels=f"{SET}={name or self.name}")
        }

    def uids(self, name: str = "") -> dict[str, str]:
        """Return the UIDs of the training Jobs by name."""
        return {job: each["metadata"]["uid"] for job, each in self.jobs(name).items()}

    def watcher_uid(self) -> str:
        """Return the UID of the watcher's Job, or nothing."""
        live = self.client.find("jobs", self.job["metadata"]["name"]) or {"metadata": {"uid": ""}}
        return str(live["metadata"]["uid"])

    def active(self, name: str = "") -> list[str]:
        """Return the names of the training pods that have not ended."""
        pods = self.client.list("pods", labels=f"{SET}={name or self.name}")
        going = ("Pending", "Running")
        return [pod["metadata"]["name"] for pod in pods if (pod.get("status") or {}).get("phase") in going]

    def state(self) -> dict[str, Any]:
        """Return what the watcher has written."""
        return dict(state_of(self.client.find("configmaps", f"{self.name}{STATE}") or {}) or {})

    def counters(self) -> tuple[int, int]:
        """Return the restarts that the watcher has written down: all, and those that count."""
        state = self.state()
        return state.get("restarts", 0), state.get("countedRestarts", 0)

    def live(self, item: Object) -> Object | None:
        """Return an object as the cluster has it."""
        return self.client.find(self.client.resource_of(item).plural, item["metadata"]["name"])

    def generations(self) -> set[str]:
        """Return the generations of the training Jobs."""
        templates = (job["spec"]["template"]["metadata"] for job in self.jobs().values())
        return {each["annotations"][keys.GENERATION] for each in templates}

    def plan(self, number: int) -> dict[str, Any]:
        """Return the plan of the old state, 0, or the new one, 1."""
        found = next(item for item in self.states[number] if item["metadata"]["name"].endswith(PLAN))
        return dict(json.loads(found["data"]["plan.json"]))

    def is_running(self, name: str = "", jobs: int = 4) -> bool:
        """Whether all Jobs of a set are there with all their pods ready."""
        found = self.jobs(name).values()
        ready = [job for job in found if (job.get("status") or {}).get("ready") == job["spec"]["parallelism"]]
        going = [job for job in found if "deletionTimestamp" in job["metadata"]]
        return len(ready) == len(found) == jobs and not going

    def is_suspended(self) -> bool:
        """Whether all Jobs are there, suspended and without pods."""
        found = self.jobs().values()
        return len(found) == 4 and all(job["spec"].get("suspend") for job in found) and not self.active()

    def objects(self, number: int, only: bool = False) -> list[Object]:
        """Return the objects of a state, or those that `only` this state has."""
        others = {key_of(item) for item in self.states[1 - number]}
        return [item for item in self.states[number] if not (only and key_of(item) in others)]

    # What happens

    def restart(self) -> None:
        """Let a pod fail, and wait until the next attempt runs."""
        restarts = self.counters()[0]
        before = set(self.uids().values())
        self.fail()
        wait(lambda: self.counters()[0] > restarts or self.counters() == (0, 0), what="a restart is counted")
        wait(lambda: not before & set(self.uids().values()) and self.is_running(), what="a restart")

    def fail(self) -> None:
        """Let a pod of the first Job fail."""
        first = min(self.jobs())
        self._end(kwok.fail_pod, f"job-name={first}", 1)

    def complete(self) -> None:
        """Let all training pods succeed, and wait until the set is over."""
        self._end(kwok.complete_pod, f"{SET}={self.name}", 99)
        wait(lambda: (self.state().get("terminal") or {}).get("type") == "Completed", what="completion")

    def _end(self, end: Any, labels: str, most: int) -> None:
        for pod in self.client.list("pods", labels=labels)[:most]:
            end(self.plane, pod["metadata"]["name"], namespace=self.namespace)

    def _provide_volumes(self) -> None:
        """Create a volume for each claim, which its controller deletes with the claim."""
        claims = {
            key_of(item): item for state in self.states for item in state if item["kind"] == "PersistentVolumeClaim"
        }
        for item in claims.values():
            name = item["metadata"]["name"]
            self.client.create(
                {
                    "apiVersion": "v1",
                    "kind": "PersistentVolume",
                    "metadata": {"name": f"{self.namespace}-{name}"},
                    "spec": {
                        "accessModes": item["spec"]["accessModes"],
                        "capacity": {"storage": "10Gi"},
                        "persistentVolumeReclaimPolicy": "Delete",
                        "claimRef": {"namespace": self.namespace, "name": name},
                        "hostPath": {"path": f"/tmp/jobsetgen-volume-{self.namespace}-{name}"},
                    },
                }
            )

    def volume(self, claim: str) -> Object | None:
        """Return the volume of a claim."""
        return self.client.find("persistentvolumes", f"{self.namespace}-{claim}")

    def forget(self) -> None:
        """Delete what the test has made, without waiting for it."""
        try:
            self.client.delete("namespaces", self.namespace)
        except ApiError as error:
            if error.status != 404:
                raise


def _name_of_set(state: list[Object]) -> str:
    names = [item["metadata"]["name"] for item in state if item["metadata"]["name"].endswith(STATE)]
    return names[0].removesuffix(STATE) if names else ""
