"""A scenario's set under the JobSet controller and under our watcher, each observed in the same words.

Both have the same Job objects, whose status a test writes.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from jobsetgen.runtime.watcher.contract import ENDED, GATE
from jobsetgen.runtime.watcher.formats import mark_of
from tests.cluster.harness.client import ApiError, Client
from tests.cluster.harness.compiled_set import ATTEMPT, HOLD, CompiledSet
from tests.cluster.harness.control_plane import ControlPlane
from tests.cluster.oracles.scenario import NAME, PODS, Json, Scenario, verb

ATTEMPT_ALONE = "jobset.sigs.k8s.io/job-restart-attempt"
REPLICATED_JOB = "jobset.sigs.k8s.io/replicatedjob-name"
_FIRST = re.compile(rf"\(first failed job: {NAME}-(.*?)\)")


class Observation(NamedTuple):
    """What there is when everything has come to rest, in words that both sides share."""

    jobs: dict[str, str]  # what each Job that may run is, by its name without the set's
    uids: dict[str, str]
    restarts: int
    counted: int
    alone: dict[str, tuple[int, int]]  # restarts of single Jobs: all, counted
    outcome: str  # type, reason, and the Job that failed first
    service: bool
    claims: list[str]

    def words(self) -> Json:
        """Return what is compared, for people to read."""
        return {key: value for key, value in self._asdict().items() if key != "uids"}


class EventSummary(NamedTuple):
    """What an event says: its type and reason, and the Job that failed first."""

    kind: str
    reason: str
    first: str


class Side:
    """One set in one namespace."""

    def __init__(self, plane: ControlPlane, namespace: str, scenario: Scenario) -> None:
        self.plane, self.namespace, self.scenario = plane, namespace, scenario
        self.client: Client = plane.within(namespace)

    # What happens

    def happen(self, event: Json, at: datetime) -> None:
        """Let an event happen, at a time that both sides share."""
        kind = verb(event)
        if kind == "suspend":
            self.suspend(event[kind])
            if event[kind]:
                at_rest(self)
                self.end_pods()
        elif kind == "lose service":
            self.client.delete("services", NAME)
        elif kind == "lose claim":
            self.client.delete("persistentvolumeclaims", f"{event[kind]}-{NAME}")
        elif kind == "at once":
            with_order = [(each, at + timedelta(seconds=each.get("after", 0))) for each in event[kind]]
            self.unseen(lambda: self._happen(with_order))
        else:
            _EVENTS[kind](self.client, f"{NAME}-{event[kind]}", event, at)

    def _happen(self, events: list[tuple[Json, datetime]]) -> None:
        for event, at in events:
            self.happen(event, at)

    def end_pods(self) -> None:
        """Let the pods of Jobs that are suspended end, as the Job controller would."""
        for name, job in self.live().items():
            if job["spec"].get("suspend") and not _end(job) and (job.get("status") or {}).get("active"):
                _change(self.client, f"{NAME}-{name}", {"active": 0, "ready": 0})

    def suspend(self, wanted: bool) -> None:
        """Let Git suspend or resume the set."""
        raise NotImplementedError

    def unseen(self, happen: Callable[[], object]) -> None:
        """Let several things happen before the decider sees any."""
        raise NotImplementedError

    def seen(self) -> Observation:
        """Return what there is."""
        raise NotImplementedError

    def live(self) -> dict[str, Json]:
        """Return the set's Jobs by their short names."""
        jobs = self.client.list("jobs", labels=f"jobset.sigs.k8s.io/jobset-name={NAME}")
        return {job["metadata"]["name"].removeprefix(f"{NAME}-"): job for job in jobs}

    def has_service(self) -> bool:
        """Whether the headless Service is there."""
        return self.client.find("services", NAME) is not None

    def claims(self) -> list[str]:
        """Return the names of the claims, without one that was deleted and is not gone yet."""
        claims = [each["metadata"] for each in self.client.list("persistentvolumeclaims")]
        return sorted(each["name"] for each in claims if "deletionTimestamp" not in each)

    def told(self) -> set[EventSummary]:
        """Return what the events of restarts and of the end say, each once."""
        events = self.client.list("events")
        of_the_set = [each for each in events if each["involvedObject"]["name"] in (NAME, f"{NAME}-restart-watcher")]
        return {
            EventSummary(each["type"], each["reason"], _first(each["message"]))
            for each in of_the_set
            if _is_shared(each)
        }


