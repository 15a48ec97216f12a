"""The restart-watcher: gives the Jobs of one JobSet the life that the JobSet controller would give them.

It runs in one small pod and needs nothing but Python's standard library and the rights of its Role. It reads a plan (a
ConfigMap that Git holds), looks at the Jobs, decides, writes its decision down (the state, another ConfigMap), and only
then acts. Killed at any moment, doubled, frozen or cut off, it may repeat an action but never counts a restart twice:
the state is written with the resourceVersion that it was read at, and every delete and patch names the UID that is
meant. Exit status 0: the set has completed; one that has failed fails this Job by its activeDeadlineSeconds.
"""

from __future__ import annotations

import argparse
import base64
import copy
import functools
import gzip
import hashlib
import http.client
import json
import os
import random
import re
import signal
import ssl
import threading
import time
import urllib.parse
import zlib
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from datetime import datetime, timezone
from typing import Any, NamedTuple

# A plan or a state of a format that is not listed here is refused without acting.
PLAN_FORMATS = (1,)
STATE_FORMATS = (1, 2)  # the last one is written
GATE, GENERATION = "jobsetgen.io/startup", "jobsetgen.io/generation"
ENDED = "jobsetgen.io/ended"  # on Jobs that were suspended because the set is over
SUSPENDED = "jobsetgen.io/suspended"  # on Jobs that were made while the set was suspended
ATTEMPT = "jobset.sigs.k8s.io/restart-attempt"
JOB_ATTEMPT, JOBSET = "jobset.sigs.k8s.io/job-restart-attempt", "jobset.sigs.k8s.io/jobset-name"
KUEUE, QUEUE = "kueue.x-k8s.io/", "kueue.x-k8s.io/queue-name"
LAST_APPLIED, MANAGER = "kubectl.kubernetes.io/last-applied-configuration", "jobsetgen-restart-watcher"
PASSING = {ATTEMPT, JOB_ATTEMPT, ENDED, SUSPENDED, "controller-uid", "job-name"}  # of one Job's life alone
PASSING |= {"batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-name"}
GRACE, PATIENCE, A_JOB = 60.0, 5.0, 0.06  # seconds a new generation may be late; new Jobs wait for old ones, a Job more
INTERVAL = 600.0  # seconds between two reports of the same kind
IN_FLIGHT, FIRST_PAGE, PAGE = 50, 10, 500  # requests at once; objects of the first page, and of any
# Bytes that bound what is held at once, whatever the size of the objects: of a page, of an answer, of all requests.
PAGE_BYTES = 2 * 1024 * 1024
ANSWER_BYTES = 2 * PAGE_BYTES
FLIGHT_BYTES = 4 * 1024 * 1024
# Entries of evidence that are kept, and the bytes of their texts.
EVIDENCE = 50
TEXT = 512
SHORT_TEXT = 128
Json = dict[str, Any]


# --- The state, as its ConfigMap holds it -----------------------------------------------------------------------------
# A ConfigMap has room for one mebibyte: so many bytes of values, those of binaryData as they are before base64.
ROOM = 1024 * 1024
# UIDs are kept as marks of so many characters: 64 bits of a hash, which is enough to tell a Job from its successor.
MARK = 11
MARKED = ("previous", "released", "ended", "stale", "leftover")
# What grows with the set is compressed. The rest is for people to read.
COMPRESSED = (*MARKED, "applied", "jobRestarts", "patterns")
STATE_KEY = "state.json"
KEPT_PLAN_KEY = "plan.json.gz"
JOBS_KEY = "jobs.json.gz"
OLD_PLAN_KEY = "plan.json"


class UnknownFormatError(Exception):
    """A plan or a state was written by a newer release."""


# What a state raises that no watcher has written, or that somebody has cut.
UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, RecursionError, OSError, EOFError, zlib.error)


def mark_of(uid: str) -> str:
    """Return what stands for a UID in the state."""
    digest = hashlib.sha256(uid.encode()).digest()
    return base64.urlsafe_b64encode(digest[:8]).decode().rstrip("=")


