"""What is refused after the API has accepted an object: the Jobs that the JobSet controller makes of it, and their pods.

The Job controller does not run here; in its place each pod is offered to the API as that controller would create it.
"""

from __future__ import annotations

import copy
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from tests.cluster.harness.client import ApiError, Client
from tests.cluster.harness.control_plane import ControlPlane
from tests.cluster.harness.processes import until

Json = dict[str, Any]
MANY = 16  # Jobs, from which on one of each replicatedJob has to do
INDEX = "batch.kubernetes.io/job-completion-index"
NAME, REPLICATED_JOB = "jobset.sigs.k8s.io/jobset-name", "jobset.sigs.k8s.io/replicatedjob-name"
_KEPT = ("name", "labels", "annotations")
_SELECTED = [f"{prefix}{key}" for prefix in ("", "batch.kubernetes.io/") for key in ("job-name", "controller-uid")]
_SOON = 3.0  # seconds for an event to come; afterwards the log of the controller counts as well
_SEEN = 3.0  # seconds until the JobSet webhook, which reads from a cache, has seen a claim
# A controller that looks into a cache tries twice now and then; a Service that is there is as good as its own.
_HARMLESS = re.compile("HeadlessServiceCreationFailed: .* already exists")
_FAILED = "CreationFailed"  # the end of each reason of the controller's events for what it could not create


