"""Patches of a JobSet: such as fit it, and such as are refused."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from tests.fuzz import odd
from tests.fuzz.chance import Chance

Patch = dict[str, Any] | list[Any]


class Names(NamedTuple):
    """What patches of a JobSet name in it."""

    job_set: str
    replicated_job: str
    container: str
    image: str


def names_of(document: Any) -> Names | None:
    """Return the names in a JobSet; None for one that lacks any of them, and for any other object."""
    try:
        job = document["spec"]["replicatedJobs"][0]
        container = job["template"]["spec"]["template"]["spec"]["containers"][0]
        found = (document["metadata"]["name"], job["name"], container["name"], container["image"])
    except (KeyError, IndexError, TypeError):
        return None
    is_named = document.get("kind") == "JobSet" and all(isinstance(each, str) and each for each in found)
    return Names(*found) if is_named else None


def _in_job(names: Names, change: Mapping[str, Any]) -> dict[str, Any]:
    return {"spec": {"replicatedJobs": [{"name": names.replicated_job, **change}]}}


def _in_pod(names: Names, change: Mapping[str, Any]) -> dict[str, Any]:
    return _in_job(names, {"template": {"spec": {"template": {"spec": dict(change)}}}})


def _in_container(names: Names, change: Mapping[str, Any]) -> dict[str, Any]:
    return _in_pod(names, {"containers": [{"name": names.container, **change}]})


# --- Strategic, good ------------------------------------------------------------------------------
def _replicas(chance: Chance, names: Names) -> Patch:
    return _in_job(names, {"replicas": chance.number(1, 4)})


def _variable(chance: Chance, names: Names) -> Patch:
    name = f"P{chance.number(0, 3)}"
    return _in_container(names, {"env": [{"name": name, "value": chance.pick(odd.TEXTS).replace("\0", "")}]})


def _policy(chance: Chance, _names: Names) -> Patch:
    directive = chance.pick(({}, {"$patch": "replace"}, {"$retainKeys": ["maxRestarts"]}))
    return {"spec": {"failurePolicy": {"maxRestarts": chance.number(0, 5), **directive}}}


def _note(chance: Chance, _names: Names) -> Patch:
    return {"metadata": {"annotations": {"example.com/p": chance.pick((*odd.TEXTS, None))}}}


def _removed(chance: Chance, names: Names) -> Patch:
    """Remove fields that need not be there."""
    inner = chance.pick(("nodeSelector", "tolerations", "volumes", "initContainers", "affinity"))
    return {"spec": {"suspend": None, **_in_pod(names, {inner: None})["spec"]}}


def _ordered(_chance: Chance, names: Names) -> Patch:
    found = _in_container(names, {"image": "example.com/p:1"})
    pod = found["spec"]["replicatedJobs"][0]["template"]["spec"]["template"]["spec"]
    pod["$setElementOrder/containers"] = [{"name": names.container}]
    return found


def _side_car(chance: Chance, names: Names) -> Patch:
    ports = [{"containerPort": 9000 + chance.number(0, 2), "protocol": chance.pick(("TCP", "UDP"))}]
    added = {"name": "side", "image": "example.com/side:1", "ports": ports}
    volumes = [{"name": "scratch", "emptyDir": {}}]
    return _in_pod(names, {"containers": [added], "volumes": volumes, "tolerations": [{"operator": "Exists"}]})


def _new_job(chance: Chance, names: Names) -> Patch:
    pod = {"containers": [{"name": "main", "image": "example.com/p:1"}], "restartPolicy": "Never"}
    job = {"name": f"p{chance.number(0, 2)}", "template": {"spec": {"backoffLimit": 0, "template": {"spec": pod}}}}
    deleted = {"name": names.replicated_job, "$patch": "delete"}
    return {"spec": {"replicatedJobs": [job, deleted] if chance.hit(4) else [job]}}


def _missing_list(_chance: Chance, names: Names) -> Patch:
    return _in_job(names, {"template": {"metadata": {"$deleteFromPrimitiveList/finalizers": ["a.b/c"]}}})


# --- JSON patches, good ---------------------------------------------------------------------------
def _operations(chance: Chance, names: Names) -> Patch:
    job = "/spec/replicatedJobs/0"
    container = f"{job}/template/spec/template/spec/containers/0"
    known: tuple[list[dict[str, Any]], ...] = (
        [{"op": "add", "path": f"{job}/replicas", "value": chance.number(0, 3)}],
        [{"op": "test", "path": f"{job}/name", "value": names.replicated_job}],
        [{"op": "replace", "path": f"{container}/image", "value": "example.com/p:2"}],
        [{"op": "add", "path": "/metadata/labels", "value": {"a": "b"}}, {"op": "remove", "path": "/metadata/labels/a"}],
        [{"op": "copy", "from": "/metadata/name", "path": f"{container}/workingDir"}],
        [{"op": "add", "path": f"{container}/args", "value": []}, {"op": "add", "path": f"{container}/args/-", "value": chance.pick(odd.TEXTS)}],
        [{"op": "add", "path": "/metadata/annotations", "value": {"a/b": "c"}}, {"op": "move", "from": "/metadata/annotations/a~1b", "path": "/metadata/annotations/d"}],
    )  # fmt: skip
    return [each for part in (chance.pick(known), *chance.some(known, 1)) for each in part]


GOOD: tuple[Callable[[Chance, Names], Patch], ...] = (
    _replicas, _variable, _variable, _policy, _note, _removed, _ordered, _side_car, _new_job, _missing_list, _operations, _operations,
)  # fmt: skip
TARGETS: tuple[Callable[[Names], dict[str, Any]], ...] = (
    lambda _: {"kind": "JobSet"},
    lambda names: {"kind": "JobSet", "name": names.job_set},
    lambda _: {"group": "jobset.x-k8s.io", "version": "v1alpha2", "kind": "Job.*"},
    lambda _: {"kind": "JobSet", "labelSelector": "!nothing"},
)


# --- Bad ------------------------------------------------------------------------------------------
def _misspelt(_chance: Chance, names: Names) -> Patch:
    return _in_container(names._replace(container=names.container + "x"), {"workingDir": "/a"})


def _directive(chance: Chance, names: Names) -> Patch:
    key, value = chance.pick(
        (("$patch", "remove"), ("$patch", 1), ("$pach", "delete"), ("$retainKeys", "a"), ("$setElementOrder/env", "a"), ("$patch", None))
    )  # fmt: skip
    return chance.pick((_in_job, _in_pod, _in_container))(names, {key: value})


def _nameless(_chance: Chance, _names: Names) -> Patch:
    return {"spec": {"replicatedJobs": [{"replicas": 2}]}}


def _twice(_chance: Chance, names: Names) -> Patch:
    job = {"name": names.replicated_job}
    return {"spec": {"replicatedJobs": [{**job, "replicas": 2}, {**job, "replicas": 3}]}}


def _other_type(chance: Chance, names: Names) -> Patch:
    value = copy.deepcopy(chance.pick(odd.VALUES))
    known = (
        {"spec": value},
        {"spec": {"replicatedJobs": value}},
        _in_job(names, {"template": value}),
        {"metadata": value},
    )
    return chance.pick(known)


def _operation(chance: Chance, _names: Names) -> Patch:
    found = chance.pick(
        (
            {"op": "remove", "path": "/spec/nothing"}, {"op": "test", "path": "/kind", "value": "Job"}, {"op": "add", "path": "spec", "value": 1},
            {"op": "add", "path": "/spec/replicatedJobs/99", "value": {}}, {"op": "ad", "path": "/a", "value": 1}, {"op": "add", "path": "/a"},
            {"op": "move", "from": "/spec", "path": "/spec/a"}, {"op": "remove", "path": ""}, {"path": "/a"}, {"op": "copy", "from": "/a~2", "path": "/b"},
            {"op": "replace", "path": "/spec/replicatedJobs/x", "value": 1}, {"op": "add", "path": "/spec", "value": copy.deepcopy(chance.pick(odd.VALUES))},
        )
    )  # fmt: skip
    return [found]


BAD: tuple[Callable[[Chance, Names], Patch], ...] = (
    _misspelt, _directive, _directive, _nameless, _twice, _other_type, _operation, _operation,
)  # fmt: skip
BAD_ENTRIES: tuple[Any, ...] = (
    {"target": {"kind": "JobSet", "name": "nothing"}, "patch": {"spec": {"suspend": True}}}, {"target": {"kind": "("}, "patch": {}},
    {"patch": {"kind": "JobSet", "metadata": {"name": "nothing"}}}, {"path": "missing.yaml"}, {"path": "../../a.yaml"}, {"path": "../base/set.yaml"},
    {"path": "a.yaml", "patch": {}}, {"patch": ""}, {"patch": "a: [", "target": {"kind": "JobSet"}}, {}, "patch.yaml", None,
    {"target": {"labelSelector": "a in"}, "patch": {"spec": {}}}, {"target": {"knid": "JobSet"}, "patch": {"spec": {}}}, {"target": {}, "patch": [1]},
)  # fmt: skip
"""Entries of `patches` that name nothing, or are none."""