class ControllerSide(Side):
    """The JobSet under the real controller."""

    def begin(self) -> None:
        """Create the JobSet."""
        self.client.create(self.scenario.jobset())

    def suspend(self, wanted: bool) -> None:
        """Change the JobSet."""
        self.client.patch("jobsets", NAME, {"spec": {"suspend": wanted}})

    def unseen(self, happen: Callable[[], object]) -> None:
        """Let it happen while the controller is down: it begins with a whole list."""
        self.plane.stop("jobset")
        happen()
        self.plane.restart("jobset")

    def seen(self) -> Observation:
        """Return what the JobSet's status and the Jobs say."""
        live = self.live()
        status = self.client.get("jobsets", NAME).get("status") or {}
        ends = [each for each in status.get("conditions", ()) if each["type"] in ("Completed", "Failed")]
        return Observation(
            {name: _word(job) for name, job in sorted(live.items())},
            {name: job["metadata"]["uid"] for name, job in live.items()},
            status.get("restarts", 0),
            status.get("restartsCountTowardsMax", 0),
            dict(_alone(status)),
            next((_outcome(each) for each in ends if each["status"] == "True"), ""),
            self.has_service(),
            self.claims(),
        )


class WatcherSide(Side):
    """What was compiled, and the watcher as a process under its own rights."""

    def __init__(self, plane: ControlPlane, namespace: str, scenario: Scenario, jobs: str, folder: Path) -> None:
        super().__init__(plane, namespace, scenario)
        self.jobs, self.folder = jobs, folder
        text = json.dumps(scenario.jobset())
        self.watched = CompiledSet(plane, namespace, text, jobs=jobs, gitops=scenario.gitops)

    @property
    def gated(self) -> frozenset[str]:
        """The short names of the Jobs whose pods wait for the watcher."""
        jobs = [each for each in self.watched.objects if each["kind"] == "Job" and is_gated(each)]
        return frozenset(each["metadata"]["name"].removeprefix(f"{NAME}-") for each in jobs)

    def begin(self) -> None:
        """Apply what was compiled, and start the watcher."""
        self.watched.apply()
        self.process = self.watched.start(self.folder)

    def end(self) -> None:
        """End the watcher, which must not have ended by itself, unless the set has completed."""
        status = self.process.status
        self.plane.stop(self.process.name)
        assert status is None or (status == 0 and self.seen().outcome.startswith("Completed")), (
            self.process.last_lines()
        )

    def suspend(self, wanted: bool) -> None:
        """Compile anew and apply it, as a tool would."""
        self.watched.push(json.dumps(self.scenario.jobset(suspend=wanted)))
        self.watched.apply()

    def unseen(self, happen: Callable[[], object]) -> None:
        """Let it happen while no watcher runs: the next one begins with a whole list."""
        self.end()
        happen()
        self.process = self.watched.start(self.folder)

    def seen(self) -> Observation:
        """Return what the state and the Jobs say; a Job whose pods are held back, or that was ended, is none."""
        state = self.watched.state
        terminal = state.get("terminal") or {}
        live = {name: job for name, job in self.live().items() if self._may_run(job, state)}
        return Observation(
            {name: _word(job) for name, job in sorted(live.items())},
            {name: job["metadata"]["uid"] for name, job in live.items()},
            state.get("restarts", 0),
            state.get("countedRestarts", 0),
            {name.removeprefix(f"{NAME}-"): (each[0], each[1]) for name, each in state.get("jobRestarts", {}).items()},
            _outcome(terminal) if terminal else "",
            self.has_service(),
            self.claims(),
        )

    def _may_run(self, job: Json, state: Json) -> bool:
        meta = job["metadata"]
        if ENDED in (meta.get("annotations") or {}) and job["spec"].get("suspend"):
            return False
        held = is_gated(job) and mark_of(meta["uid"]) not in state.get("released", ())
        return not held or "deletionTimestamp" in meta or _end(job) != ""


def is_gated(job: Json) -> bool:
    """Whether the Job's pods wait for the watcher."""
    return any(each["name"] == GATE for each in job["spec"]["template"]["spec"].get("schedulingGates", ()))


def _word(job: Json) -> str:
    meta = job["metadata"]
    labels = meta.get("labels") or {}
    attempt, alone = labels.get(ATTEMPT, "0"), labels.get(ATTEMPT_ALONE, "0")
    if "deletionTimestamp" in meta:
        state = "terminating"  # whether it is suspended as well makes no difference any more
    else:
        state = "suspended" if job["spec"].get("suspend") and not _end(job) else ""
    number = attempt if alone == "0" else f"{attempt}+{alone}"
    return " ".join(word for word in (f"attempt {number}", _end(job), state) if word)