def refusals_of_stored(plane: ControlPlane, objects: Iterable[Json]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Create objects in a namespace of their own and return what is said against them.

    First what their author is told, which depends on what else there is by then; then what controllers are told.
    """
    client = plane.within(plane.new_namespace("played-out"))
    made = [moved(each) for each in objects]
    plain = [each for each in made if each["kind"] != "JobSet"]
    sets = [probe(each) for each in made if each["kind"] == "JobSet"]
    at_once = [*_created(client, plain)]
    if any(each["kind"] == "PersistentVolumeClaim" for each in plain):
        time.sleep(_SEEN)
    at_once += _created(client, sets)
    later = [] if at_once else [*_later(plane, client, sets)]
    client.delete_collection("jobsets")  # or the controller tries for ever
    return tuple(at_once), tuple(later)


def _later(plane: ControlPlane, client: Client, sets: Iterable[Json]) -> list[str]:
    found = [each for jobset in sets for each in _failures(plane, client, jobset)]
    return found or [*pods_refused(client, client.list("jobs"))]


def moved(item: Json) -> Json:
    """Return what a server answered as something to create in another namespace, without what it made up."""
    changed = copy.deepcopy(item)
    changed["metadata"] = {key: value for key, value in item["metadata"].items() if key in _KEPT}
    if item["kind"] == "Service" and item["spec"].get("clusterIP") != "None":
        changed["spec"] = {key: value for key, value in item["spec"].items() if not key.startswith("clusterIP")}
    # A default class would be that of the pods of every other case.
    changed.pop("globalDefault", None)
    if item["kind"] == "Job":
        del changed["spec"]["selector"]
        labels = changed["spec"]["template"]["metadata"]["labels"]
        for key in _SELECTED:
            labels.pop(key, None)
    return changed


def probe(jobset: Json) -> Json:
    """Return a JobSet that makes at once the Jobs of one that waits for something."""
    changed = copy.deepcopy(jobset)
    spec = changed["spec"]
    for key in ("managedBy", "startupPolicy"):
        spec.pop(key, None)
    is_large = _jobs(spec) > MANY
    for each in spec.get("replicatedJobs", ()):
        each.pop("dependsOn", None)
        if is_large:
            each["replicas"] = min(each["replicas"], 1)
    if is_large and "coordinator" in spec:
        spec["coordinator"]["jobIndex"] = 0
    return changed


def _jobs(spec: Json) -> int:
    return sum(max(0, each["replicas"]) for each in spec.get("replicatedJobs", ()))


def _created(client: Client, objects: Iterable[Json]) -> Iterator[str]:
    for item in objects:
        try:
            client.create(item)
        except ApiError as error:
            # The second of two documents of one name changes the first, with kubectl.
            if error.reason != "AlreadyExists":
                yield f"{item['kind']} {item['metadata']['name']}: {error}"


def _failures(plane: ControlPlane, client: Client, jobset: Json) -> list[str]:
    """Wait for all Jobs of a JobSet or for the controller's word that there is something that it cannot create."""
    name, count = jobset["metadata"]["name"], _jobs(jobset["spec"])

    def is_decided() -> bool:
        return bool(_events(client, name)) or _is_made(client, name, count)

    with suppress(TimeoutError):
        until(is_decided, seconds=_SOON)
        return _told(client, name, count)
    # The API takes no event of more than 1,024 bytes, so that a long list of errors is in the controller's log alone.
    what = f"{count} Jobs of JobSet {name} in {client.namespace}, or a word of the controller that says why not"
    until(lambda: is_decided() or bool(_logged(plane, client.namespace)), pause=1, what=what)
    return _told(client, name, count) or _logged(plane, client.namespace)[:1]


def _told(client: Client, name: str, count: int) -> list[str]:
    """Return the first event, unless all was made: the controller at times tries twice, and is told that it has."""
    events = _events(client, name)
    return [] if _is_made(client, name, count) else events[:1]


def _is_made(client: Client, name: str, count: int) -> bool:
    return len(client.list("jobs", labels=f"{NAME}={name}")) == count


def _events(client: Client, name: str) -> list[str]:
    events = client.list("events", fields=f"involvedObject.name={name}")
    told = [f"{each['reason']}: {each['message']}" for each in events if each["reason"].endswith(_FAILED)]
    return [each for each in told if not _HARMLESS.match(each)]


def _logged(plane: ControlPlane, namespace: str) -> list[str]:
    of_namespace, error = f'"namespace": "{namespace}"', re.compile(r'"error": "(.* creation failed .*)"')
    lines = [line for line in plane.log("jobset").read_text().splitlines() if of_namespace in line]
    return [found[1] for line in lines if (found := error.search(line))]


def pods_refused(client: Client, jobs: Iterable[Json]) -> Iterator[str]:
    """Yield what is said against a pod of each template in Jobs of the client's namespace."""
    one_each: dict[tuple[str, str], Json] = {}
    for job in jobs:
        one_each.setdefault(_template_name(job), job)
    for job in one_each.values():
        pod = pod_of(job)
        prepare(client, pod)
        if refusal := _refusal(client, pod):
            yield f"Pod of Job {job['metadata']['name']}: {refusal}"


def _refusal(client: Client, item: Json) -> str:
    """Return what the API says against an object, or nothing."""
    try:
        client.create(item, dry_run=True)
    except ApiError as error:
        return str(error)
    return ""


def _template_name(job: Json) -> tuple[str, str]:
    labels = job["metadata"].get("labels", {})
    return labels.get(NAME, job["metadata"]["name"]), labels.get(REPLICATED_JOB, "")


def pod_of(job: Json) -> Json:
    """Return the first pod of a Job, as the Job controller makes it."""
    template = copy.deepcopy(job["spec"]["template"])
    metadata = template.setdefault("metadata", {})
    metadata["generateName"] = f"{job['metadata']['name']}-"
    if job["spec"].get("completionMode") == "Indexed":
        template["spec"].setdefault("hostname", f"{job['metadata']['name']}-0")
        for kind in ("labels", "annotations"):
            metadata[kind] = {**(metadata.get(kind) or {}), INDEX: "0"}
    return {"apiVersion": "v1", "kind": "Pod", **template}


def prepare(client: Client, pod: Json) -> None:
    """Make what a pod names and its cluster is to have: nobody's spec is wrong for the want of it here."""
    spec = pod["spec"]
    account, priority = spec.get("serviceAccountName"), spec.get("priorityClassName")
    if account:
        client.apply({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": account}})
    if not priority:
        return
    if not client.find("priorityclasses", priority):
        value = {"value": spec.get("priority", 1000)}
        meta = {"metadata": {"name": priority}}
        client.apply({"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", **meta, **value})
    # Admission looks into a cache.
    until(lambda: "no PriorityClass with name" not in _refusal(client, pod), what=f"PriorityClass {priority}")
