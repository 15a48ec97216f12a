"""How long a restart takes: from a pod's failure until every Job of the next attempt is there, and what happens meanwhile."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml import YAML

from tests.cluster.harness import kwok
from tests.cluster.harness.client import Client
from tests.cluster.harness.compiled_set import ATTEMPT, CompiledSet
from tests.cluster.harness.containers import spawn_container
from tests.cluster.harness.control_plane import ControlPlane
from tests.cluster.harness.jobset import without_webhooks
from tests.cluster.harness.processes import Process, until
from tests.cluster.oracles.attempt_ledger import AttemptLedger, kept_by_watches
from tests.compat.releases import earlier_release

Json = dict[str, Any]
SIDES = ("controller", "watcher", "git")
# The release before the watcher became a package, beside this one: so that "no slower" is said of one machine and run.
BEFORE = {"watcher before": "watcher", "git before": "git"}
NAME = "speed"
OF_SET = f"jobset.sigs.k8s.io/jobset-name={NAME}"
PODS = 2
ENDS = ("FailureTarget", "Failed")  # the first says that it will
# What a test must see of every request of a watcher that takes something away or changes it: not the many of the
# controllers and of KWOK, with which the file would be cut off and begun anew.
AUDIT = {
    "apiVersion": "audit.k8s.io/v1",
    "kind": "Policy",
    "omitStages": ["RequestReceived"],
    "rules": [
        {
            "level": "None",
            "userGroups": ["system:serviceaccounts:kube-system", "system:nodes", "system:masters"],
        },
        {
            "level": "Request",
            "verbs": ["delete", "deletecollection", "patch", "update"],
            "resources": [{"group": "", "resources": ["pods"]}, {"group": "batch", "resources": ["jobs"]}],
        },
        {"level": "None"},
    ],
}


class Timing(NamedTuple):
    """Seconds from the failure of a pod until, of the set's Jobs, ..."""

    failed: float  # one fails
    first_delete: float  # the first is being deleted
    last_delete: float  # the last is
    first_made: float  # the first of the next attempt is there
    all_made: float  # all are


class TimingLedger(AttemptLedger):
    """A ledger of the set that holds when each thing was first seen."""

    def __init__(self, client: Client) -> None:
        super().__init__(client, NAME)
        self.moments: dict[str, dict[str, float]] = {key: {} for key in ("failed", "deleting", "made")}

    def note_job(self, kind: str, job: Json) -> None:
        """Note a Job, and the moment."""
        super().note_job(kind, job)
        at, uid = time.monotonic(), job["metadata"]["uid"]
        if kind != "DELETED" and (moment := _moment(job)):
            self.moments[moment].setdefault(uid, at)


def _moment(job: Json) -> str:
    """Return what is to be seen of a Job, if anything is."""
    meta = job["metadata"]
    if "deletionTimestamp" in meta:
        return "deleting"
    if meta["labels"].get(ATTEMPT, "0") != "0":
        return "made"
    has_failed = any(each["type"] in ENDS for each in job.get("status", {}).get("conditions") or ())
    return "failed" if has_failed else ""


def time_restart(plane: ControlPlane, side: str, jobs: int, folder: Path) -> tuple[Timing, list[str], str]:
    """Let one pod of a set fail; return the timing, what was wrong meanwhile, and the namespace."""
    client = plane.within(plane.new_namespace(f"{side.replace(' ', '-')}-{jobs}"))
    with without_the_controller(plane, side), running_set(plane, client, side, jobs, folder):
        until(lambda: _ready(client) == jobs, seconds=180, pause=0.5, what="all Jobs are ready")
        with kept_by_watches(TimingLedger(client)) as observer:
            pod = client.list("pods", labels=OF_SET)[0]["metadata"]["name"]
            begin = time.monotonic()
            kwok.fail_pod(plane, pod, namespace=client.namespace)
            made = observer.moments["made"]
            until(lambda: len(made) == jobs, seconds=180, what=f"{jobs} Jobs of the next attempt")
            failed, deleting = observer.moments["failed"].values(), observer.moments["deleting"].values()
            ends = min(failed), min(deleting), max(deleting), min(made.values()), max(made.values())
            until(lambda: _ready(client) == jobs, seconds=180, pause=0.5, what="all Jobs are ready again")
    return Timing(*(round(end - begin, 2) for end in ends)), observer.wrong, client.namespace


