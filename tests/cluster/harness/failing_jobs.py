"""Jobs whose pods end in given ways, many at once, beside the real Job controller.

No scheduler takes the pods, and no kubelet runs them: the test writes into their status what a kubelet would.
"""

from __future__ import annotations

import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from tests.cluster.harness.client import ApiError, Client
from tests.cluster.harness.processes import PATIENCE

Json = dict[str, Any]
End = Callable[[Client, Json], None]
COMPLETE = "Complete"
# Pods fail so often where their failures do not end the Job, and then succeed.
ROUNDS = 4
# The Job controller replaces at once what failed long ago.
_LONG_AGO = "2026-01-01T00:00:00Z"
_IDLE = 4.0  # seconds
_AT_ONCE = 100
_LABEL = "batch.kubernetes.io/job-name"
_INDEX = "batch.kubernetes.io/job-completion-index"
_POD = {
    "restartPolicy": "Never",
    "schedulerName": "example.com/nobody",
    "containers": [{"name": "main", "image": "example.com/train:1"}],
}


class Round(NamedTuple):
    """A Job all of whose active pods are new, and how often that has been so before."""

    client: Client
    job: Json
    pods: Sequence[Json]
    number: int


Way = Callable[[Round], Sequence[Json]]
"""What happens to the pods of a Job. It returns those that have ended."""


class Trial(NamedTuple):
    """The spec of a Job, and what happens to its pods."""

    spec: Json
    way: Way


# How a pod ends


def exits(code: int, **status: Any) -> End:
    """Let the container exit with a code."""

    def end(client: Client, pod: Json) -> None:
        reason = "Error" if code else "Completed"
        state = {"exitCode": code, "reason": reason, "startedAt": _LONG_AGO, "finishedAt": _LONG_AGO}
        phase = "Failed" if code else "Succeeded"
        containers = [_container(pod, {"terminated": state})]
        _set_status(client, pod, {"phase": phase, "containerStatuses": containers, **status})

    return end


def is_disrupted(client: Client, pod: Json) -> None:
    """Let the pod fail by a disruption, such as an eviction."""
    condition = {"type": "DisruptionTarget", "status": "True", "reason": "EvictionByEvictionAPI"}
    exits(137, conditions=[condition])(client, pod)


def passes_own_deadline(client: Client, pod: Json) -> None:
    """Let the pod fail by its own activeDeadlineSeconds, without any exit code."""
    _set_status(client, pod, {"phase": "Failed", "reason": "DeadlineExceeded", "conditions": [_unready()]})


def is_deleted(client: Client, pod: Json) -> None:
    """Delete the pod, and let it end as the kubelet or the garbage collector of pods would."""
    _set_status(client, pod, {"conditions": [_unready()]})
    try:
        client.delete("pods", pod["metadata"]["name"], grace=0)
    except ApiError as error:
        _allow_not_found(error)
    _set_status(client, pod, {"phase": "Failed"})


succeeds = exits(0)


# What happens to the pods of a Job


def every_pod(end: End) -> Way:
    """Let all pods end alike, at once."""

    def act(now: Round) -> Sequence[Json]:
        for pod in now.pods:
            _fail_or_succeed(now, pod, end)
        return now.pods

    return act


def at_once(way: Way) -> Way:
    """Wait until the Job controller has nothing left to do, so that it sees all pods end in one sync.

    It syncs a Job a second after the first of several changes of pods.
    """

    def act(now: Round) -> Sequence[Json]:
        return way(now) if all(_age(pod) > _IDLE for pod in now.pods) else ()

    return act


def one_index(end: End) -> Way:
    """Let the pods of index 0 end so, and all others succeed."""

    def act(now: Round) -> Sequence[Json]:
        for pod in now.pods:
            annotations = pod["metadata"].get("annotations", {})
            is_first = annotations.get(_INDEX) == "0"
            _fail_or_succeed(now, pod, end if is_first else succeeds)
        return now.pods

    return act


def suspended_after(end: End) -> Way:
    """Let one pod end so, suspend and resume the Job when that pod is replaced, and again."""

    def act(now: Round) -> Sequence[Json]:
        if now.number % 2:
            now.client.patch("jobs", now.job["metadata"]["name"], {"spec": {"suspend": True}})
            return now.pods
        end(now.client, now.pods[0])
        return now.pods[:1]

    return act


def containers_restart(now: Round) -> Sequence[Json]:
    """Let the containers of all pods restart ten times; the pods succeed once the Job controller has seen that."""
    if now.job["status"].get("ready", 0) == len(now.pods):
        return every_pod(succeeds)(now)
    for pod in now.pods:
        if pod["status"]["phase"] != "Running":
            running = _container(pod, {"running": {"startedAt": _LONG_AGO}}, ready=True, restarts=10)
            ready = {"type": "Ready", "status": "True"}
            _set_status(now.client, pod, {"phase": "Running", "containerStatuses": [running], "conditions": [ready]})
    return ()