def _end(job: Json) -> str:
    conditions = (job.get("status") or {}).get("conditions") or ()
    return next((each["type"] for each in conditions if each["type"] in ("Complete", "Failed")), "")


def _alone(status: Json) -> list[tuple[str, tuple[int, int]]]:
    return [
        (f"{each['name']}-{index}", (total, (each.get("jobRestartsCountTowardsMax") or [0] * (index + 1))[index]))
        for each in status.get("replicatedJobsStatus", ())
        for index, total in enumerate(each.get("jobRestarts") or ())
        if total
    ]


def _outcome(end: Json) -> str:
    return " ".join(word for word in (end["type"], end["reason"], _first(end.get("message", ""))) if word)


def _first(message: str) -> str:
    found = _FIRST.search(message)
    return found[1] if found else ""


def _is_shared(event: Json) -> bool:
    """Whether an event is of a restart or of the end: each side has others that are its own (difference 19)."""
    reason = event["reason"]
    return "FailurePolicy" in reason or reason in ("ReachedMaxRestarts", "FailedJobs", "AllJobsCompleted")


# What a kubelet and the Job controller would have written


def _change(client: Client, name: str, status: Json) -> None:
    client.patch_status("jobs", name, status)


def _started(job: Json, at: datetime) -> Json:
    return {"startTime": (job.get("status") or {}).get("startTime") or stamp(at)}


def _ready(client: Client, name: str, event: Json, at: datetime) -> None:
    job = client.get("jobs", name)
    _change(client, name, {**_started(job, at), "active": PODS, "ready": PODS})


def _unready(client: Client, name: str, event: Json, at: datetime) -> None:
    _change(client, name, {"ready": 0})


def _fail(client: Client, name: str, event: Json, at: datetime) -> None:
    why = {"reason": event.get("reason", "BackoffLimitExceeded"), "message": event.get("message", "")}
    _finish(client, name, at, ("FailureTarget", "Failed"), why, {"failed": 1})


def _complete(client: Client, name: str, event: Json, at: datetime) -> None:
    why = {"reason": "CompletionsReached", "message": ""}
    counts = {"succeeded": PODS, "completedIndexes": "0-1", "completionTime": stamp(at)}
    _finish(client, name, at, ("SuccessCriteriaMet", "Complete"), why, counts)


def _finish(client: Client, name: str, at: datetime, kinds: tuple[str, str], why: Json, counts: Json) -> None:
    job = client.get("jobs", name)
    same = {"status": "True", "lastTransitionTime": stamp(at), "lastProbeTime": stamp(at), **why}
    _change(client, name, {
        **_started(job, at), "active": 0, "ready": 0, **counts, "conditions": [{"type": kind, **same} for kind in kinds],
    })  # fmt: skip


def _delete(client: Client, name: str, event: Json, at: datetime) -> None:
    client.delete("jobs", name, propagation="Foreground")


def _hold(client: Client, name: str, event: Json, at: datetime) -> None:
    client.patch("jobs", name, {"metadata": {"finalizers": [HOLD]}})


def _let_go(client: Client, name: str, event: Json, at: datetime) -> None:
    job = client.get("jobs", name)
    left = [each for each in job["metadata"].get("finalizers", ()) if each != HOLD]
    with suppress(ApiError):
        client.patch("jobs", name, {"metadata": {"finalizers": left or None}})


_EVENTS: dict[str, Callable[[Client, str, Json, datetime], None]] = {
    "ready": _ready, "unready": _unready, "fail": _fail, "complete": _complete, "delete": _delete, "hold": _hold, "let go": _let_go,
}  # fmt: skip


def stamp(at: datetime) -> str:
    """Return a time as the API writes it."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def now() -> datetime:
    """Return this second."""
    return datetime.now(UTC).replace(microsecond=0)


def at_rest(side: Side, quiet: float = 1.5, seconds: float = 60) -> Observation:
    """Return what there is once nothing has changed for a while."""
    end, before, since = time.monotonic() + seconds, side.seen(), time.monotonic()
    while time.monotonic() < end:
        time.sleep(0.1)
        after = side.seen()
        if after != before:
            before, since = after, time.monotonic()
        elif time.monotonic() - since >= quiet:
            break
    return before
