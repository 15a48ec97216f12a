"""How our objects may differ from the controller's: the whole list, by the numbers of docs/differences.md.

Each entry takes its difference out of a pair of objects as they are stored. Whatever is left after all entries fails the
test.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from jobsetgen.kubernetes.tool_keys import kept_on_the_jobset
from jobsetgen.model import keys
from jobsetgen.naming import jobset_uid
from jobsetgen.runtime.watcher.contract import SUSPENDED

Json = dict[str, Any]


class AllowedDifference(NamedTuple):
    """A difference: its number, what it is, and the function that takes it out of both objects of a pair."""

    number: str
    what: str
    take_out: Callable[[Json, Json], None]


def without_allowed(
    theirs: Json, ours: Json, allowed: Sequence[AllowedDifference] | None = None
) -> tuple[Json, Json, set[str]]:
    """Return both objects without what may differ, and the names of the differences that were taken out."""
    theirs, ours = _without_the_servers(theirs), _without_the_servers(ours)
    found: set[str] = set()
    for each in ALLOWED if allowed is None else allowed:
        before = _pruned(copy.deepcopy(theirs)), _pruned(copy.deepcopy(ours))
        each.take_out(theirs, ours)
        if before != (_pruned(theirs), _pruned(ours)):
            found.add(each.what)
    return _pruned(theirs), _pruned(ours), found


def differences(theirs: Any, ours: Any, path: str = "") -> Iterator[str]:
    """Yield in words where two values differ."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        for key in sorted({*theirs, *ours}):
            yield from differences(theirs.get(key), ours.get(key), f"{path}.{key}")
    elif isinstance(theirs, list) and isinstance(ours, list) and len(theirs) == len(ours):
        for index, (mine, own) in enumerate(zip(theirs, ours, strict=True)):
            yield from differences(mine, own, f"{path}[{index}]")
    elif theirs != ours:
        yield f"{path} is {theirs!r} there and {ours!r} here"


# What every object gets when it is stored, of which no two are the same

_STORED = ("uid", "resourceVersion", "creationTimestamp", "generation", "managedFields", "selfLink")
_CONTROLLER_UID = ("controller-uid", "batch.kubernetes.io/controller-uid")


def _without_the_servers(item: Json) -> Json:
    item = copy.deepcopy(item)
    for key in ("apiVersion", "status"):  # a list has no apiVersion in its items
        item.pop(key, None)
    for key in _STORED:
        item["metadata"].pop(key, None)
    if item["kind"] == "Job":
        item["spec"].pop("selector")
        for labels in _maps(item, "labels"):
            for key in _CONTROLLER_UID:
                labels.pop(key, None)
    return item


def _pruned(item: Json) -> Json:
    """Return an object without empty maps and lists, which differ in nothing from none."""
    inner = {key: _pruned(value) if isinstance(value, dict) else value for key, value in item.items()}
    return {key: value for key, value in inner.items() if value not in ({}, [])}


# What may differ


def _owner(theirs: Json, ours: Json) -> None:
    owners = ours["metadata"].get("ownerReferences", [])
    if all(each["kind"] == "ConfigMap" and each["name"].endswith("-restart-plan") for each in owners):
        theirs["metadata"].pop("ownerReferences", None)
        ours["metadata"].pop("ownerReferences", None)


def _attempts(theirs: Json, ours: Json) -> None:
    for mine, own in zip(_maps(theirs, "labels", "annotations"), _maps(ours, "labels", "annotations"), strict=True):
        for key in (keys.RESTART_ATTEMPT, keys.JOB_RESTART_ATTEMPT):
            if key not in own:
                mine.pop(key, None)
        if own.get(keys.OUR_RESTART_ATTEMPT) == "0":  # what is read where nothing restarts
            own.pop(keys.OUR_RESTART_ATTEMPT)


def _readers(theirs: Json, ours: Json) -> None:
    """Take out what reads an attempt, on both sides by its name in the container."""
    if theirs["kind"] != "Job":
        return
    pods = (theirs["spec"]["template"]["spec"], ours["spec"]["template"]["spec"])
    for mine, own in zip(*(_containers(pod) for pod in pods), strict=True):
        names = {each["name"] for each in mine.get("env", ()) if _ATTEMPT.search(str(each.get("valueFrom")))}
        _take_out_read(mine, own, "env", names)
    names = {each["name"] for each in pods[0].get("volumes", ()) if _ATTEMPT.search(str(each))}
    _take_out_read(*pods, "volumes", names)


def _take_out_read(theirs: Json, ours: Json, field: str, names: set[str]) -> None:
    """Take out variables or volumes that read an attempt, where those of ours read one."""
    read = {each["name"] for each in ours.get(field, ()) if _ATTEMPT.search(str(each)) or each.get("value") == "0"}
    for item in (theirs, ours):
        if names & read:
            item[field] = [each for each in item[field] if each["name"] not in names & read]


def _uid(theirs: Json, ours: Json) -> None:
    """Take out both UIDs, where ours is what it is said to be."""
    for mine, own in zip(_maps(theirs, "labels", "annotations"), _maps(ours, "labels", "annotations"), strict=True):
        name = ours["metadata"].get("labels", {}).get(keys.JOBSET_NAME)
        if own.get(keys.JOBSET_UID) == jobset_uid(ours["metadata"]["namespace"], str(name)):
            mine.pop(keys.JOBSET_UID, None)
            own.pop(keys.JOBSET_UID)