def compact(value: Any) -> str:
    """Return JSON in as few bytes as it takes."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


@functools.lru_cache(maxsize=2)  # the plan is the same in nearly every write
def packed(text: str) -> str:
    """Return a text compressed, as binaryData takes it: `base64 -d | gunzip` shows it."""
    return base64.b64encode(gzip.compress(text.encode("utf-8", "replace"), mtime=0)).decode()


def unpacked(blob: str) -> str:
    """Return the text that was packed."""
    return gzip.decompress(base64.b64decode(blob)).decode()


@functools.lru_cache(maxsize=1)
def parsed_plan(text: str) -> Json:
    """Return the plan of a text. Nobody changes it, so that each pass need not read it again."""
    return dict(json.loads(text))


@functools.lru_cache(maxsize=1)
def kept_plan(blob: str) -> Json:
    """Return the plan that a state keeps; it may be another one than the plan that Git has."""
    return dict(json.loads(unpacked(blob)))


def stored(state: Json) -> Json:
    """Return the `data` and `binaryData` of the ConfigMap that holds a state."""
    readable = {key: value for key, value in state.items() if key != "plan" and key not in COMPRESSED}
    of_jobs = {key: state[key] for key in COMPRESSED}
    of_jobs.update({key: "".join(state[key]) for key in MARKED})
    # A watcher that knows format 1 alone reads this key before it looks at the format and refuses.
    data = {STATE_KEY: compact(readable), OLD_PLAN_KEY: "{}"}
    if state["plan"]["readsAttempt"] and state["attemptShown"]:
        data[f"restart-attempt.{state['generation']}"] = str(state["restarts"])
    binary = {KEPT_PLAN_KEY: packed(compact(state["plan"])), JOBS_KEY: packed(compact(of_jobs))}
    return {"data": data, "binaryData": binary}


def room_taken(content: Json) -> int:
    """Return the bytes of a ConfigMap that its limit is about."""
    texts = sum(len(text.encode("utf-8", "replace")) for text in content["data"].values())
    return texts + sum(len(base64.b64decode(blob)) for blob in content["binaryData"].values())


def state_of(item: Json) -> Json:
    """Return the state that a ConfigMap holds, {} where it holds none.

    Raises UnknownFormatError for one of a newer release, and one of UNREADABLE for one that cannot be read.
    """
    data = item.get("data") or {}
    readable = json.loads(data.get(STATE_KEY) or "{}")
    if not readable:
        return {}
    number = readable["format"]
    if type(number) is not int or number not in STATE_FORMATS:
        raise UnknownFormatError(f"the state has format {number}")
    if number == 1:
        return checked(_from_format_1(readable, json.loads(data[OLD_PLAN_KEY])))
    binary = item["binaryData"]
    of_jobs = json.loads(unpacked(binary[JOBS_KEY]))
    of_jobs.update({key: _marks(of_jobs[key]) for key in MARKED})
    return checked({**readable, **of_jobs, "plan": kept_plan(binary[KEPT_PLAN_KEY])})


def _from_format_1(readable: Json, plan: Json) -> Json:
    """Format 1 was one JSON of everything but the plan, with whole UIDs. It did not note what earlier plans left."""
    marks = {key: [mark_of(uid) for uid in readable.get(key, ())] for key in MARKED}
    return {**readable, **marks, "plan": plan}


SHAPE: Json = {
    "format": int, "generation": str, "planUid": str, "plan": dict, "restarts": int, "countedRestarts": int,
    "terminal": (dict, type(None)), "counts": dict, "evidence": list, "attemptShown": bool, "applied": dict,
    "jobRestarts": dict, "patterns": dict,
}  # fmt: skip
SHAPE_OF_PLAN: Json = {
    "format": int,
    "jobset": str,
    "namespace": str,
    "generation": str,
    "jobs": str,
    "replicatedJobs": list,
}


def checked(state: Json) -> Json:
    """Return a state; raise TypeError for one that no watcher has written."""
    for content, shape in ((state, SHAPE), (state["plan"], SHAPE_OF_PLAN)):
        wrong = [key for key, kind in shape.items() if not isinstance(content.get(key), kind)]
        if wrong:
            raise TypeError(f"{', '.join(wrong)} of the state is missing or of another type")
    if state["terminal"] is not None and not isinstance(state["terminal"]["type"], str):
        raise TypeError("terminal of the state is of another type")
    counters = [tuple(map(type, each)) for each in state["jobRestarts"].values()]
    if counters.count((int, int)) < len(counters):
        raise TypeError("jobRestarts of the state is of another type")
    return state


def _marks(text: str) -> list[str]:
    if not isinstance(text, str):
        raise TypeError("marks of the state are of another type")
    return [text[start : start + MARK] for start in range(0, len(text), MARK)]


# --- What there is: the plan, its Jobs, and what is seen of them -----------------------------------------------------
class Pod(NamedTuple):
    """What matters of a live pod: whose it is, and what holds it back."""

    name: str
    uid: str
    job: str  # the name of the Job that owns it
    job_mark: str
    gates: tuple[str, ...]


class Job:
    """What matters of a live Job. Kept small: there may be 100,000."""

    __slots__ = (
        "active", "complete", "deadline", "end", "failed", "failing", "finished", "generation", "held", "index",
        "is_labelled", "made_alone", "made_attempt", "mark", "message", "name", "others", "plans", "queued", "ready",
        "reason", "replicated_job", "suspended", "terminating", "ttl", "uid",
    )  # fmt: skip

    def __init__(self, item: Json) -> None:
        meta, spec, status = item["metadata"], item["spec"], item.get("status") or {}
        labels, pods = meta.get("labels") or {}, spec["template"].get("metadata") or {}
        self.name, self.uid = meta["name"], meta["uid"]
        self.mark = mark_of(self.uid)
        # By its name, not by its labels: anybody may write these on a Job of their own.
        self.replicated_job, self.index = place_of(labels.get(JOBSET, ""), self.name)
        place = labels.get("jobset.sigs.k8s.io/replicatedjob-name"), labels.get("jobset.sigs.k8s.io/job-index")
        self.is_labelled = place == (self.replicated_job, str(self.index))  # and so says itself whose it is
        self.generation = (pods.get("annotations") or {}).get(GENERATION, "")
        self.made_attempt = _number(labels.get(ATTEMPT), -1)  # -1: not made by a watcher
        self.made_alone = _number(labels.get(JOB_ATTEMPT), 0)  # restarts of this Job alone
        self.queued, self.terminating = bool(labels.get(QUEUE)), "deletionTimestamp" in meta
        owners = meta.get("ownerReferences") or []
        self.others = [each for each in owners if not _is_plan(each)]
        self.plans = tuple(each["uid"] for each in owners if _is_plan(each))  # UIDs of the plans that own it
        self.held, self.suspended = SUSPENDED in (meta.get("annotations") or {}), bool(spec.get("suspend"))
        self.deadline, self.ttl = spec.get("activeDeadlineSeconds"), spec.get("ttlSecondsAfterFinished")
        true = {each["type"]: each for each in status.get("conditions") or () if each["status"] == "True"}
        self.complete, self.failed = "Complete" in true, "Failed" in true
        self.finished, self.failing = self.complete or self.failed, self.failed or "FailureTarget" in true
        end = true.get("Failed") or true.get("FailureTarget") or true.get("Complete") or {}
        self.end = end.get("lastTransitionTime") or ""  # by the API server's clock, and so comparable
        self.reason, self.message = end.get("reason") or "", end.get("message") or ""
        self.active, self.ready = status.get("active", 0), status.get("ready", 0) + status.get("succeeded", 0)


class Seen(NamedTuple):
    """Everything that a decision is made from, beside the state. `now` is in seconds, of any clock that only runs."""

    plan: Json  # as Git has it now
    plan_uid: str
    jobs: dict[str, Job]
    now: float
    time: str = ""  # the wall clock, for people to read
    pods: tuple[Pod, ...] = ()  # in sets with gates
    offered_since: float = 0.0  # when the plan's generation was first seen
    running_since: float = 0.0  # when the first Job of the plan's generation was seen
    trial: tuple[str, str] | None = None  # a generation that was tried, and what the API said against it
    patterns: dict[str, Json] | None = None  # what the live Jobs have beyond the plan, by replicatedJob
    missing: tuple[tuple[str, Json], ...] = ()  # plural and object of a Service or claims that are gone
    grown: frozenset[str] = frozenset()  # marks of Jobs that have been owned by the plan for a while


Delete = NamedTuple("Delete", [("name", str), ("uid", str)])
Patch = NamedTuple("Patch", [("name", str), ("uid", str), ("body", Json)])
Create = NamedTuple("Create", [("replicated_job", str), ("index", int), ("mark", str)])  # mark: why it is suspended
Restore = NamedTuple("Restore", [("plural", str), ("item", Json)])
Release = NamedTuple("Release", [("pod", Pod)])
Say = NamedTuple("Say", [("kind", str), ("reason", str), ("message", str)])  # kind: Normal or Warning
Try = NamedTuple("Try", [("generation", str)])
Leave = NamedTuple("Leave", [("completed", bool)])


def _number(text: str | None, default: int) -> int:
    return int(text) if text is not None and text.isdecimal() else default


def _is_plan(owner: Json) -> bool:
    return bool(owner["kind"] == "ConfigMap" and owner["name"].endswith("-restart-plan"))


def _is_blocking(plan: Json) -> bool:
    return bool(plan["failurePolicy"] and plan["failurePolicy"]["restartStrategy"] == "BlockingRecreate")


def job_name(plan: Json, replicated_job: str, index: int) -> str:
    return f"{plan['jobset']}-{replicated_job}-{index}"


def place_of(jobset: str, name: str) -> tuple[str, int]:
    """Return the replicatedJob and the index in a Job's name, ("", -1) where the name is not one of the set's."""
    stem, _, digits = name.rpartition("-")
    prefix = f"{jobset}-"
    if not stem.startswith(prefix) or not digits.isdecimal() or digits != str(int(digits)):
        return "", -1
    return stem[len(prefix) :], int(digits)


class Places:
    """The Jobs that plans have, by replicatedJob and index."""

    def __init__(self, *plans: Json) -> None:
        self.plans = plans
        self.replicas: dict[str, int] = {}
        for plan in plans:
            for each in plan["replicatedJobs"]:
                self.replicas[each["name"]] = max(each["replicas"], self.replicas.get(each["name"], 0))

    def has(self, job: Job) -> bool:
        """Whether a Job has exactly the name of one of these."""
        return 0 <= job.index < self.replicas.get(job.replicated_job, 0)

    def has_name(self, name: str) -> bool:
        """Whether one of these has exactly this name."""
        replicated_job, index = place_of(self.plans[0]["jobset"], name)
        return 0 <= index < self.replicas.get(replicated_job, 0)


def is_of_the_set(job: Job, places: Places, plan_uids: set[str], noted: set[str]) -> bool:
    """Whether a Job with the set's label is a Job of the set.

    It is when a watcher has noted its UID, when a plan owns it, or, where Git owns the Jobs and they have no owner,
    when it has exactly the name of one in a plan. `places` are those of the plan that runs and the one that is offered,
    `noted` the marks in the state. Labels say nothing: whoever may create Jobs can write them.
    """
    if job.mark in noted or plan_uids.intersection(job.plans):
        return True
    return places.has(job) and any(plan["jobs"] == "git" for plan in places.plans)


def is_outdated(job: Job, state: Json, places: Places, plan_uid: str) -> bool:
    """Whether, with `jobs: watcher`, a Job is not of the attempt, the generation or the plan that runs."""
    if plan_uid not in job.plans or job.generation != state["generation"] or not places.has(job):
        return True
    alone = state["jobRestarts"].get(job.name, [0])[0]
    return (job.made_attempt, job.made_alone) != (state["restarts"], alone)


def left_in_format_1(state: Json, jobs: Iterable[Job], places: Places) -> list[str]:
    """Return the marks of what earlier plans have left, as watchers of format 1 knew it: by its labels.

    Asked once, when the first watcher of format 2 takes over.
    """
    left = (job for job in jobs if job.is_labelled and not places.has(job) and job.generation != state["generation"])
    return [job.mark for job in left if job.generation]


def is_pod_of_the_set(pod: Pod, places: Places, noted: set[str]) -> bool:
    """Whether a pod is of a Job of the set, which may be gone already: a tool's Force deletes in the background."""
    return pod.job_mark in noted or places.has_name(pod.job)


def slots(plan: Json, replicated_job: Json, index: int) -> dict[str, str]:
    """Return what the Job of an index has where the plan has slots."""
    name, domains = job_name(plan, replicated_job["name"], index), replicated_job["domains"]
    return {
        "jobName": name, "jobIndex": str(index),
        "jobGlobalIndex": str(replicated_job["firstGlobalIndex"] + index),
        "jobGroupIndex": str(replicated_job["firstGroupIndex"] + index),
        "jobKey": hashlib.sha1(f"{plan['namespace']}/{name}".encode()).hexdigest(),
        "namespacedJobName": f"{plan['namespace']}_{name}", "topologyDomain": domains[index] if domains else "",
    }  # fmt: skip


def fill(value: Any, values: dict[str, str]) -> Any:
    """Return data with its slots replaced by values."""
    if isinstance(value, dict):
        if len(value) == 1:
            kind, inner = next(iter(value.items()))
            if kind == "$slot":
                return values[inner]
            if kind == "$text":  # pieces of text and slots, joined
                return "".join(fill(piece, values) for piece in inner)
            if kind == "$applied":  # a last-applied annotation, to the byte
                return encoded(fill(inner, values))
        return {key: fill(item, values) for key, item in value.items()}
    return [fill(item, values) for item in value] if isinstance(value, list) else value


