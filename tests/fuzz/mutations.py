"""Changes of data: gentle ones, after which most inputs still compile, and rough ones, after which most are refused."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

from tests.fuzz import odd, typed
from tests.fuzz.chance import Chance
from tests.nested_data import places

Document = dict[str, Any]
_FREE_MAPS = ("annotations", "data")
_POLICIES: Mapping[str, tuple[Any, ...]] = {
    "failurePolicy": (
        {"maxRestarts": 3},
        {"maxRestarts": 1, "restartStrategy": "BlockingRecreate"},
        {"maxRestarts": 2, "rules": [{"name": "oom", "action": "RestartJob", "onJobFailureReasons": ["BackoffLimitExceeded"]}]},
        {"rules": [{"name": "a", "action": "FailJobSet", "onJobFailureMessagePatterns": ["exit code [0-9]+"]}]},
    ),
    "successPolicy": ({"operator": "All"}, {"operator": "Any", "targetReplicatedJobs": ["workers"]}),
    "startupPolicy": ({"startupPolicyOrder": "InOrder"}, {"startupPolicyOrder": "AnyOrder"}),
    "network": ({"enableDNSHostnames": False}, {"subdomain": "net"}, {"publishNotReadyAddresses": False}),
    "coordinator": ({"replicatedJob": "workers"}, {"replicatedJob": "workers", "jobIndex": 0, "podIndex": 0}),
    "suspend": (True, False),
    "ttlSecondsAfterFinished": (60, 0),
}  # fmt: skip
_OPTIONS: Mapping[str, tuple[str, ...]] = {
    "jobs": ("watcher", "git"),
    "gitops": ("none", "flux", "argocd"),
    "updatePolicy": ("Block", "OnRestart"),
    "restartWatcher": ("Always",),
    "runId": odd.TEXTS,
    "namespace": ("research",),
    "compat": ("2", "2.0", "9" * 5000),
    "placement.strategy": ("node-selector", "domains"),
    "placement.domains": ('{"example.com/rack": ["a", "b"]}', "[" * 5000, '{"a": ["\\ud800"]}'),
    "watcher.resources": (
        '{"limits": {"memory": 1e9}}',
        '{"limits": {"memory": 1e999}}',
        '{"limits": {"memory": NaN}}',
    ),
    "watcher.annotations": ('{"a": "b"}', '{"a": "\\u2028"}', '{"a": 1}'),
    "watcher.memory": ("1Gi", ""),
    "watcher.imag": ("python:3",),
}


def gentle(chance: Chance, document: Document) -> None:
    """Change a document in a way that is allowed; anything that is not a mapping stays as it is."""
    if isinstance(document, dict):
        chance.pick(_GENTLE)(chance, document)


def rough(chance: Chance, document: Document) -> None:
    """Change any value of a document in any way."""
    found = places(document)
    if not found:
        return
    *way, last = chance.pick(found)
    parent: Any = document
    for step in way:
        parent = parent[step]
    chance.pick(_ROUGH)(chance, parent, last, document)


# --- Gentle ---------------------------------------------------------------------------------------
def _text(chance: Chance, document: Document) -> None:
    """Put an odd text where any text is allowed."""
    for container in containers(document)[:1]:
        name = f"E{chance.number(0, 9)}"
        field = chance.pick(("env", "args"))
        text = chance.pick(odd.TEXTS).replace("\0", "")
        _list(container, field).append({"name": name, "value": text} if field == "env" else text)


def _note(chance: Chance, document: Document) -> None:
    notes = _mapping(_mapping(document, "metadata"), "annotations")
    notes[f"example.com/n{chance.number(0, 9)}"] = chance.pick(odd.TEXTS)


def _option(chance: Chance, document: Document) -> None:
    """Put an option where a JobSet carries it."""
    name = chance.pick(list(_OPTIONS))
    if document.get("kind") == "JobSet":
        notes = _mapping(_mapping(document, "metadata"), "annotations")
        notes[f"jobsetgen.io/{name}"] = chance.pick(_OPTIONS[name])


def _label(chance: Chance, document: Document) -> None:
    _mapping(_mapping(document, "metadata"), "labels")[chance.pick(("app", "example.com/team"))] = chance.pick(
        typed.NAMES
    )


def _name(chance: Chance, document: Document) -> None:
    _mapping(document, "metadata")[chance.pick(("name", "namespace"))] = chance.pick(typed.NAMES)


def _policy(chance: Chance, document: Document) -> None:
    name = chance.pick(list(_POLICIES))
    if isinstance(document.get("spec"), dict) and document.get("kind") == "JobSet":
        document["spec"][name] = copy.deepcopy(chance.pick(_POLICIES[name]))


def _replicas(chance: Chance, document: Document) -> None:
    for job in _replicated_jobs(document):
        job["replicas"] = chance.number(0, 4)


def _twin(chance: Chance, document: Document) -> None:
    """Repeat a replicatedJob under another name."""
    jobs = _replicated_jobs(document)
    if jobs:
        document["spec"]["replicatedJobs"].append({**copy.deepcopy(chance.pick(jobs)), "name": f"t{len(jobs)}"})


def _counts(chance: Chance, document: Document) -> None:
    for job in _replicated_jobs(document)[:1]:
        spec = _mapping(_mapping(job, "template"), "spec")
        size = chance.number(1, 4)
        spec.update({"parallelism": size, "completions": size, "backoffLimit": chance.number(0, 2)})


def _exclusive(chance: Chance, document: Document) -> None:
    """Place each Job on nodes of its own; where no namespace is known, the front end decides (JSG410, JSG411)."""
    if document.get("kind") == "JobSet":
        metadata = _mapping(document, "metadata")
        _mapping(metadata, "annotations")["alpha.jobset.sigs.k8s.io/exclusive-topology"] = "example.com/rack"
        if chance.hit(2):
            metadata.pop("namespace", None)


def _rank(_chance: Chance, document: Document) -> None:
    """Start one program in several Jobs, with ranks that are the same in each (JSG613)."""
    for job, container in [*zip(_replicated_jobs(document), containers(document), strict=False)][:1]:
        job["replicas"] = 4
        _mapping(_mapping(job, "template"), "spec").update({"parallelism": 1, "completions": 1})
        container["command"] = ["torchrun", "--nnodes=4", "--node_rank=$(JOB_COMPLETION_INDEX)"]
        container.pop("args", None)


_GENTLE: tuple[Callable[[Chance, Document], None], ...] = (
    _text, _text, _note, _option, _label, _name, _policy, _policy, _replicas, _twin, _counts, _exclusive, _rank, typed.graft, typed.graft,
)  # fmt: skip


# --- Rough ----------------------------------------------------------------------------------------
def _replace(chance: Chance, parent: Any, last: Any, _document: Document) -> None:
    parent[last] = copy.deepcopy(chance.pick(odd.VALUES))


def _replace_by_text(chance: Chance, parent: Any, last: Any, _document: Document) -> None:
    parent[last] = chance.pick(odd.TEXTS)


def _remove(_chance: Chance, parent: Any, last: Any, _document: Document) -> None:
    del parent[last]


def _rename(chance: Chance, parent: Any, last: Any, _document: Document) -> None:
    """Give a value another name, or repeat an item."""
    if isinstance(parent, list):
        parent.append(copy.deepcopy(parent[last]))
    else:
        parent[chance.pick(odd.NAMES)] = parent.pop(last)


def _misspell(chance: Chance, parent: Any, last: Any, _document: Document) -> None:
    if isinstance(parent, dict) and len(last) > 1:
        at = chance.number(0, len(last) - 1)
        parent[last[:at] + chance.pick(("", last[at] * 2, "x", last[at].upper())) + last[at + 1 :]] = parent.pop(last)


def _move(chance: Chance, parent: Any, last: Any, document: Document) -> None:
    """Put a copy of another value of the document here."""
    source: Any = document
    for step in chance.pick(places(document)):
        source = source[step]
    parent[last] = copy.deepcopy(source)


def _extend(chance: Chance, parent: Any, _last: Any, _document: Document) -> None:
    value = copy.deepcopy(chance.pick(odd.VALUES))
    if isinstance(parent, dict):
        parent[chance.pick(odd.NAMES)] = value
    else:
        parent.append(value)


def _turn(_chance: Chance, parent: Any, last: Any, _document: Document) -> None:
    """Make a text of a number, a number of a text, and a list of anything else."""
    value = parent[last]
    if isinstance(value, (int, float)):
        parent[last] = str(value)
    elif isinstance(value, str) and value.isdecimal() and value.isascii():
        parent[last] = int(value)
    else:
        parent[last] = [value]


_ROUGH: tuple[Callable[[Chance, Any, Any, Document], None], ...] = (
    _replace, _replace, _replace_by_text, _replace_by_text, _remove, _rename, _misspell, _move, _extend, _turn,
)  # fmt: skip


# --- Access ---------------------------------------------------------------------------------------
def _mapping(value: Any, key: str) -> dict[str, Any]:
    found = value.get(key)
    if not isinstance(found, dict):
        found = value[key] = {}
    return found


def _list(value: dict[str, Any], key: str) -> list[Any]:
    found = value.get(key)
    if not isinstance(found, list):
        found = value[key] = []
    return found


def _replicated_jobs(document: Document) -> list[dict[str, Any]]:
    spec = document.get("spec")
    jobs = spec.get("replicatedJobs") if isinstance(spec, dict) else None
    return [job for job in jobs if isinstance(job, dict)] if isinstance(jobs, list) else []


def containers(document: Document) -> list[dict[str, Any]]:
    """Return the containers of a JobSet; whatever is not a mapping on the way to them becomes one."""
    found = []
    for job in _replicated_jobs(document):
        pod = _mapping(_mapping(_mapping(_mapping(job, "template"), "spec"), "template"), "spec")
        found += [each for each in _list(pod, "containers") if isinstance(each, dict)]
    return found
