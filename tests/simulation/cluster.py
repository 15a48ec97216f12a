"""A cluster in memory: the API that the watcher speaks to, and the controllers that move its objects along.

It follows the rules of Kubernetes that the watcher lives by, and no others: resourceVersions, UID preconditions,
foreground and background deletion, a Job template that cannot change but in parts while suspended, conditions of Jobs.
Nothing in it waits: a test makes each step.
"""

from __future__ import annotations

import json
import pickle
import urllib.parse
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from jobsetgen.runtime.watcher.contract import GATE, JOBSET

Json = dict[str, Any]
NAMESPACE = "training"
_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
# What the API lets change in the template of a suspended Job.
_CHANGES_WHILE_SUSPENDED = ("annotations", "labels")


def copied(item: Json) -> Json:
    """Return a copy of an object, in a quarter of the time that copy.deepcopy takes."""
    copy: Json = pickle.loads(pickle.dumps(item))
    return copy


class RefusedError(Exception):
    """An answer of the API that is no success."""

    def __init__(self, status: int, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status, self.headers = status, headers


class Cluster:
    """One namespace. `before` and `after` are called around every request that a watcher sends."""

    def __init__(self) -> None:
        self.objects: dict[tuple[str, str], Json] = {}
        self.seconds = 0
        self.terminating = False  # the namespace
        self.is_watched = False
        self.slow: set[str] = set()  # Jobs whose pods take their time to end
        self.started: list[tuple[str, str, str]] = []  # generation, Job UID and attempt that a container started with
        self.requests: list[tuple[str, str]] = []
        self.history: list[tuple[int, str, str, Json]] = []  # what a watch tells: version, type, kind, object
        self.before: Callable[[str, str], None] = lambda method, path: None
        self.after: Callable[[str, str], None] = lambda method, path: None
        self._version = 100
        self._uids = 0

    def restore(self, objects: list[tuple[str, str, Json]], seconds: int) -> None:
        """Become what another cluster was: its objects, each with its kind and name, and its clock."""
        self.objects = {(plural, name): item for plural, name, item in objects}
        self.seconds = seconds
        self._version = max(_counter(item["metadata"]["resourceVersion"]) for _, _, item in objects)
        self._uids = max(_counter(uid(item)) for _, _, item in objects)

    # What tests look at

    def of(self, plural: str) -> dict[str, Json]:
        """Return the objects of a kind by name."""
        return {name: item for (kind, name), item in self.objects.items() if kind == plural}

    def jobs(self) -> dict[str, Json]:
        """Return the Jobs of the set, without the watcher's own."""
        return {name: job for name, job in self.of("jobs").items() if JOBSET in (job["metadata"].get("labels") or {})}

    def pods_of(self, job: Json) -> list[Json]:
        """Return a Job's pods."""
        return [pod for pod in self.of("pods").values() if pod["metadata"]["ownerReferences"][0]["uid"] == uid(job)]

    def time(self) -> str:
        """Return the API server's clock."""
        return (_BEGIN + timedelta(seconds=self.seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")

    # The API

    def send(self, method: str, path: str, body: bytes | None, kind: str) -> tuple[int, dict[str, str], bytes]:
        """Answer a request, as the watcher's transport does."""
        self.before(method, path)
        self.requests.append((method, path))
        address = urllib.parse.urlsplit(path)
        query = dict(urllib.parse.parse_qsl(address.query))
        parts = address.path.split("/namespaces/")[1].split("/")
        plural, name = parts[1], parts[2] if len(parts) > 2 else ""
        try:
            answer = self._answer(method, plural, name, query, json.loads(body) if body else {})
            status, headers = 200, {}
        except RefusedError as refused:
            answer, status, headers = {"kind": "Status", "message": str(refused)}, refused.status, refused.headers
        self.after(method, path)
        return status, headers, json.dumps(answer).encode()

    def _answer(self, method: str, plural: str, name: str, query: dict[str, str], body: Json) -> Json:
        if method == "GET":
            return self.get(plural, name) if name else self._list(plural, query)
        if method == "POST":
            return self.create(plural, body, dry_run="dryRun" in query)
        if method == "PUT":
            return self._replace(plural, name, body)
        if method == "PATCH":
            return self.patch(plural, name, body)
        options = body.get("preconditions") or {}
        return self.delete(plural, name, uid=options.get("uid", ""), foreground=True)

    def get(self, plural: str, name: str) -> Json:
        """Return an object, or refuse with 404."""
        if (plural, name) not in self.objects:
            raise RefusedError(404, f"{plural} {name} not found")
        return copied(self.objects[plural, name])

    def _list(self, plural: str, query: dict[str, str]) -> Json:
        """Return a page of a list. All pages have the version of the first one, and news is what came after it."""
        version, _, last = query.get("continue", f"{self._version}/").partition("/")
        limit = int(query.get("limit", "500"))
        names = sorted(name for name, item in self.of(plural).items() if name > last and selected(item, query))
        page = names[:limit]
        meta = {"resourceVersion": version}
        if names[limit:]:
            meta["continue"] = f"{version}/{page[-1]}"
        return {"metadata": meta, "items": [self.get(plural, name) for name in page]}

    def create(self, plural: str, item: Json, dry_run: bool = False) -> Json:
        """Store an object as the API does: with its defaults, a UID and a version."""
        item = copied(item)
        meta = item["metadata"]
        self._uids += 1
        if "name" not in meta:
            meta["name"] = f"{meta['generateName']}{self._uids:05d}"
        if self.terminating:
            raise RefusedError(403, "the namespace is being terminated")
        if (plural, meta["name"]) in self.objects:
            raise RefusedError(409, f"{plural} {meta['name']} already exists")
        meta.update(uid=f"uid-{self._uids}", creationTimestamp=self.time(), namespace=NAMESPACE)
        if plural == "jobs":
            _defaulted(item)
        if not dry_run:
            self._store(plural, item)
        return copied(item)

    def _replace(self, plural: str, name: str, item: Json) -> Json:
        live = self.get(plural, name)
        if any(item["metadata"].get(key) != live["metadata"][key] for key in ("resourceVersion", "uid")):
            raise RefusedError(409, "the object has been modified")
        self._store(plural, copied(item))
        return self.get(plural, name)

    def patch(self, plural: str, name: str, body: Json) -> Json:
        """Apply a JSON merge patch; a UID in it is a precondition."""
        live = self.get(plural, name)
        if body.get("metadata", {}).get("uid", uid(live)) != uid(live):
            raise RefusedError(422, "metadata.uid: field is immutable")
        item = _merged(live, body)
        if plural == "jobs" and _frozen(live, live) != _frozen(item, live):
            raise RefusedError(422, "spec.template: field is immutable")
        self._store(plural, item)
        return self.get(plural, name)

    def delete(self, plural: str, name: str, *, uid: str = "", foreground: bool = False) -> Json:
        """Delete an object: a Job in the foreground is gone when its pods are, one in the background at once."""
        live = self.get(plural, name)
        if uid and live["metadata"]["uid"] != uid:
            raise RefusedError(409, "the UID in the precondition is another one")
        if foreground and plural == "jobs":
            live["metadata"].setdefault("deletionTimestamp", self.time())
            self._store(plural, live)
        else:
            self._remove(plural, name)
        return {}

    def _store(self, plural: str, item: Json) -> None:
        self._version += 1
        item["metadata"]["resourceVersion"] = str(self._version)
        key = (plural, item["metadata"]["name"])
        self._tell("MODIFIED" if key in self.objects else "ADDED", plural, item)
        self.objects[key] = item

    def _remove(self, plural: str, name: str) -> None:
        self._version += 1
        item = self.objects.pop((plural, name))
        item["metadata"]["resourceVersion"] = str(self._version)
        self._tell("DELETED", plural, item)

    def _tell(self, kind: str, plural: str, item: Json) -> None:
        if self.is_watched:
            self.history.append((self._version, kind, plural, copied(item)))

    # The controllers

    def tick(self, seconds: int = 1) -> None:
        """Let time pass, and every controller have its turn."""
        self.seconds += seconds
        self._collect()
        for job in list(self.of("jobs").values()):
            self._run_job(job)
        for pod in list(self.of("pods").values()):
            self._run_pod(pod)

    def _collect(self) -> None:
        """The garbage collector: pods go with their Job, a Job in deletion goes after its pods, all with their owner."""
        live = {uid(item) for item in self.objects.values()}
        for name, job in list(self.of("jobs").items()):
            if any(owner["uid"] not in live for owner in job["metadata"].get("ownerReferences") or ()):
                self.delete("jobs", name, foreground=True)
        for name, pod in list(self.of("pods").items()):
            owner = pod["metadata"]["ownerReferences"][0]
            job = self.of("jobs").get(owner["name"])
            ends = job is None or uid(job) != owner["uid"] or "deletionTimestamp" in job["metadata"]
            if ends and owner["name"] not in self.slow:
                self._remove("pods", name)
        for name, job in list(self.of("jobs").items()):
            if "deletionTimestamp" in job["metadata"] and not self.pods_of(job):
                self._remove("jobs", name)

    def _run_job(self, job: Json) -> None:
        """The Job controller, as far as pods and deadlines go; how a Job ends is the test's."""
        if finished(job) or "deletionTimestamp" in job["metadata"]:
            return
        if "FailureTarget" in conditions(job):
            target = job["status"]["conditions"][-1]
            if job["metadata"]["name"] not in self.slow:
                self._end(job["metadata"]["name"], "Failed", target["reason"], target["message"])
            return
        if job["spec"].get("activeDeadlineSeconds") == 1 and not job["spec"].get("suspend"):
            self.fail(job["metadata"]["name"], "DeadlineExceeded", "Job was active longer than specified deadline")
            return
        pods = self.pods_of(job)
        if job["spec"].get("suspend"):
            for pod in pods:
                self._remove("pods", pod["metadata"]["name"])
        elif JOBSET in (job["metadata"].get("labels") or {}):
            for _ in range(job["spec"].get("parallelism", 1) - len(pods)):
                self._make_pod(job)
        self._count(job)

    def _count(self, job: Json) -> None:
        pods = self.pods_of(job)
        ready = sum(pod["status"].get("ready", False) for pod in pods)
        status = {**job.get("status", {}), "active": len(pods), "ready": ready}
        if status != job.get("status"):
            job["status"] = status
            self._store("jobs", job)

    def _make_pod(self, job: Json) -> None:
        template = copied(job["spec"]["template"])
        labels = {**template["metadata"].get("labels", {}), "batch.kubernetes.io/controller-uid": uid(job)}
        owner = {"kind": "Job", "name": job["metadata"]["name"], "uid": uid(job)}
        meta = {"generateName": f"{owner['name']}-", "ownerReferences": [owner], "labels": labels}
        meta["annotations"] = template["metadata"].get("annotations", {})
        self.create("pods", {"metadata": meta, "spec": template["spec"], "status": {"ready": False}})

    def _run_pod(self, pod: Json) -> None:
        """The scheduler and the kubelet: an ungated pod starts once every ConfigMap key that it reads is there."""
        if pod["status"].get("ready") or GATE in [gate["name"] for gate in pod["spec"].get("schedulingGates") or ()]:
            return
        attempts = list(self._attempts(pod))
        if None not in attempts:
            generation = pod["metadata"]["annotations"].get("jobsetgen.io/generation", "")
            owner = pod["metadata"]["ownerReferences"][0]["uid"]
            self.started += [(generation, owner, str(attempt)) for attempt in attempts]
            pod["status"]["ready"] = True
            self._store("pods", pod)

    def _attempts(self, pod: Json) -> Iterator[str | None]:
        for container in pod["spec"]["containers"]:
            for variable in container.get("env") or ():
                source = (variable.get("valueFrom") or {}).get("configMapKeyRef")
                if source:
                    data = self.objects.get(("configmaps", source["name"]), {}).get("data") or {}
                    yield data.get(source["key"])

    # What a test makes happen

    def fail(self, name: str, reason: str = "BackoffLimitExceeded", message: str = "", early: bool = False) -> None:
        """Let a Job fail; `early`, only decide to, as it does while its pods are ending."""
        self._end(name, "FailureTarget" if early else "Failed", reason, message)

    def complete(self, name: str) -> None:
        """Let a Job complete."""
        self._end(name, "Complete", "CompletionsReached", "")

    def _end(self, name: str, condition: str, reason: str, message: str) -> None:
        job = self.of("jobs")[name]
        entry = {"type": condition, "status": "True", "lastTransitionTime": self.time()}
        job.setdefault("status", {}).setdefault("conditions", []).append(
            {**entry, "reason": reason, "message": message}
        )
        if condition != "FailureTarget":
            for pod in self.pods_of(job):
                self._remove("pods", pod["metadata"]["name"])
        self._count(job)
        self._store("jobs", job)


def selected(item: Json, query: dict[str, str]) -> bool:
    """Whether an object is one that a list or a watch asks for."""
    labels = item["metadata"].get("labels") or {}
    wanted = dict(part.split("=") for part in query.get("labelSelector", "").split(",") if part)
    name = query.get("fieldSelector", "").removeprefix("metadata.name=")
    return all(labels.get(key) == value for key, value in wanted.items()) and name in ("", item["metadata"]["name"])


def uid(item: Json) -> str:
    """Return an object's UID."""
    return str(item["metadata"]["uid"])


def _counter(text: str) -> int:
    """Return the number in a UID or a resourceVersion."""
    return int(text.removeprefix("uid-"))


def conditions(job: Json) -> set[str]:
    """Return the types of a Job's conditions."""
    return {each["type"] for each in job.get("status", {}).get("conditions", ())}


def finished(job: Json) -> bool:
    """Whether a Job is complete or has failed."""
    return bool(conditions(job) & {"Complete", "Failed"})


def _merged(value: Any, patch: Any) -> Any:
    if not isinstance(patch, dict):
        return patch
    result = dict(value) if isinstance(value, dict) else {}
    for key, item in patch.items():
        if item is None:
            result.pop(key, None)
        else:
            result[key] = _merged(result.get(key), item)
    return result


def _frozen(job: Json, live: Json) -> Json:
    """Return what the API does not let change in a Job's template; less where the live one is suspended."""
    template = copied(job["spec"]["template"])
    if live["spec"].get("suspend"):
        for key in _CHANGES_WHILE_SUSPENDED:
            template["metadata"].pop(key, None)
    return dict(template)


def _defaulted(job: Json) -> None:
    """Fill in what the API fills in, of what matters here."""
    spec = job["spec"]
    for key, value in {"suspend": False, "backoffLimit": 6, "parallelism": 1, "podReplacementPolicy": "Failed"}.items():
        spec.setdefault(key, value)
    spec["selector"] = {"matchLabels": {"batch.kubernetes.io/controller-uid": uid(job)}}
    template = spec["template"].setdefault("metadata", {})
    template["labels"] = {**(template.get("labels") or {}), "batch.kubernetes.io/controller-uid": uid(job)}
    spec["template"]["spec"].setdefault("dnsPolicy", "ClusterFirst")
    job.setdefault("status", {})
