"""A set in plain data for the tests of `decide`: a plan from keywords, Jobs as the API has them, one pass after another."""

from __future__ import annotations

import json
from typing import Any

from jobsetgen.runtime.watcher.contract import Create, Delete, Leave, Patch, Pod, Say
from jobsetgen.runtime.watcher.decide import decide
from jobsetgen.runtime.watcher.formats import mark_of
from jobsetgen.runtime.watcher.stamp import job_object, merged
from jobsetgen.runtime.watcher.view import Job, Seen

Json = dict[str, Any]
GENERATION = "g1"


def replicated_job(name: str, replicas: int = 1, **fields: Any) -> Json:
    """Return a replicatedJob of a plan; its Jobs have two pods."""
    labels = {
        "jobset.sigs.k8s.io/jobset-name": "a", "jobset.sigs.k8s.io/replicatedjob-name": name,
        "jobset.sigs.k8s.io/job-index": {"$slot": "jobIndex"},
    }  # fmt: skip
    pods = {"metadata": {"annotations": {"jobsetgen.io/generation": GENERATION}}, "spec": {}}
    job = {"metadata": {"name": {"$slot": "jobName"}, "labels": labels}, "spec": {"template": pods}}
    given = {"dependsOn": [], "gated": False, "activeDeadlineSeconds": None, "domains": [], **fields}
    return {"name": name, "replicas": replicas, "pods": 2, "firstGroupIndex": 0, "job": job, **given}


def plan(jobs: str, *replicated_jobs: Json, **fields: Any) -> Json:
    """Return a plan. `jobs` is its mode; what waits in mode git is gated, as the compiler has it."""
    policy = fields.get("failurePolicy") or {}
    first = 0
    for place, each in enumerate(replicated_jobs):
        each["firstGlobalIndex"] = first
        first += each["replicas"]
        waits = each["dependsOn"] or (place and fields.get("startupOrder") == "InOrder")
        each["gated"] = jobs == "git" and bool(waits or policy.get("restartStrategy") == "BlockingRecreate")
    given = {
        "format": 1, "jobset": "a", "namespace": "ns", "generation": GENERATION, "jobs": jobs,
        "ending": "suspend" if jobs == "git" else "delete", "updatePolicy": "Recreate", "suspend": False,
        "successPolicy": {"operator": "All", "targets": []}, "failurePolicy": None, "startupOrder": "AnyOrder",
        "ttlSecondsAfterFinished": None, "readsAttempt": False, "service": None, "claims": [],
        "replicatedJobs": list(replicated_jobs),
    }  # fmt: skip
    return {**given, **fields}


def policy(restarts: int, *rules: Json, strategy: str = "Recreate") -> Json:
    """Return a failurePolicy."""
    return {"maxRestarts": restarts, "restartStrategy": strategy, "rules": list(rules)}


def rule(name: str, action: str, **fields: Any) -> Json:
    """Return a rule of a failurePolicy."""
    return {"name": name, "action": action, "reasons": [], "patterns": [], "targets": [], **fields}