def encoded(value: Any) -> str:
    """Return JSON as Go's encoder writes it into the last-applied annotation."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n"
    return text.translate({ord(each): f"\\u{ord(each):04x}" for each in "<>&\u2028\u2029"})


def merged(value: Any, patch: Any) -> Any:
    """Apply a JSON merge patch (RFC 7386)."""
    if not isinstance(patch, dict) or set(patch) & {"$slot", "$text", "$applied", "$appliedOver"}:
        return patch
    old = value if isinstance(value, dict) else {}
    kept = {key: item for key, item in old.items() if key not in patch}
    return {**kept, **{key: merged(old.get(key), item) for key, item in patch.items() if item is not None}}


def with_pattern(template: Json, pattern: Json) -> Json:
    """Return a template with what its Jobs have beyond it, slots and all."""
    changed: Json = merged(template, pattern)
    annotations = changed["metadata"].get("annotations") or {}
    over = annotations.get(LAST_APPLIED)
    if isinstance(over, dict) and "$appliedOver" in over:
        annotations[LAST_APPLIED] = {"$applied": merged(template, over["$appliedOver"])}
    return changed


def job_object(plan: Json, state: Json, create: Create, plan_uid: str) -> Json:
    """Return the Job to create: the plan's, what its predecessor had beyond it, and the attempt."""
    replicated_job = next(each for each in plan["replicatedJobs"] if each["name"] == create.replicated_job)
    pattern = (state["patterns"].get(create.replicated_job) or {}).get("patch", {})
    template = with_pattern(replicated_job["job"], pattern)
    job: Json = fill(template, slots(plan, replicated_job, create.index))
    meta, pods = job["metadata"], job["spec"]["template"].setdefault("metadata", {})
    attempts = {ATTEMPT: str(state["restarts"])}
    if plan["jobs"] == "watcher" or meta["name"] in state["jobRestarts"]:
        attempts[JOB_ATTEMPT] = str(state["jobRestarts"].get(meta["name"], [0])[0])
    for each in (meta, pods):
        for kind in ("labels", "annotations"):
            each[kind] = {**(each.get(kind) or {}), **attempts}
    owner = {"apiVersion": "v1", "kind": "ConfigMap", "name": f"{plan['jobset']}-restart-plan", "uid": plan_uid}
    meta["ownerReferences"] = [owner]  # so that it goes with a plan that is taken away in this moment
    if create.mark:
        job["spec"]["suspend"], meta["annotations"][create.mark] = True, state["generation"]
    return job


# --- The decision: pure. One pass of the controller's loop, in its order ---------------------------------------------
def decide(state: Json, seen: Seen) -> tuple[Json, list[Any]]:
    """Return the next state, and what to do once it is written: in any order, more than once, or not at all."""
    return _Decision(state, seen).made()


def _copied(state: Json) -> Json:
    """Return a state that can be changed; its plan never is."""
    return {key: value if key == "plan" else copy.deepcopy(value) for key, value in state.items()}


