"""What an API server holds of a set: made by the real controller, by whoever applies our output, or by the watcher."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.cluster.harness.client import Client
from tests.cluster.harness.compiled_set import spawn_watcher
from tests.cluster.harness.control_plane import ControlPlane
from tests.cluster.oracles.comparison_inputs import Input
from tests.cluster.oracles.controller_and_watcher import now, stamp

Json = dict[str, Any]
Stored = dict[tuple[str, str], Json]  # by kind and name
KINDS = {"Job": "jobs", "Service": "services", "PersistentVolumeClaim": "persistentvolumeclaims"}
JOBSET = "jobset.sigs.k8s.io/jobset-name"
REPLICATED_JOB = "jobset.sigs.k8s.io/replicatedjob-name"
QUIET = 5.0  # seconds without a new Job, after which none is expected any more


def made_by_the_controller(plane: ControlPlane, given: Input) -> Stored:
    """Return what the real controller makes of an input in its namespace."""
    client = plane.within(given.settings.namespace or "")
    jobsets = given.named()
    for item in [*given.beside, *jobsets]:
        client.create(item)
    satisfy_start_order(client, jobsets)
    return stored_objects(client)


def made_by_applying(plane: ControlPlane, given: Input) -> Stored:
    """Return what is there when everything that we write is applied."""
    client = plane.within(given.settings.namespace or "")
    for item in given.compiled().objects():
        if item["kind"] in KINDS:
            client.create(item, strict=True)
    return stored_objects(client)


def made_by_the_watcher(plane: ControlPlane, given: Input, folder: Path) -> tuple[Stored, Stored]:
    """Return what the watchers make, and what the preview had shown, as the API would hold it."""
    client = plane.within(given.settings.namespace or "")
    compilation = given.compiled(jobs="watcher")
    shown = [item for item in compilation.objects(preview=True) if item["kind"] == "Job" and JOBSET in _labels(item)]
    preview = {_key(item): client.create(item, dry_run=True, strict=True) for item in shown}
    with watchers_running(plane, given, folder, jobs="watcher"):
        satisfy_start_order(client, given.named())
        return stored_objects(client), preview


@contextmanager
def watchers_running(plane: ControlPlane, given: Input, folder: Path, **settings: Any) -> Iterator[None]:
    """Create everything that we write, and have the watchers of it run for the length of a block."""
    client = plane.within(given.settings.namespace or "")
    objects = [*given.compiled(**settings).objects()]
    for item in objects:
        client.create(item, strict=True)
    watchers = [
        spawn_watcher(plane, item, client.namespace, folder / item["metadata"]["name"])
        for item in objects
        if item["kind"] == "Job" and item["metadata"]["name"].endswith("-restart-watcher")
    ]
    try:
        yield
    finally:
        for each in watchers:
            plane.stop(each.name)


def stored_objects(client: Client) -> Stored:
    """Return the set's objects as they are stored."""
    found = {kind: client.list(plural) for kind, plural in KINDS.items()}
    items = [{"kind": kind, **item} for kind, each in found.items() for item in each]
    return {_key(item): item for item in items if item["kind"] != "Job" or JOBSET in _labels(item)}


def satisfy_start_order(client: Client, jobsets: Iterable[Json], seconds: float = 180) -> None:
    """Let the Jobs that are waited for become ready or complete, until all are there or no more come."""
    jobsets = list(jobsets)
    wanted = sum(each.get("replicas", 1) for jobset in jobsets for each in _replicated_jobs(jobset))
    ends = {(jobset["metadata"]["name"], name) for jobset in jobsets for name in _waited_for(jobset)}
    seen: set[str] = set()
    begin = since = time.monotonic()
    while len(seen) < wanted or not wanted:
        if time.monotonic() > (since + QUIET if seen or not wanted else begin + seconds):
            break
        for job in client.list("jobs", labels=JOBSET):
            name, labels = job["metadata"]["name"], _labels(job)
            if name not in seen and not job["spec"].get("suspend"):
                is_end = (labels[JOBSET], labels[REPLICATED_JOB]) in ends
                client.patch_status("jobs", name, _complete(job) if is_end else _ready(job))
            if name not in seen:
                seen.add(name)
                since = time.monotonic()
        time.sleep(0.05)


def _replicated_jobs(jobset: Json) -> list[Json]:
    return (jobset.get("spec") or {}).get("replicatedJobs") or []


def _waited_for(jobset: Json) -> set[str]:
    """Return the names of the replicatedJobs that others wait to be complete."""
    return {
        each["name"]
        for replicated in _replicated_jobs(jobset)
        for each in replicated.get("dependsOn") or ()
        if each["status"] == "Complete"
    }


def _ready(job: Json) -> Json:
    pods = min(job["spec"].get("parallelism", 1), job["spec"].get("completions", 2**31))
    return {"startTime": stamp(now()), "active": pods, "ready": pods}


def _complete(job: Json) -> Json:
    pods, at = job["spec"].get("completions", 1), stamp(now())
    indexes = {"completedIndexes": f"0-{pods - 1}" if pods > 1 else "0"}
    same = {
        "status": "True",
        "lastTransitionTime": at,
        "lastProbeTime": at,
        "reason": "CompletionsReached",
        "message": "",
    }
    return {
        "startTime": at, "completionTime": at, "active": 0, "ready": 0, "succeeded": pods,
        **(indexes if job["spec"].get("completionMode") == "Indexed" else {}),
        "conditions": [{"type": kind, **same} for kind in ("SuccessCriteriaMet", "Complete")],
    }  # fmt: skip


def _labels(item: Json) -> Json:
    return item["metadata"].get("labels") or {}


def _key(item: Json) -> tuple[str, str]:
    return item["kind"], item["metadata"]["name"]


def delete_everything(client: Client) -> None:
    """Delete what is in a namespace where no controller would mind."""
    for claim in client.list("persistentvolumeclaims"):
        client.patch("persistentvolumeclaims", claim["metadata"]["name"], {"metadata": {"finalizers": None}})
    for plural in (*KINDS.values(), "configmaps", "serviceaccounts", "roles", "rolebindings"):
        client.delete_collection(plural)