class World:
    """A set whose Jobs are moved by hand; `step` makes one pass and carries its actions out."""

    def __init__(self, content: Json) -> None:
        self.plan = content
        self.state: Json = {}
        self.items: dict[str, Json] = {}
        self.now = 0.0
        self.pods: tuple[Pod, ...] = ()
        self.seen: Json = {}
        self.said: list[Say] = []
        self.lingers: set[str] = set()  # Jobs whose deletion takes its time
        self._uids = 0
        if content["jobs"] == "git":  # the GitOps tool makes the first attempt
            self.apply()

    def apply(self) -> None:
        """Make the Jobs that are missing, as Git has them."""
        state = {"restarts": 0, "patterns": {}, "jobRestarts": {}, "generation": ""}
        for each in self.plan["replicatedJobs"]:
            for index in range(each["replicas"]):
                if f"a-{each['name']}-{index}" not in self.items:
                    item = job_object({**self.plan, "jobs": "git"}, state, Create(each["name"], index, ""), "")
                    item["spec"].update({"suspend": True} if self.plan["suspend"] else {})
                    del item["metadata"]["ownerReferences"]
                    for kind in ("labels", "annotations"):
                        item["metadata"][kind].pop("jobset.sigs.k8s.io/restart-attempt")
                    self._add(item)

    def _add(self, item: Json) -> None:
        self._uids += 1
        item["metadata"]["uid"] = f"u{self._uids}"
        item["status"] = {}
        self.items[item["metadata"]["name"]] = item

    def decide(self) -> list[Any]:
        """Make a decision, and keep the state as it is written."""
        jobs = {name: Job(item) for name, item in self.items.items()}
        since = {"offered_since": 0.0, "running_since": 0.0, **self.seen}
        seen = Seen(self.plan, "plan-uid", jobs, self.now, "now", self.pods, **since)
        state, actions = decide(self.state, seen)
        self.state = json.loads(json.dumps(state))
        self.said += [action for action in actions if isinstance(action, Say)]
        return [action for action in actions if not isinstance(action, Say)]

    def step(self) -> list[Any]:
        """Make one pass."""
        actions = self.decide()
        for action in actions:
            self._carry_out(action)
        return actions

    def _carry_out(self, action: Any) -> None:
        if isinstance(action, Create):
            self._add(job_object(self.state["plan"], self.state, action, "plan-uid"))
        elif isinstance(action, Delete) and self.items[action.name]["metadata"]["uid"] == action.uid:
            self.items[action.name]["metadata"]["deletionTimestamp"] = "now"
            if action.name not in self.lingers:
                del self.items[action.name]
        elif isinstance(action, Patch) and self.items[action.name]["metadata"]["uid"] == action.uid:
            self.items[action.name] = merged(self.items[action.name], action.body)

    def settle(self) -> list[Any]:
        """Make passes until there is nothing more to do; return all actions."""
        done: list[Any] = []
        for _ in range(20):
            before = json.dumps(self.state)
            actions = self.step()
            done += actions
            if not [action for action in actions if not isinstance(action, Leave)] and before == json.dumps(self.state):
                return done
        raise AssertionError(done)

    # What happens to Jobs

    def condition(self, name: str, kind: str, reason: str = "", message: str = "", time: int = 0) -> None:
        entry = {"type": kind, "status": "True", "reason": reason, "message": message}
        stamp = f"2026-01-01T00:{time // 60:02}:{time % 60:02}Z"
        self.items[name]["status"].setdefault("conditions", []).append({**entry, "lastTransitionTime": stamp})

    def fail(self, name: str, reason: str = "BackoffLimitExceeded", message: str = "", time: int = 0) -> None:
        self.condition(name, "Failed", reason, message, time)

    def complete(self, *names: str, time: int = 0) -> None:
        for name in names:
            self.condition(name, "Complete", time=time)

    def ready(self, *names: str, pods: int = 2) -> None:
        for name in names:
            self.items[name]["status"].update(active=pods, ready=pods)

    def gone(self, name: str) -> None:
        del self.items[name]

    # What one looks at

    def uids(self) -> dict[str, str]:
        return {name: item["metadata"]["uid"] for name, item in sorted(self.items.items())}

    def noted(self, kind: str) -> list[str]:
        """The Jobs that the state notes: as previous, released, ended, stale or leftover."""
        marks = self.state[kind]
        return sorted(name for name, uid in self.uids().items() if mark_of(uid) in marks)

    @property
    def counters(self) -> tuple[int, int]:
        return self.state["restarts"], self.state["countedRestarts"]

    @property
    def outcome(self) -> str:
        terminal = self.state["terminal"]
        return f"{terminal['type']} {terminal['reason']}" if terminal else ""

    @property
    def first_failed(self) -> str:
        """The Job that the last message names."""
        return self.said[-1].message.partition("first failed job: ")[2].rstrip(")")