class _Decision:
    """One decision in the making; nothing outlives it but its result."""

    def __init__(self, state: Json, seen: Seen) -> None:
        self.actions: list[Any] = []
        self.seen, self.may_create, self.awaits = seen, True, False  # awaits: a generation that will need a watcher
        self.state = self._run(self._told_before(_copied(state)))
        self.state["format"] = STATE_FORMATS[-1]
        self.plan = self.state["plan"]
        self.by_name = {each["name"]: each for each in self.plan["replicatedJobs"]}
        self.places = Places(self.plan)
        # Whether the tool has had its time to bring every Job of this generation.
        self.is_settled = seen.plan["generation"] == self.state["generation"] and seen.now - seen.running_since >= GRACE
        self.live = {job.mark for job in seen.jobs.values()}
        # What is noted of a Job holds until it is gone, and its pods are.
        there = self.live | {pod.job_mark for pod in seen.pods}
        self.previous, self.released, self.ended, self.stale, self.leftover = (
            set(self.state[kind]) & there for kind in MARKED
        )
        # Made for an earlier plan by a watcher that was frozen meanwhile.
        unnamed = (job for job in seen.jobs.values() if not self.places.has(job))
        self.leftover |= {job.mark for job in unnamed if seen.plan_uid in job.plans}
        self.applied = {name: int(self.state["applied"].get(name, "0"), 16) for name in self.by_name}
        self._note_others()
        generation = self.state["generation"]
        self.grouped: dict[str, list[Job]] = {name: [] for name in self.by_name}
        for job in seen.jobs.values():
            is_current = job.mark not in self.previous and job.generation == generation
            if is_current and self.places.has(job):
                self.grouped[job.replicated_job].append(job)
        self.current = [job for jobs in self.grouped.values() for job in jobs]
        self.counts = {name: self._count(name) for name in self.by_name}

    def made(self) -> tuple[Json, list[Any]]:
        self._keep()
        failing = [job for job in self.current if job.failing]
        if self.state["terminal"]:
            self._end()
        elif failing and (any(job.failed for job in failing) or not self._succeeded()):  # some pods may still be ending
            self._on_failure(failing)
        elif self._succeeded():
            self._finish("Completed", "AllJobsCompleted", "every Job that the success policy asks for is complete")
        else:
            self.actions += [Restore(*each) for each in self.seen.missing if self.may_create]
            self._start()
        live = self.seen.jobs.values()
        self.actions += [Delete(job.name, job.uid) for job in live if job.mark in self.previous and not job.terminating]
        self.actions += [Release(pod) for pod in self.seen.pods if GATE in pod.gates and pod.job_mark in self.released]
        if self.plan["jobs"] == self.seen.plan["jobs"] == "git":
            # From now on the tool's alone: it prunes no owned Job, and a plan may go while its Jobs stay.
            free = (self.live if self.state["terminal"] else self.seen.grown) - self.previous
            owned = [job for job in live if job.plans and job.mark in free and not job.terminating][: 10 * IN_FLIGHT]
            self.actions += [Patch(j.name, j.uid, {"metadata": {"ownerReferences": j.others or None}}) for j in owned]
        self.state["attemptShown"] = self.state["attemptShown"] or not self.previous
        self.state["counts"] = self.counts
        self._write_marks()
        return self.state, self.actions

    def _write_marks(self) -> None:
        """Note which Jobs are meant, each once at most: a Job that is to be replaced is nothing else any more."""
        told = {job.mark for job in self.seen.jobs.values() if self._labels_tell(job)}
        self.state["previous"] = sorted(self.previous - told)
        noted = set(self.previous)
        for kind in ("released", "ended", "stale", "leftover"):
            self.state[kind] = sorted(getattr(self, kind) - noted)
            noted.update(self.state[kind])

    def _labels_tell(self, job: Job) -> bool:
        """Whether the labels of a Job say that it is to be replaced, so that its UID need not be kept.

        With `jobs: watcher` a watcher has made every Job that the plan owns, and written its attempts on it. With
        `jobs: git` a tool may have put a Job back, and a Job with another UID is current whatever its labels.
        """
        is_ours = self.plan["jobs"] == "watcher" and self.seen.plan_uid in job.plans
        return is_ours and self._is_outdated(job)

    def _is_outdated(self, job: Job) -> bool:
        return is_outdated(job, self.state, self.places, self.seen.plan_uid)

    def _told_before(self, state: Json) -> Json:
        """Return a state with what only labels have told noted too, before a plan that may not read it from them."""
        if not state or state["plan"]["jobs"] == "git" or not self._is_another_plan(state):
            return state
        places = Places(state["plan"])
        told = {j.mark for j in self.seen.jobs.values() if is_outdated(j, state, places, state["planUid"])}
        return {**state, "previous": sorted(told.union(state["previous"]))}

    def _is_another_plan(self, state: Json) -> bool:
        """Whether the offered plan asks for other Jobs than the one that runs, or for others to make them."""
        offered, running = self.seen.plan, state["plan"]
        is_same = offered["generation"] == running["generation"] and offered["jobs"] == running["jobs"]
        return not is_same or self.seen.plan_uid != state["planUid"]

    def _run(self, state: Json) -> Json:
        """Return the state of the run that these Jobs are of; a new run begins with every counter at zero."""
        offered, seen = self.seen.plan, self.seen
        if not state:
            return self._first_run()
        if state["planUid"] != seen.plan_uid:
            return self._new_run(state, everything=offered["jobs"] == "watcher")
        if offered["generation"] == state["generation"]:
            return {**state, "plan": offered}
        if offered["jobs"] == "git":
            places = Places(offered)
            there = {job.generation for job in seen.jobs.values() if places.has(job)}
            is_refused = offered["updatePolicy"] == "Block" and state["generation"] in there  # all but what is added
            if offered["generation"] in there and not is_refused:
                return self._new_run(state, everything=False)
            # The plan has come and its Jobs have not: in a moment, or the tool was refused them.
            self.awaits = True
            self.may_create = seen.now - seen.offered_since >= GRACE
            return state
        return self._offered_to_watcher(state)

    def _offered_to_watcher(self, state: Json) -> Json:
        policy, trial = self.seen.plan["updatePolicy"], self.seen.trial
        if policy == "Recreate" and (trial is None or trial[0] != self.seen.plan["generation"]):
            self.awaits = True
            self.actions.append(Try(self.seen.plan["generation"]))
        elif policy == "Recreate" and trial and trial[1]:
            self.actions.append(Say("Warning", "UpdateRefused", f"the old run goes on: {trial[1]}"))
        elif policy == "Recreate" or (policy == "OnRestart" and state["terminal"]):  # it disturbs nothing that runs
            return self._new_run(state, everything=True)
        return state

    def _first_run(self) -> Json:
        """Begin, or go on where a state was lost: at the highest attempt that the Jobs carry, all of it counted."""
        state = self._fresh()
        places = Places(self.seen.plan)
        mine = [job for job in self.seen.jobs.values() if places.has(job) and job.generation == state["generation"]]
        highest = state["restarts"] = state["countedRestarts"] = max([0, *(job.made_attempt for job in mine)])
        state["jobRestarts"] = {job.name: [job.made_alone] * 2 for job in mine if job.made_alone}
        # A Job without an attempt may be one that was put back after the restart, so only an older one is previous.
        state["previous"] = [job.mark for job in mine if 0 <= job.made_attempt < highest]
        return state

    def _new_run(self, old: Json, *, everything: bool) -> Json:
        state = self._fresh()
        if old["generation"] == state["generation"]:  # of a plan that was deleted, maybe with Jobs that it owned
            state["applied"] = old["applied"]
        live = {job.mark for job in self.seen.jobs.values()}
        state["previous"] = sorted(live if everything else live & set(old["previous"]))
        # By their names alone these could not be told from somebody else's any more. A Job may be gone before its pods.
        places = Places(self.seen.plan)
        unnamed = {job.mark for job in self.seen.jobs.values() if not places.has(job)}
        unnamed |= {pod.job_mark for pod in self.seen.pods if not places.has_name(pod.job)}
        state["leftover"] = sorted(unnamed)
        # A suspended Job takes a new generation in place, and would go on with what it was suspended in.
        state["stale"] = sorted(live & {*old["ended"], *old["stale"]})
        self.actions.append(Say("Normal", "NewRun", f"{state['generation']} begins, with every counter at zero"))
        return state

    def _fresh(self) -> Json:
        zero = {"restarts": 0, "countedRestarts": 0, "jobRestarts": {}, "terminal": None, "counts": {}, "evidence": []}
        marks: Json = {kind: [] for kind in MARKED}
        run = {"generation": self.seen.plan["generation"], "planUid": self.seen.plan_uid, "plan": self.seen.plan}
        shown: Json = {"attemptShown": False, "applied": {}, "patterns": {}}
        return {"format": STATE_FORMATS[-1], **run, **zero, **marks, **shown}

    def _note_others(self) -> None:
        """Replace what belongs to no attempt of this run."""
        if self.plan["jobs"] == "git":
            self._note_others_of_git()
        else:
            # Of an attempt before, made by a watcher that was frozen over a restart, or for another plan.
            self.previous |= {job.mark for job in self.seen.jobs.values() if self._is_outdated(job)}

    def _note_others_of_git(self) -> None:
        generation = self.state["generation"]
        live = self.seen.jobs.values()
        self.previous |= {job.mark for job in live if job.mark in self.stale and job.generation == generation}
        if self.is_settled and any(job.generation == generation for job in live):
            # The tool replaces Jobs of another generation itself; what it left standing would run beside the new ones.
            self.previous |= {job.mark for job in live if job.generation != generation}
        if self.is_settled or (self.state["terminal"] and self.seen.plan["generation"] == generation):
            self.previous |= self.leftover

    def _keep(self) -> None:
        """Keep what a restart will need: what live Jobs have beyond the plan, and which were ever applied (as bits)."""
        self.state["patterns"].update(self.seen.patterns or {})
        for job in [*self.current, *(each for each in self.seen.jobs.values() if each.mark in self.previous)]:
            if self.places.has(job):
                self.applied[job.replicated_job] |= 1 << job.index
        if self.plan["jobs"] == "git":
            self.state["applied"] = {name: f"{bits:x}" for name, bits in self.applied.items()}

    def _count(self, replicated_job: str) -> dict[str, int]:
        pods = self.by_name[replicated_job]["pods"]
        jobs = self.grouped[replicated_job]
        running = [job for job in jobs if not job.finished]
        return {
            "active": sum(job.active > 0 for job in running), "ready": sum(job.ready >= pods for job in running),
            "succeeded": sum(job.complete for job in jobs), "failed": sum(job.failed for job in jobs),
            "suspended": sum(job.suspended for job in running),
        }  # fmt: skip

    def _started(self, replicated_job: str) -> bool:
        started = sum(self.counts[replicated_job][how] for how in ("failed", "ready", "succeeded"))
        return bool(started == self.by_name[replicated_job]["replicas"])

    def _is_met(self, dependency: Json) -> bool:
        if dependency["status"] == "Ready":
            return self._started(dependency["name"])
        return bool(self.counts[dependency["name"]]["succeeded"] == self.by_name[dependency["name"]]["replicas"])

    def _succeeded(self) -> bool:
        policy = self.plan["successPolicy"]
        targets = policy["targets"] or list(self.by_name)
        succeeded = sum(self.counts[name]["succeeded"] for name in targets)
        enough = 1 if policy["operator"] == "Any" else sum(self.by_name[name]["replicas"] for name in targets)
        return bool(succeeded >= enough and any(job.complete for job in self.current))

    def _on_failure(self, failed: list[Job]) -> None:
        policy = self.plan["failurePolicy"]
        first = {name: each["firstGlobalIndex"] for name, each in self.by_name.items()}
        failed = sorted(failed, key=lambda job: (job.end, first[job.replicated_job] + job.index))
        # The first rule that matches any Job, with the earliest Job that it matches.
        pairs = ((rule, job) for rule in (policy or {"rules": []})["rules"] for job in failed if _matches(rule, job))
        rule, job = next(pairs, (None, failed[0]))
        action = rule["action"] if rule else "RestartJobSet"
        counted = self.state["countedRestarts"] + sum(each[1] for each in self.state["jobRestarts"].values())
        reason = message = ""
        if policy is None:
            action, reason, message = "FailJobSet", "FailedJobs", "a Job has failed and there is no failurePolicy"
        elif action == "FailJobSet":
            reason, message = "FailJobSetFailurePolicyAction", "a rule of the failurePolicy says so"
        elif not action.endswith("IgnoreMaxRestarts") and counted >= policy["maxRestarts"]:
            reason, message = "ReachedMaxRestarts", f"maxRestarts ({policy['maxRestarts']}) is reached"
        self._remember(job, rule, action)
        if reason:
            self._finish("Failed", reason, f"{message} (first failed job: {job.name})")
        else:
            self._restart(action, job, rule)

    def _restart(self, action: str, job: Job, rule: Json | None) -> None:
        counted = not action.endswith("IgnoreMaxRestarts")
        if action.startswith("RestartJobSet"):
            self.state["restarts"] += 1
            self.state["countedRestarts"] += counted
            offered = self.seen.plan
            if offered["jobs"] == "watcher" and offered["updatePolicy"] == "OnRestart":
                self._take_up(offered)
            self.previous |= {each.mark for each in self.seen.jobs.values()} - self.leftover
            self.released.clear()
            self.state["attemptShown"] = False
            message = f"restart {self.state['restarts']} of the whole set (first failed job: {job.name})"
            why = f"FailurePolicy_{rule['name']}" if rule else "DefaultFailurePolicy"
            self.actions.append(Say("Warning", why, message))
        else:
            total, limited = self.state["jobRestarts"].get(job.name, [0, 0])
            self.state["jobRestarts"][job.name] = [total + 1, limited + counted]
            self.previous.add(job.mark)
            message = f"restart {total + 1} of this Job alone (first failed job: {job.name})"
        self.actions.append(Say("Warning", f"{action}FailurePolicyAction", message))

    def _take_up(self, offered: Json) -> None:
        """Go on with the offered plan; what others have changed in Jobs of another generation was not for its Jobs."""
        if offered["generation"] != self.state["generation"]:
            self.state["patterns"] = {}
        self.state["plan"], self.state["generation"] = offered, offered["generation"]

    def _finish(self, kind: str, reason: str, message: str) -> None:
        self.released.clear()
        self.state["terminal"] = {"type": kind, "reason": reason, "message": message, "time": self.seen.time}
        self.actions.append(Say("Normal" if kind == "Completed" else "Warning", reason, message))

    def _remember(self, job: Job, rule: Json | None, action: str) -> None:
        why = {"reason": shortened(job.reason, SHORT_TEXT), "message": shortened(job.message, TEXT)}
        what = {"job": job.name, "action": action, "rule": rule["name"] if rule else ""}
        entry = {"time": job.end, "attempt": self.state["restarts"], **what, **why}
        self.state["evidence"] = [*self.state["evidence"], entry][-EVIDENCE:]

    def _start(self) -> None:
        """Go through the replicatedJobs in order and start what may start."""
        suspend = self.plan["suspend"]
        in_order = self.plan["startupOrder"] == "InOrder" and not suspend
        turn = True
        # A tool has deleted their Jobs and not them, or is about to.
        left = {pod.job_mark for pod in self.seen.pods} - {job.mark for job in self.current} - {""}
        self.is_blocked = _is_blocking(self.plan) and bool(self.previous or left)
        if self.is_blocked and not self.previous:
            self.actions.append(Say("Normal", "AwaitsPods", f"attempt {self.state['restarts']} waits for older pods"))
        for each in self.plan["replicatedJobs"]:
            met = turn and all(map(self._is_met, each["dependsOn"]))
            self._create_missing(each, met)
            for job in self.grouped[each["name"]]:
                self._steer(job, each, met)
            turn = turn and not (in_order and not self._started(each["name"]))

    def _create_missing(self, each: Json, met: bool) -> None:
        if not self.may_create or self.is_blocked or not (met or each["gated"]):
            return
        missing = [i for i in range(each["replicas"]) if job_name(self.plan, each["name"], i) not in self.seen.jobs]
        if self.plan["jobs"] == "git":
            # What nobody has ever applied is the GitOps tool's to create.
            known = [index for index in missing if self.applied[each["name"]] >> index & 1]
            unknown, missing = len(missing) - len(known), known
            if unknown and self.is_settled:
                self.actions.append(Say("Warning", "NotApplied", f"{unknown} Jobs of {each['name']} never came"))
        self.actions += [Create(each["name"], i, SUSPENDED if self.plan["suspend"] else "") for i in missing]

    def _steer(self, job: Job, each: Json, met: bool) -> None:
        """Suspend, resume or release one Job."""
        if job.suspended:
            self.released.discard(job.mark)
        if job.finished or job.terminating:
            return
        if labels := self._missing_attempts(job):
            self.actions.append(Patch(job.name, job.uid, {"metadata": {"labels": labels}}))
        if self.plan["suspend"]:
            if self.plan["jobs"] == "watcher" and not job.suspended:
                self._suspend(job, SUSPENDED)
        elif job.suspended:
            if (self.plan["jobs"] == "watcher" or job.held) and not job.queued and (met or each["gated"]):
                body = {"metadata": {"annotations": {SUSPENDED: None}}, "spec": {"suspend": False}}
                self.actions.append(Patch(job.name, job.uid, body))
        elif each["gated"] and met and not self.is_blocked:
            self.released.add(job.mark)  # and so are the pods that will replace those that are there
        wanted = each["activeDeadlineSeconds"] if job.mark in self.released else None  # it would run behind gates
        if each["gated"] and each["activeDeadlineSeconds"] is not None and job.deadline != wanted:
            self.actions.append(Patch(job.name, job.uid, {"spec": {"activeDeadlineSeconds": wanted}}))

    def _missing_attempts(self, job: Job) -> dict[str, str]:
        """Return the attempts that a Job lacks which the GitOps tool has put back: so they outlive a lost state."""
        labels = {}
        if max(job.made_attempt, 0) != self.state["restarts"]:
            labels[ATTEMPT] = str(self.state["restarts"])
        alone = self.state["jobRestarts"].get(job.name, [0])[0]
        if job.made_alone != alone:
            labels[JOB_ATTEMPT] = str(alone)
        return labels

    def _suspend(self, job: Job, mark: str) -> None:
        body = {"metadata": {"annotations": {mark: self.state["generation"]}}, "spec": {"suspend": True}}
        self.actions.append(Patch(job.name, job.uid, body))

    def _end(self) -> None:
        """Release what the set still holds, and leave when nothing is left that could run again."""
        done = self._end_by_suspending() if self.plan["ending"] == "suspend" else self._end_by_deleting()
        if done and self.awaits:
            message = f"the set is over; generation {self.seen.plan['generation']} is offered, and its Jobs are awaited"
            self.actions.append(Say("Normal", "AwaitsGeneration", message))
        elif done:
            self.actions.append(Leave(self.state["terminal"]["type"] == "Completed"))

    def _end_by_suspending(self) -> bool:
        """A deleted Job would be put back from Git and run again, so it is suspended; a missing one is made so."""
        done = not self.previous
        for each in self.plan["replicatedJobs"]:
            for index in range(each["replicas"]):
                job = self.seen.jobs.get(job_name(self.plan, each["name"], index))
                if job is None:
                    done = False
                    self.actions += [Create(each["name"], index, ENDED)] if self.may_create else []
                elif job.mark not in self.previous:
                    done = self._is_at_rest(job) and done
        return done

    def _is_at_rest(self, job: Job) -> bool:
        """Return whether a Job can run no more; else see to it."""
        if job.finished or job.terminating or job.failing:  # one that is failing may wait for a lost node for ever
            return not job.terminating
        if job.queued:  # Kueue would resume a suspended one
            if job.deadline != 1:
                self.actions.append(Patch(job.name, job.uid, {"spec": {"activeDeadlineSeconds": 1}}))
            return job.suspended and job.deadline == 1
        self.ended.add(job.mark)
        if not job.suspended:
            self._suspend(job, ENDED)
        return job.suspended and not self.plan["suspend"]  # what Git has suspended it may resume

    def _end_by_deleting(self) -> bool:
        """Delete what still runs, and hand a time to live to the Job controller: from the end of the set on."""
        running = [job for job in self.current if not (job.finished or job.failing or job.terminating)]
        self.actions += [Delete(job.name, job.uid) for job in running]
        ttl = self.plan["ttlSecondsAfterFinished"]
        finished = [job for job in self.current if job.finished and job.end] if ttl is not None else []
        ends = [int(datetime.strptime(job.end, "%Y-%m-%dT%H:%M:%S%z").timestamp()) for job in finished]
        times = [{"spec": {"ttlSecondsAfterFinished": ttl + max(ends) - end}} for end in ends]
        self.actions += [Patch(job.name, job.uid, body) for job, body in zip(finished, times) if job.ttl is None]
        waits = ttl is not None and any(not job.finished or job.ttl is None for job in self.current)
        return not running and not self.previous and not waits