def _copies(theirs: Json, ours: Json) -> None:
    if theirs["kind"] != "Job":
        return
    labels, annotations = (theirs["metadata"].get(each) or {} for each in ("labels", "annotations"))
    for key in keys.IDENTITY & annotations.keys() - (ours["metadata"].get("annotations") or {}).keys():
        if labels.get(key) == annotations[key] or key == keys.JOBSET_UID:
            del annotations[key]


def _exclusive(theirs: Json, ours: Json) -> None:
    for each in _maps(theirs, "annotations"):
        each.pop(keys.EXCLUSIVE_TOPOLOGY, None)
        each.pop(keys.NODE_SELECTOR, None)


def _affinity(theirs: Json, ours: Json) -> None:
    """Take out the two terms over their topology, and the label; the pods of both sides are compared for them."""
    if ours["kind"] != "Job":
        return
    pod, meta = ours["spec"]["template"]["spec"], theirs["spec"]["template"]["metadata"]
    key = meta.get("annotations", {}).get(keys.EXCLUSIVE_TOPOLOGY)
    affinity = pod.get("affinity") or {}
    for kind in ("podAffinity", "podAntiAffinity"):
        required = "requiredDuringSchedulingIgnoredDuringExecution"
        terms = (affinity.get(kind) or {}).get(required, [])
        own = [term for term in terms if keys.JOB_KEY in str(term) and term["topologyKey"] == key]
        if len(own) == 1:
            affinity[kind][required] = [term for term in terms if term not in own]
    pod["affinity"] = affinity
    ours["spec"]["template"]["metadata"].get("labels", {}).pop(keys.PRIORITY, None)


def _gates(theirs: Json, ours: Json) -> None:
    if ours["kind"] != "Job":
        return
    pod = ours["spec"]["template"]["spec"]
    gates = pod.get("schedulingGates", [])
    pod["schedulingGates"] = [each for each in gates if each["name"] != keys.STARTUP_GATE]
    if len(pod["schedulingGates"]) < len(gates):
        theirs["spec"].pop("activeDeadlineSeconds", None)


def _ttl(theirs: Json, ours: Json) -> None:
    theirs["spec"].pop("ttlSecondsAfterFinished", None)
    ours["spec"].pop("ttlSecondsAfterFinished", None)


def _suspended(theirs: Json, ours: Json) -> None:
    for item in (theirs, ours):
        if item["spec"].get("suspend"):
            item["metadata"].get("annotations", {}).pop(SUSPENDED, None)


def _pod_name(theirs: Json, ours: Json) -> None:
    if theirs["kind"] == "Job":
        theirs["spec"]["template"]["metadata"].pop("name", None)


def _generation(theirs: Json, ours: Json) -> None:
    for each in _maps(ours, "annotations"):
        if re.fullmatch("[0-9a-f]{16}", each.get(keys.GENERATION, "")):
            each.pop(keys.GENERATION)


def _set_metadata(theirs: Json, ours: Json) -> None:
    """Take out what our objects have from the JobSet: keys that theirs lack, and that nobody acts on."""
    if ours["kind"] == "Job":
        return
    for kind in ("labels", "annotations"):
        own, mine = (item["metadata"].get(kind) or {} for item in (ours, theirs))
        for key in own.keys() - mine.keys():
            if kept_on_the_jobset(key) is None:
                del own[key]


# What the watcher adds to what a reviewer was shown.
ADDED_BY_THE_WATCHER = (
    AllowedDifference("15", "the owner is the JobSet there, here nobody or the plan's ConfigMap", _owner),
    AllowedDifference("1", "restart-attempt and job-restart-attempt are not in what Git owns", _attempts),
    AllowedDifference("6", "a Job that the watcher has suspended is marked", _suspended),
)
ALLOWED = (
    *ADDED_BY_THE_WATCHER,
    AllowedDifference("1", "what reads an attempt reads it from the state", _readers),
    AllowedDifference("2", "jobset-uid is made from the namespace and the name", _uid),
    AllowedDifference("3", "on a Job's metadata the keys are labels only", _copies),
    AllowedDifference("4", "exclusive placement is written as affinity, with the priority as a label", _affinity),
    AllowedDifference("4", "exclusive placement is not an annotation", _exclusive),
    AllowedDifference("5", "a gate holds back the pods of Jobs that wait, and their deadline", _gates),
    AllowedDifference("7", "the time to live of the set is that of each Job", _ttl),
    AllowedDifference("11", "a name in a pod template, which nobody reads, is left out", _pod_name),
    AllowedDifference("15", "the pod template has the generation", _generation),
    AllowedDifference("21", "a Service and a claim have the labels and annotations of the JobSet", _set_metadata),
)

# What happens at run time, and is looked at where scenarios are compared.
ALLOWED_IN_BEHAVIOUR = (
    ("5", "with `jobs: git` a Job that waits for its turn is there, its pods held back by a gate"),
    ("6", "with `jobs: git` a Job that is left when the set has ended is suspended, not deleted"),
    ("16", "a Job that says it will fail is taken for failed"),
    (
        "17",
        "where no tool owns the Jobs, new ones wait for the old ones to have gone, in the first seconds of a restart",
    ),
    ("20", "of Jobs that have failed within one second the one with the lowest global index goes first"),
)

_ATTEMPT = re.compile(r"restart-attempt")


def _maps(item: Json, *names: str) -> Iterator[Json]:
    """Yield the labels or annotations of an object, and those of its pod template."""
    places = [item["metadata"]]
    if item["kind"] == "Job":
        places.append(item["spec"]["template"].setdefault("metadata", {}))
    for place in places:
        for name in names:
            yield place.setdefault(name, {})


def _containers(pod: Json) -> list[Json]:
    return [*pod.get("initContainers", ()), *pod.get("containers", ())]