@contextmanager
def without_the_controller(plane: ControlPlane, side: str) -> Iterator[None]:
    """Have no JobSet controller and none of its webhooks for pods where ours runs, as on our users' clusters."""
    if side == "controller":
        yield
        return
    plane.stop("jobset")
    try:
        with without_webhooks(plane):
            yield
    finally:
        plane.restart("jobset")


@contextmanager
def running_set(plane: ControlPlane, client: Client, side: str, jobs: int, folder: Path) -> Iterator[None]:
    """Have a set run for the length of a block, and nothing of it afterwards."""
    if side == "controller":
        client.create(jobset(jobs))
    elif side in BEFORE:
        process = _started_before(plane, client, BEFORE[side], jobs, folder / client.namespace)
    else:
        watched = CompiledSet(plane, client.namespace, json.dumps(jobset(jobs)), jobs=side, gitops="any")
        watched.apply()
        process = watched.start(folder / client.namespace)
    try:
        yield
    finally:
        if side == "controller":
            client.delete("jobsets", NAME, propagation="Foreground")
        else:
            plane.stop(process.name)
        client.delete_collection("jobs", propagation="Background")
        until(lambda: not client.list("pods") and not client.list("jobs"), seconds=180, pause=0.5)


def _started_before(plane: ControlPlane, client: Client, owner: str, jobs: int, folder: Path) -> Process:
    """Apply a set as the earlier release renders it, and start its watcher."""
    release = earlier_release(folder / "release")
    (folder / "set.json").write_text(json.dumps(jobset(jobs)))
    options = ("--jobs", owner, "--gitops", "any", "--namespace", client.namespace, "--restart-watcher", "Always")
    for item in YAML(typ="safe").load_all(release.run("build", *options, "set.json", folder=folder)):
        client.apply(item)
    of_watcher = f"job-name={NAME}-restart-watcher"
    until(lambda: bool(client.list("pods", labels=of_watcher)), what="the pod of the watcher")
    (pod,) = client.list("pods", labels=of_watcher)
    return spawn_container(plane, pod, folder / "container")


def jobset(jobs: int) -> Json:
    """Return a set of so many Jobs."""
    pod = {"restartPolicy": "Never", "containers": [{"name": "main", "image": "registry.example.com/train:1"}]}
    job = {"parallelism": PODS, "completions": PODS, "backoffLimit": 0, "template": {"spec": pod}}
    spec = {
        "failurePolicy": {"maxRestarts": 3},
        "replicatedJobs": [{"name": "workers", "replicas": jobs, "template": {"spec": job}}],
    }
    return {"apiVersion": "jobset.x-k8s.io/v1alpha2", "kind": "JobSet", "metadata": {"name": NAME}, "spec": spec}


def requests_without_uid(log: Path, namespace: str) -> tuple[int, list[str]]:
    """Return how many requests of a watcher have deleted or changed something, and those that named no UID."""
    seen, wrong = 0, []
    for line in log.read_text().splitlines():
        event = json.loads(line)
        if not event["user"]["username"].startswith(f"system:serviceaccount:{namespace}:{NAME}-"):
            continue
        seen += 1
        body = event.get("requestObject") or {}
        holder = body.get("preconditions") if event["verb"] == "delete" else body.get("metadata")
        if not (holder or {}).get("uid"):
            wrong.append(f"{event['verb']} {event['requestURI']}")
    return seen, wrong


def _ready(client: Client) -> int:
    return sum((job.get("status") or {}).get("ready") == PODS for job in client.list("jobs", labels=OF_SET))