def runs_on(now: Round) -> Sequence[Json]:
    """Let nothing happen."""
    return ()


def _fail_or_succeed(now: Round, pod: Json, end: End) -> None:
    chosen = end if now.number < ROUNDS else succeeds
    chosen(now.client, pod)


# The Jobs


def job(name: str, spec: Json) -> Json:
    """Return a Job of a spec, whose podTemplate needs to have only what is special."""
    template = {"spec": {**_POD, **spec.get("template", {}).get("spec", {})}}
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": name},
        "spec": {**spec, "template": template},
    }


def outcomes(client: Client, trials: Mapping[str, Trial]) -> dict[str, str]:
    """Run Jobs by name, and return the reason of each one's failure, or Complete."""
    found: dict[str, str] = {}
    waiting = deque(trials.items())
    running: dict[str, _Running] = {}
    progress = time.monotonic()
    while waiting or running:
        while waiting and len(running) < _AT_ONCE:
            name, trial = waiting.popleft()
            client.create(job(name, trial.spec))
            running[name] = _Running(client, trial.way)
        ended = _ended(client, running)
        for name in ended:
            del running[name]
            client.delete("jobs", name)
        found |= ended
        if ended:
            progress = time.monotonic()
        if time.monotonic() - progress > PATIENCE:
            raise TimeoutError(f"no Job has ended for {PATIENCE:g} s: {', '.join(running)}")
        time.sleep(0.1)
    return found


class _Running:
    """A Job that has not ended, and which of its pods have."""

    def __init__(self, client: Client, way: Way) -> None:
        self.client, self.way = client, way
        self.rounds = 0
        self.ended: set[str] = set()

    def go_on(self, item: Json, pods: Sequence[Json]) -> None:
        """Resume the Job if it is suspended, or end pods if all that are active are new."""
        if _is_suspended(item):
            self.client.patch("jobs", item["metadata"]["name"], {"spec": {"suspend": False}})
            return
        fresh = [pod for pod in pods if pod["metadata"]["uid"] not in self.ended]
        if not fresh or len(fresh) != item["status"].get("active", 0):
            return
        ended = self.way(Round(self.client, item, fresh, self.rounds))
        self.ended |= {pod["metadata"]["uid"] for pod in ended}
        self.rounds += bool(ended)


def _ended(client: Client, running: Mapping[str, _Running]) -> dict[str, str]:
    """Let all Jobs go on, and return the outcomes of those that have ended."""
    found: dict[str, str] = {}
    pods = _pods(client)
    for item in client.list("jobs"):
        name = item["metadata"]["name"]
        if name not in running:
            continue
        outcome = _outcome(item)
        if outcome:
            found[name] = outcome
        else:
            running[name].go_on(item, pods[name])
    return found


def _pods(client: Client) -> dict[str, list[Json]]:
    """Return the pods by Job, of each Job in the order of their indexes."""
    found: dict[str, list[Json]] = defaultdict(list)
    for pod in client.list("pods"):
        found[pod["metadata"]["labels"][_LABEL]].append(pod)
    return found


def _outcome(item: Json) -> str:
    for condition in item["status"].get("conditions", ()):
        if condition["type"] == "Complete":
            return COMPLETE
        if condition["type"] == "Failed":
            return str(condition["reason"])
    return ""


def _is_suspended(item: Json) -> bool:
    conditions = item["status"].get("conditions", ())
    is_told = any(each["type"] == "Suspended" and each["status"] == "True" for each in conditions)
    return bool(is_told and item["spec"]["suspend"] and not item["status"].get("active"))


def _container(pod: Json, state: Json, *, ready: bool = False, restarts: int = 0) -> Json:
    container = pod["spec"]["containers"][0]
    return {
        "name": container["name"],
        "image": container["image"],
        "imageID": "",
        "ready": ready,
        "restartCount": restarts,
        "state": state,
    }


def _age(pod: Json) -> float:
    created = datetime.fromisoformat(pod["metadata"]["creationTimestamp"])
    return (datetime.now(UTC) - created).total_seconds()


def _unready() -> Json:
    return {"type": "Ready", "status": "False", "lastTransitionTime": _LONG_AGO}


def _set_status(client: Client, pod: Json, status: Json) -> None:
    try:
        client.patch_status("pods", pod["metadata"]["name"], status)
    except ApiError as error:
        _allow_not_found(error)


def _allow_not_found(error: ApiError) -> None:
    """Let a pod be gone: its Job may have failed by another pod just before."""
    if error.status != 404:
        raise error