def shortened(text: str, most: int) -> str:
    """Return a text as evidence keeps it: of so many bytes, also when it is escaped in JSON."""
    plain = re.sub("[\x00-\x1f]", " ", text)
    escaped = compact(plain)[1:-1].encode("utf-8", "replace")[:most].decode("utf-8", "ignore")
    if (len(escaped) - len(escaped.rstrip("\\"))) % 2:
        escaped = escaped[:-1]  # cut in the middle of an escape
    return str(json.loads(f'"{escaped}"'))


def _matches(rule: Json, job: Job) -> bool:
    asked = (rule["reasons"], job.reason), (rule["targets"], job.replicated_job)
    is_found = not rule["patterns"] or any(re.search(each, job.message, re.ASCII) for each in rule["patterns"])
    return is_found and all(not those or this in those for those, this in asked)


# --- What the live Jobs have beyond the plan: others may change them after us, and a restart keeps to that -----------
def pattern_of(plan: Json, replicated_job: Json, live: Json, expected: Json) -> Json:
    """Return what a live Job has beyond what was expected, as a merge patch with slots; last-applied to the byte."""
    values, job = slots(plan, replicated_job, Job(live).index), replicated_job["job"]
    queued = Job(live).queued
    patch = _difference(_bare(expected, queued), _bare(live, queued))
    text = (patch.get("metadata", {}).get("annotations") or {}).pop(LAST_APPLIED, None)
    marked: Json = _marked(patch, values, job)
    # There is none, or it is somebody else's text: no JSON, or with what looks like slots in it.
    with suppress(ValueError, KeyError, TypeError, RecursionError):
        applied = _marked(json.loads(text or ""), values, job)
        if fill({"$applied": applied}, values) == text:
            marked["metadata"]["annotations"][LAST_APPLIED] = _over(job, applied)
    return marked


def _over(template: Json, applied: Any) -> Json:
    """Return a last-applied annotation as what it has over the template, so that no state holds a template twice."""
    patch = _difference(template, applied)
    is_same = encoded(merged(template, patch)) == encoded(applied)  # in Python 1 == 1.0 == True
    return {"$appliedOver": patch} if is_same else {"$applied": applied}


def _bare(job: Json, queued: bool) -> Json:
    """Return what a person or a tool decides of a Job, without what belongs to one Job's life alone, or to Kueue."""
    job = copy.deepcopy(job)
    pods = job["spec"]["template"].setdefault("metadata", {})
    pods.pop("creationTimestamp", None)
    for each in (job["metadata"], pods):
        for kind in ("labels", "annotations"):
            own = {key: text for key, text in (each.get(kind) or {}).items() if key not in PASSING}
            each[kind] = {key: own[key] for key in own if not (queued and each is pods and key.startswith(KUEUE))}
    for field in ("suspend", "selector", "activeDeadlineSeconds", "ttlSecondsAfterFinished"):
        job["spec"].pop(field, None)
    for field in ("nodeSelector", "tolerations", "schedulingGates") if queued else ():
        job["spec"]["template"]["spec"].pop(field, None)  # of the flavour that this one was admitted with
    return {"metadata": {kind: job["metadata"][kind] for kind in ("labels", "annotations")}, "spec": job["spec"]}


def _difference(old: Any, new: Any) -> Any:
    """Return the merge patch from one value to another."""
    if not isinstance(old, dict) or not isinstance(new, dict):
        return new
    gone = {key: None for key in old if key not in new}
    return {**gone, **{key: _difference(old.get(key), new[key]) for key in new if new[key] != old.get(key)}}


def _marked(value: Any, values: dict[str, str], template: Any) -> Any:
    """Put slots where the value is this Job's own: its names and key anywhere, the rest where the plan has a slot."""
    if value == template:  # a text of the plan, whatever Job it names
        return value
    if isinstance(value, dict):
        inside = template if isinstance(template, dict) else {}
        return {key: _marked(item, values, inside.get(key)) for key, item in value.items()}
    if isinstance(value, list):
        alike = isinstance(template, list) and len(template) == len(value)
        return [_marked(item, values, template[at] if alike else None) for at, item in enumerate(value)]
    if isinstance(template, dict) and values.get(template.get("$slot", "")) == value:
        return template
    for slot in ("namespacedJobName", "jobName", "jobKey"):
        if isinstance(value, str) and values[slot] in value:
            parts = [part for piece in value.split(values[slot]) for part in (piece, {"$slot": slot})][:-1]
            return {"$text": [part for part in parts if part]}
    return value


# --- The API: HTTPS with the pod's own credentials --------------------------------------------------------------------
class ApiError(Exception):
    """What the API answered, or that it did not (status 0)."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(f"{status}: {message}")
        self.status = status


class AnswerTooLargeError(Exception):
    """A page has more bytes than are held at once, and more than one object."""


def _asks_for_several(path: str) -> bool:
    limit = urllib.parse.parse_qs(urllib.parse.urlsplit(path).query).get("limit", ["1"])
    return limit != ["1"]


class Https:
    """Sends requests with the token of the pod's service account, read anew for each: it rotates."""

    def __init__(self, credentials: str) -> None:
        self.credentials = credentials
        self.server = os.environ["KUBERNETES_SERVICE_HOST"], int(os.environ["KUBERNETES_SERVICE_PORT"])
        self.tls = ssl.create_default_context(cafile=os.path.join(credentials, "ca.crt"))
        self.own = threading.local()  # one connection for each thread

    def read(self, name: str) -> str:
        with open(os.path.join(self.credentials, name), encoding="utf-8") as file:
            return file.read().strip()

    @contextmanager
    def _response(self, method: str, path: str, body: bytes | None, kind: str, timeout: float) -> Iterator[Any]:
        if getattr(self.own, "connection", None) is None:
            self.own.connection = http.client.HTTPSConnection(*self.server, timeout=timeout, context=self.tls)
        headers = {"Authorization": f"Bearer {self.read('token')}", "Accept": "application/json", "Content-Type": kind}
        try:
            self.own.connection.request(method, path, body, {**headers, "User-Agent": MANAGER})
            with self.own.connection.getresponse() as response:
                yield response
        except BaseException:
            self.own.connection.close()
            self.own.connection = None
            raise

    def send(self, method: str, path: str, body: bytes | None, kind: str) -> tuple[int, dict[str, str], bytes]:
        """Return the status, the headers in lower case, and the body."""
        with self._response(method, path, body, kind, 30) as response:
            headers = {name.lower(): text for name, text in response.getheaders()}
            answer = response.read(ANSWER_BYTES + 1 if _asks_for_several(path) else None)
            if len(answer) > ANSWER_BYTES and _asks_for_several(path):
                raise AnswerTooLargeError(path)
            return response.status, headers, answer

    def lines(self, path: str) -> Iterator[bytes]:
        """Yield the lines of a watch, which sends a bookmark every minute where there is no other news."""
        with self._response("GET", path, None, "application/json", 100) as response:
            if response.status != 200:
                raise ApiError(response.status, "the watch was refused")
            yield from response


class Api:
    """The calls, each repeated over passing trouble: every one of them is safe to repeat."""

    def __init__(self, transport: Any, namespace: str, stopping: Any) -> None:
        self.transport, self.namespace, self.stopping = transport, namespace, stopping

    def path(self, plural: str, name: str = "", query: Json | None = None) -> str:
        group = "/apis/batch/v1" if plural == "jobs" else "/api/v1"
        path = f"{group}/namespaces/{self.namespace}/{plural}" + (f"/{name}" if name else "")
        return f"{path}?{urllib.parse.urlencode(query)}" if query else path

    def call(self, method: str, path: str, body: Json | None = None, kind: str = "application/json") -> Json:
        """Return what the API answers; raise ApiError for what is no success."""
        data = compact(body).encode("utf-8", "replace") if body is not None else None
        said, _ = self._call(method, path, data, kind)
        return said

    def _call(self, method: str, path: str, data: bytes | None, kind: str) -> tuple[Json, int]:
        """Return what the API answers, and how many bytes that has; repeat over passing trouble."""
        for attempt in range(6):
            if self.stopping.is_set():
                raise SystemExit(1)
            status, headers, said, size = self._send(method, path, data, kind)
            log("debug", "a request was answered", method=method, path=path, status=status)
            if status not in (0, 401, 429, 500, 502, 503, 504):
                break
            asked = headers.get("retry-after", "")
            seconds = min(float(asked), 30) if asked.isdecimal() else 0.1 * 2**attempt
            self.stopping.wait(seconds * random.uniform(0.75, 1.25))
        if not 200 <= status < 300:
            raise ApiError(status, str(said.get("message", "")))
        return said, size

    def _send(self, method: str, path: str, data: bytes | None, kind: str) -> tuple[int, dict[str, str], Json, int]:
        """Send a request once; return the status (0: no answer), the headers, what was said, and its bytes."""
        try:
            status, headers, answer = self.transport.send(method, path, data, kind)
        except (OSError, http.client.HTTPException) as error:
            return 0, {}, {"message": repr(error)}, 0
        try:
            return status, headers, dict(json.loads(answer)), len(answer)
        except (ValueError, TypeError):
            said = {"message": answer[:200].decode("utf-8", "replace")}
            return (status if status >= 300 else 0), headers, said, len(answer)

    def find(self, plural: str, name: str) -> Json | None:
        try:
            return self.call("GET", self.path(plural, name))
        except ApiError as error:
            if error.status != 404:
                raise
            return None

    def pages(self, plural: str, query: Json) -> Iterator[Json]:
        """Yield the pages of a list, read from the storage and never from a cache that may be older.

        Nobody knows how large the objects are, since others may have made them: the first page is small, the next ones
        grow as far as their bytes allow, and one that turns out too large is asked for again in smaller pieces.
        """
        limit, token = FIRST_PAGE, ""
        while True:
            more = {"limit": limit, **({"continue": token} if token else {})}
            try:
                page, size = self._call("GET", self.path(plural, "", {**query, **more}), None, "application/json")
            except AnswerTooLargeError:
                limit = max(limit // 4, 1)
                continue
            yield page
            token = page["metadata"].get("continue")
            if not token:
                return
            fits = PAGE_BYTES * limit // max(size, 1)
            limit = max(1, min(2 * limit, fits, PAGE))

    def create(self, plural: str, item: Json, dry_run: bool = False) -> Json:
        query = {"fieldManager": MANAGER, **({"dryRun": "All"} if dry_run else {})}
        return self.call("POST", self.path(plural, "", query), item)


# --- The loop ---------------------------------------------------------------------------------------------------------
LEVELS = ("debug", "info", "warning", "error")
UNWRITTEN = {"debug"}  # the levels below the one that was asked for


def log_from(least: str) -> None:
    """Write what is of this level and of those above it."""
    UNWRITTEN.clear()
    UNWRITTEN.update(LEVELS[: LEVELS.index(least)])


def log(level: str, message: str, **fields: Any) -> None:
    if level in UNWRITTEN:
        return
    entry = {"time": datetime.now(timezone.utc).isoformat(timespec="milliseconds"), "level": level, "message": message}
    # In one piece: several threads send requests, and print() writes the end of a line by itself.
    print(json.dumps({**entry, **fields}) + "\n", end="", flush=True)


def requests_at_once(plan: Json) -> int:
    """Return how many requests there is room for: each holds a Job as data, as text and as bytes, and the answer."""
    largest = max((len(compact(each["job"]).encode()) for each in plan["replicatedJobs"]), default=0)
    return min(max(FLIGHT_BYTES // (4 * largest + 1), 2), IN_FLIGHT)


class Watcher:
    """One pass after another: look, decide, write down, act."""

    def __init__(self, api: Any, names: dict[str, str], uid: str, clock: Any = time.monotonic) -> None:
        self.api, self.names, self.uid, self.clock = api, names, uid, clock  # names of the plan, the state, its own Job
        self.lock, self.stale = threading.RLock(), threading.Event()  # over what watches bring; some is missing
        self.jobs, self.pods = dict[str, Job](), dict[str, Pod]()
        self.listed, self.version = -1, ""  # resourceVersions: of the last list, of the state as last read or written
        self.needed = {"configmaps", "jobs"}  # what there must be news of
        self.needs_all_pods = False  # and not those with our gate alone
        self.follows: set[str] = set()  # what watches bring news of; where one is lacking every pass makes its lists
        self.looked, self.written = 0.0, -10.0  # when the plan was read last, when the state was written
        self.owned_since: dict[str, float] = {}  # when a Job, by its mark, was first seen to be owned by the plan
        self.pause = 0.0  # seconds that the next pass may wait for news
        self.first_seen, self.said = dict[str, float](), set[Say]()
        self.strangers_reported_at = float("-inf")
        self.plan: Json = {}  # as it was read last
        self.at_once = 1
        self.taken: set[str] = set()  # names that the API has refused in the last pass, since they are there
        self.trial: tuple[str, str] | None = None
        self.tried, self.patient_until = 0.0, 0.0  # when a plan was tried last; until when new Jobs wait for old ones
        self.make_pool: Any = ThreadPoolExecutor
        self.pool: Any = None

    def take_in(self, plural: str, kind: str, item: Json) -> None:
        """Take in the news of a watch."""
        with self.lock:
            if _number(item["metadata"].get("resourceVersion"), 0) > self.listed:
                self._take(plural, item, kind == "DELETED")

    def _take(self, plural: str, item: Json, gone: bool) -> None:
        meta = item["metadata"]
        (self.pods if plural == "pods" else self.jobs).pop(meta["name"], None)
        if plural == "jobs" and not gone:
            self.jobs[meta["name"]] = Job(item)
        elif plural == "pods" and not gone and (item.get("status") or {}).get("phase") not in ("Succeeded", "Failed"):
            gates = () if "deletionTimestamp" in meta else item["spec"].get("schedulingGates") or ()
            owners = [each for each in meta.get("ownerReferences") or () if each["kind"] == "Job"]
            job_name, job_mark = (owners[0]["name"], mark_of(owners[0]["uid"])) if owners else ("", "")
            pod = Pod(meta["name"], meta["uid"], job_name, job_mark, tuple(each["name"] for each in gates))
            if self.needs_all_pods or GATE in pod.gates:
                self.pods[pod.name] = pod

    def _list(self, plan: Json) -> None:
        with self.lock:
            self.stale.clear()
            self.jobs, self.pods = {}, {}
            for plural in sorted(self.needed - {"configmaps"}):
                for page in self.api.pages(plural, {"labelSelector": f"{JOBSET}={plan['jobset']}"}):
                    if plural == "jobs":
                        self.listed = _number(page["metadata"].get("resourceVersion"), 0)
                    for item in page.get("items") or ():
                        self._take(plural, item, False)

    def step(self) -> int | None:
        """Make one pass; return an exit status when there is nothing left to do."""
        self.pause, self.looked = 10.0, self.clock()
        plan_item, state_item = (self.api.find("configmaps", self.names[kind]) for kind in ("plan", "state"))
        if plan_item is None or state_item is None or "plan.json" not in (plan_item.get("data") or {}):
            log("info", "the plan or the state is not there; nothing is done")
            return None
        if self.trial and self.trial[1] and self.looked - self.tried >= GRACE:
            self.trial = None  # what was refused once may have been refused in passing
        plan = parsed_plan(plan_item["data"]["plan.json"])
        if plan["format"] not in PLAN_FORMATS:
            raise UnknownFormatError(f"the plan has format {plan['format']}")
        if plan is not self.plan:
            self.plan = plan
            self.at_once = requests_at_once(plan)
            self.pool = self.make_pool(self.at_once)
        state = self._read(state_item)
        version = state_item["metadata"]["resourceVersion"]
        plans = plan, state.get("plan", plan)
        if any(each["gated"] for known in plans for each in known["replicatedJobs"]):
            self.needed.add("pods")
        if not self.needs_all_pods and any(map(_is_blocking, plans)):
            self.needs_all_pods, self.version = True, ""
        if self.needed - self.follows or self.stale.is_set() or version != self.version:
            self.version = ""  # what was seen is too old to decide from, and a list that fails on its way is none
            self._list(plan)
            self.version = version
        seen = self._seen(state, plan, plan_item["metadata"]["uid"])
        decided, actions = decide(state, seen)
        log("debug", "a pass has decided", jobs=len(self.jobs), actions=len(actions))
        self.pause = 10.0 if {**decided, "counts": 0} == {**state, "counts": 0} else 0.0
        if (decided["generation"], decided["restarts"]) != (state.get("generation"), state.get("restarts")):
            self.patient_until = self.looked + min(max(PATIENCE, A_JOB * len(self.jobs)), GRACE)
        news = decided != state and self.clock() - self.written >= 10  # counts alone can wait
        if (not self.pause or news) and not self._write(state_item, state, decided):
            return None
        return self._act(seen, decided, actions)

    def _read(self, item: Json) -> Json:
        try:
            return state_of(item)
        except UNREADABLE as error:
            self.say(Say("Warning", "StateUnreadable", f"the state is made anew from the Jobs' attempts: {error!r}"))
            return {}

    def _seen(self, state: Json, plan: Json, plan_uid: str) -> Seen:
        now, generation, stamp = self.clock(), plan["generation"], f"{datetime.now(timezone.utc):%Y-%m-%dT%H:%M:%SZ}"
        with self.lock:
            jobs, pods = dict(self.jobs), tuple(self.pods.values())
        places = Places(plan, state.get("plan") or plan)
        plan_uids = {plan_uid, state.get("planUid") or plan_uid}
        if state.get("format") == 1:
            state["leftover"] = left_in_format_1(state, jobs.values(), places)
        noted = {mark for kind in MARKED for mark in state.get(kind) or ()}
        mine = {name: job for name, job in jobs.items() if is_of_the_set(job, places, plan_uids, noted)}
        strange = {job.mark for name, job in jobs.items() if name not in mine}
        pods = tuple(pod for pod in pods if pod.job_mark not in strange and is_pod_of_the_set(pod, places, noted))
        self._report_strangers([job for name, job in sorted(jobs.items()) if name not in mine], Places(plan))
        self._note_owned(mine.values(), is_git="git" in (each["jobs"] for each in places.plans))
        offered = self.first_seen.setdefault(f"plan {generation}", now)
        is_running = any(job.generation == generation for job in mine.values())
        running = self.first_seen.setdefault(f"jobs {generation}", now) if is_running else now
        return Seen(
            plan, plan_uid, mine, now, stamp, pods, offered, running, self.trial,
            dict(self._patterns(state, plan, mine)) if plan["jobs"] == "git" else {}, tuple(self._missing(plan)),
            frozenset(mark for mark, since in self.owned_since.items() if now - since >= GRACE / 2),
        )  # fmt: skip

    def _note_owned(self, jobs: Iterable[Job], *, is_git: bool) -> None:
        """Note since when the plan has owned Jobs that are Git's."""
        owned = (job.mark for job in jobs if job.plans and is_git)
        self.owned_since = {mark: self.owned_since.get(mark, self.clock()) for mark in owned}

    def _report_strangers(self, strangers: list[Job], places: Places) -> None:
        """Tell people now and then of Jobs that have the label of the set and are none of its Jobs."""
        if not strangers or self.clock() < self.strangers_reported_at + INTERVAL:
            return
        self.strangers_reported_at = self.clock()
        count = f"{len(strangers):,} Jobs" if len(strangers) > 1 else "1 Job"
        text = f"{count} with the label of this set but not part of it, such as {strangers[0].name}; left alone"
        taken = [job.name for job in strangers if places.has(job)]
        if taken:
            text += f". {taken[0]} has the name of a Job of this set, which cannot be created beside it"
        elif any(job.is_labelled for job in strangers):
            text += ". Delete what an earlier version of the set has left behind"
        self._tell(Say("Warning", "UnknownJob", text))

    def _sample(self, plan: Json, each: Json, jobs: dict[str, Job]) -> Json | None:
        """Return a live Job of a replicatedJob as the GitOps tool made it for this plan, where there is one."""
        named = (jobs.get(job_name(plan, each["name"], index)) for index in range(each["replicas"]))
        made = [job for job in named if job and job.made_attempt < 0 and job.generation == plan["generation"]]
        if not made:
            return None
        job = next((job for job in made if not job.terminating), made[0])
        item = self.api.find("jobs", job.name)
        return item if item and item["metadata"]["uid"] == job.uid else None

    def _patterns(self, state: Json, plan: Json, jobs: dict[str, Job]) -> Iterator[tuple[str, Json]]:
        """Yield what the Jobs of Git have beyond the plan: once for a run, so that a later plan has its own way."""
        known = state.get("patterns", {}) if state.get("generation") == plan["generation"] else {}
        for each in plan["replicatedJobs"]:
            live = None if each["name"] in known else self._sample(plan, each, jobs)
            if live:
                planned = fill(each["job"], slots(plan, each, Job(live).index))
                # Where the API will not say how it would store the plan's Job, only metadata is compared.
                expected = self._dry_run(planned)[0] or {"metadata": planned["metadata"], "spec": live["spec"]}
                patch = pattern_of(plan, each, live, expected)
                if "spec" in patch:
                    text = f"Jobs of {each['name']} differ from the plan in {', '.join(sorted(patch['spec']))}"
                    self.say(Say("Normal", "Differs", f"{text}; restarts keep to that"))
                yield each["name"], {"patch": patch}

    def _dry_run(self, job: Json) -> tuple[Json | None, str]:
        """Return a Job as the API would store it, or what the API has against it."""
        meta = {**merged(job["metadata"], {"name": None}), "generateName": f"{job['metadata']['name']}-"}
        try:
            return self.api.create("jobs", {**job, "metadata": meta}, dry_run=True), ""
        except ApiError as error:
            if error.status not in (400, 403, 422):
                raise
            return None, str(error)

    def _missing(self, plan: Json) -> Iterator[tuple[str, Json]]:
        claims = [("persistentvolumeclaims", each["object"]) for each in plan["claims"]]
        for plural, item in [*([("services", plan["service"])] if plan["service"] else []), *claims]:
            if self.api.find(plural, item["metadata"]["name"]) is None:
                yield plural, item

    def _write(self, item: Json, old: Json, state: Json) -> bool:
        """Write the state unless somebody has written it since it was read; return whether it is written."""
        if state["evidence"] and state["evidence"] != old.get("evidence"):
            state["evidence"][-1].update(self._pod_of(state["evidence"][-1]["job"]))
        content = self._fitted(state)
        path = self.api.path("configmaps", self.names["state"], {"fieldManager": MANAGER})
        try:
            self.version = self.api.call("PUT", path, {**item, **content})["metadata"]["resourceVersion"]
            self.written = self.clock()
        except ApiError as error:
            if error.status not in (404, 409):
                raise
            return False
        return True

    def _fitted(self, state: Json) -> Json:
        """Return what is written of a state. Where it has no room, what the compiler could not know is given up."""
        content = stored(state)
        excess = room_taken(content) - ROOM
        if excess <= 0:
            return content
        sizes = {name: len(packed(compact(each))) for name, each in state["patterns"].items() if each["patch"]}
        given_up = []
        for name in sorted(sizes, key=lambda name: sizes[name], reverse=True):
            if excess > 0:
                state["patterns"][name] = {"patch": {}}
                given_up.append(name)
                excess -= sizes[name] * 3 // 4  # packed is base64
        if given_up:
            more = f" and {len(given_up) - 1} more" if given_up[1:] else ""
            text = f"what others have changed in Jobs of {given_up[0]}{more} is too large to be kept"
            self.say(Say("Warning", "StateTooLarge", f"{text}; restarts use the plan's Jobs"))
        if excess > 0 and state["leftover"]:
            text = f"{len(state['leftover']):,} Jobs that an earlier plan has left behind are too many to be noted"
            self.say(Say("Warning", "StateTooLarge", f"{text}; delete them"))
            state["leftover"] = []
        return stored(state)

    def _pod_of(self, job: str) -> Json:
        """Return the pod that made a Job fail, as far as it can still be found out."""
        uid = getattr(self.jobs.get(job), "uid", "")
        with suppress(ApiError):
            for page in self.api.pages("pods", {"labelSelector": f"batch.kubernetes.io/controller-uid={uid}"}):
                for pod in page.get("items") or ():
                    for each in (pod.get("status") or {}).get("containerStatuses") or ():
                        code = ((each.get("state") or {}).get("terminated") or {}).get("exitCode")
                        if code:
                            node = pod["spec"].get("nodeName", "")
                            return {"pod": pod["metadata"]["name"], "node": node, "exitCode": code}
        return {}

    def _act(self, seen: Seen, state: Json, actions: list[Any]) -> int | None:
        for action in actions:
            if isinstance(action, Say):
                self.say(action)
            elif isinstance(action, Try):
                jobs = [fill(each["job"], slots(seen.plan, each, 0)) for each in seen.plan["replicatedJobs"]]
                self.tried = self.looked
                self.trial = (action.generation, "; ".join(filter(None, (self._dry_run(job)[1] for job in jobs))))
        self._each([action for action in actions if isinstance(action, (Delete, Patch, Release))], self._change)
        creates = [action for action in actions if isinstance(action, (Create, Restore))]
        # Pods that start slow down those that go. A tool that puts Jobs back would not wait for them, and be faster.
        if self.looked < self.patient_until and state["plan"]["ending"] == "delete":
            deleted = any(isinstance(action, Delete) for action in actions)
            going = deleted or any(job.terminating for job in seen.jobs.values())
            if going and creates:
                self.pause = min(self.pause, self.patient_until - self.looked)
                creates = [each for each in creates if isinstance(each, Restore)]
        # Names that somebody holds must not keep the others waiting.
        creates.sort(key=lambda each: isinstance(each, Create) and job_name(state["plan"], *each[:2]) in self.taken)
        self.taken.clear()
        if creates and self._is_wanted():
            # No more than what is done while the plan that was read is fresh; the next pass goes on.
            self._each(creates[: 10 * self.at_once], lambda action: self._create(action, seen.plan_uid, state))
        leaving = [action for action in actions if isinstance(action, Leave)]
        if leaving and not leaving[0].completed:
            self._change(Patch(self.names["job"], self.uid, {"spec": {"activeDeadlineSeconds": 1}}))
        return 0 if leaving and leaving[0].completed else None

    def _each(self, actions: list[Any], do: Any) -> None:
        for call in wait([self.pool.submit(do, action) for action in actions]).done:
            call.result()

    def _is_wanted(self) -> bool:
        """Whether this watcher's own Job is still there and stays."""
        own = self.api.find("jobs", self.names["job"])
        return bool(own and own["metadata"]["uid"] == self.uid and "deletionTimestamp" not in own["metadata"])

    def _change(self, action: Any) -> None:
        try:
            if isinstance(action, Delete):
                options: Json = {"kind": "DeleteOptions", "apiVersion": "v1", "propagationPolicy": "Foreground"}
                options["preconditions"] = {"uid": action.uid}
                self.api.call("DELETE", self.api.path("jobs", action.name), options)
                if (job := self.jobs.get(action.name)) and job.uid == action.uid:
                    job.terminating = True  # before the watch says so, or it would be deleted again
            elif isinstance(action, Patch):
                self._patch("jobs", action.name, action.uid, action.body)
            else:
                gates = [{"name": gate} for gate in action.pod.gates if gate != GATE]
                self._patch("pods", action.pod.name, action.pod.uid, {"spec": {"schedulingGates": gates or None}})
        except ApiError as error:
            if error.status not in (400, 403, 404, 409, 422):
                raise
            log("info", "a change was not made; the next pass sees what is so", name=str(action), error=str(error))

    def _patch(self, plural: str, name: str, uid: str, body: Json) -> None:
        path = self.api.path(plural, name, {"fieldManager": MANAGER})
        self.api.call("PATCH", path, merged(body, {"metadata": {"uid": uid}}), "application/merge-patch+json")

    def _create(self, action: Any, plan_uid: str, state: Json) -> None:
        if self.clock() - self.looked > 10:
            raise ApiError(0, "it is too long ago that the plan was read")
        is_job = isinstance(action, Create)
        item = job_object(state["plan"], state, action, plan_uid) if is_job else action.item
        try:
            self.api.create("jobs" if is_job else action.plural, item)
        except ApiError as error:
            name = item["metadata"]["name"]
            if error.status != 409:  # else somebody was faster, and the next pass takes it for what it is
                self.say(Say("Warning", "JobCreationFailed", f"{name}: {error}"))
                raise
            self.taken.add(name)

    def say(self, event: Say) -> None:
        """Tell people once: an Event on the watcher's Job, and a line of the log."""
        if event not in self.said:
            self.said.add(event)
            self._tell(event)

    def _tell(self, event: Say) -> None:
        log("warning" if event.kind == "Warning" else "info", event.message, reason=event.reason)
        now = f"{datetime.now(timezone.utc):%Y-%m-%dT%H:%M:%SZ}"
        about = {"apiVersion": "batch/v1", "kind": "Job", "name": self.names["job"], "uid": self.uid}
        body = {
            "metadata": {"generateName": f"{self.names['job'][:50]}."}, "source": {"component": MANAGER}, "count": 1,
            "involvedObject": {**about, "namespace": self.api.namespace}, "firstTimestamp": now, "lastTimestamp": now,
            "type": event.kind, "reason": event.reason, "message": event.message[:1000],
        }  # fmt: skip
        with suppress(ApiError):
            self.api.create("events", body)


def follow(watcher: Watcher, plural: str, query: Json, start: str, wake: threading.Event) -> None:
    """Pass on the news of one kind of object for ever; where some may have been missed, the next pass lists."""
    api, version, pause = watcher.api, "", 0.5
    while not api.stopping.is_set():
        try:
            if not version:
                version = api.call("GET", start)["metadata"]["resourceVersion"]
                watcher.stale.set()
                wake.set()
            news = {"watch": "1", "allowWatchBookmarks": "true", "timeoutSeconds": "300", "resourceVersion": version}
            for line in api.transport.lines(api.path(plural, "", {**query, **news})):
                event = json.loads(line)
                if event["type"] == "ERROR":
                    version = ""
                    break
                version, pause = event["object"]["metadata"]["resourceVersion"], 0.5
                if event["type"] != "BOOKMARK":
                    watcher.take_in(plural, event["type"], event["object"])
                    wake.set()
        except Exception as error:  # whatever it is: without its news the set would be left alone for ever
            log("info", "a watch has ended", kind=plural, error=repr(error))
            version = version if isinstance(error, (OSError, http.client.HTTPException)) else ""
            pause = min(2 * pause, 60)
        api.stopping.wait(pause * random.uniform(0.5, 1.5))


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    for name in ("plan", "state", "job"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--credentials", default="/var/run/secrets/kubernetes.io/serviceaccount")
    parser.add_argument("--log-level", choices=LEVELS[:-1], default="info")
    options = parser.parse_args()
    log_from(options.log_level)
    stopping, wake = threading.Event(), threading.Event()

    def stop(*_: Any) -> None:
        stopping.set()
        wake.set()
        threading.Timer(1.5, os._exit, (1,)).start()  # whatever call it is in

    signal.signal(signal.SIGTERM, stop)
    transport = Https(options.credentials)
    api = Api(transport, transport.read("namespace"), stopping)
    watcher = Watcher(api, vars(options), os.environ["JOB_UID"])
    children = {"labelSelector": f"{JOBSET}={options.plan[: -len('-restart-plan')]}"}
    own = {"fieldSelector": f"metadata.name={options.plan}"}, api.path("configmaps", options.plan)
    trouble = 0
    while not stopping.is_set():
        wake.clear()
        for plural in sorted(watcher.needed - watcher.follows):
            query, start = own if plural == "configmaps" else (children, api.path(plural, "", {**children, "limit": 1}))
            threading.Thread(target=follow, args=(watcher, plural, query, start, wake), daemon=True).start()
            watcher.follows.add(plural)
        try:
            if (status := watcher.step()) is not None:
                return status
            trouble = 0
        except UnknownFormatError as error:
            text = f"{error}, which this release of the watcher does not know; nothing is done"
            watcher.say(Say("Warning", "UnknownFormat", text))
            return 1
        except (ApiError, ValueError) as error:  # a plan that is no JSON is somebody's to mend
            trouble = min(trouble + 1, 9)
            log("warning", "a pass has failed and is repeated", error=str(error))
        stopping.wait(min(0.1 * 2**trouble, 10))  # lets news come together
        wake.wait(watcher.pause)
    return 1


if __name__ == "__main__":
    os._exit(main())  # without waiting for the watches
