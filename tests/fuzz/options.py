"""Options in every form that they are given: project files, flags, parameters of an Application, functionConfigs."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from jobsetgen.kubernetes.versions import VERSIONS
from jobsetgen.options.schema import project_schema
from jobsetgen.options.table import OPTIONS
from tests.fuzz import odd, typed
from tests.fuzz.chance import Chance

HEAD = {"apiVersion": "jobsetgen.io/v1alpha1", "kind": "JobSetGenerator"}
_FLAGS: tuple[tuple[str, ...], ...] = (
    ("--namespace", "research"),
    ("--gitops", "none"),
    ("--gitops", "argocd"),
    ("--gitops", "flux"),
    ("--jobs", "watcher"),
    ("--restart-watcher", "Never"),
    ("--restart-watcher", "Always"),
    ("--update-policy", "Block"),
    ("--update-policy", "OnRestart"),
    ("--run-id", "2"),
    ("--placement", "node-selector"),
    ("--placement", "domains"),
    ("--kubernetes-version", VERSIONS[0]),
    ("--kubernetes-version", VERSIONS[3]),
    ("--strict",),
    ("--quiet",),
    ("--color", "always"),
    ("--ignore", "JSG504"),
    ("--compat", "2"),
    ("--max-jobs", "3"),
    ("--max-bytes", "5000"),
    ("--default-priority", "100"),
    ("--priority-class", "high=1000"),
    ("--watcher-image", "example.com/python:3"),
    ("--watcher-toleration", "a=b:NoSchedule"),
    ("--watcher-label", "a=b"),
)
# Of a project, what is told by no schema.
_VALUES: Mapping[str, tuple[Any, ...]] = {
    "resources": (["set.yaml"], ["."], ["set.yaml", "missing.yaml"], ["../set.yaml"], ["set.yaml", "set.yaml"], []),
    "namespace": ("research", "default", "Bad_Name", ""),
    "images": ([{"name": "example.com/train", "newTag": "2"}], [{"name": "nothing", "newName": "a"}]),
    "replicas": ([{"jobSet": "train", "replicatedJob": "workers", "replicas": 3}],),
    "runId": ("2", "a b", "\u2028"),
    "output": ("rendered", "a/b", ".", "../out", "/abs", "set.yaml"),
    "lint": ({"ignore": ["JSG504"]}, {"ignore": ["JSG101", "nothing"]}),
    "maxJobs": (3, 0, 10**12),
    "maxBytes": (5_000, 1, 10**12),
    "placement": ({"strategy": "domains", "domains": {"example.com/rack": ["a", "b", "c", "d"]}}, {"strategy": "node-selector"}),
    "priorityClasses": ({"high": 1000},),
    "patches": (
        [{"target": {"kind": "JobSet"}, "patch": {"spec": {"failurePolicy": {"maxRestarts": 2}}}}],
        [{"target": {"kind": "JobSet"}, "patch": [{"op": "add", "path": "/spec/suspend", "value": True}]}],
        [{"target": {"kind": "Nothing"}, "patch": {"spec": {}}}],
    ),
    "namePrefix": ("dev-", "a", "Bad_"),
    "nameSuffix": ("-2", "b", "-"),
    "labels": ({"example.com/team": "a"}, {"a b": "c"}),
    "annotations": ({"example.com/note": "a: b"},),
    "values": ({"a": 1}, {"a": {"b": [1, None]}}, ["a"]),
    "valuesSchema": ("missing.json",),
}  # fmt: skip


def flags(chance: Chance, most: int = 2) -> tuple[str, ...]:
    """Return some flags of the command line."""
    found = chance.some(_FLAGS, most)
    return tuple(word for each in found for word in each)


def project(chance: Chance, *, is_rough: bool) -> dict[str, Any]:
    """Return the content of a project file."""
    schema = project_schema()
    fields = {name: known for name, known in schema["properties"].items() if name not in (*HEAD, "metadata", "target")}
    found: dict[str, Any] = dict(HEAD)
    for name in chance.some(list(fields), 3):
        known = _VALUES.get(name)
        found[name] = copy.deepcopy(chance.pick(known)) if known else typed.value_of(chance, fields[name], schema, name)
    if is_rough and chance.hit(3):
        found[chance.pick((*fields, *odd.NAMES))] = copy.deepcopy(chance.pick(odd.VALUES))
    return found


@cache
def _parameters() -> tuple[tuple[str, str], ...]:
    return tuple((row.parameter.name, row.kind.parameter_form.collection) for row in OPTIONS if row.parameter)


_TEXTS = (
    "",
    "2",
    "watcher",
    "git",
    "Block",
    "Never",
    "1.31",
    "train/workers: 4",
    "a=b:1",
    "domains",
    "true",
    "1:",
    "100Mi",
)


def environment(chance: Chance, *, is_rough: bool) -> dict[str, str]:
    """Return the variables that Argo CD sets for the plugin."""
    found = {
        "ARGOCD_APP_NAMESPACE": chance.pick(("research", "default")),
        "KUBE_VERSION": chance.pick(("1.34", "", "v1.99.1", "x")),
    }
    # A set that needs a namespace has none then (JSG411).
    if chance.hit(8):
        del found["ARGOCD_APP_NAMESPACE"]
    parameters = [_parameter(chance, *each) for each in chance.some(_parameters(), 2)]
    if is_rough and chance.hit(4):
        parameters.append(chance.pick(({}, {"name": 1}, {"name": "nothing", "string": ""}, [], None, {"name": "jobs"})))
    if parameters:
        found["ARGOCD_APP_PARAMETERS"] = json.dumps(parameters)
    if is_rough and chance.hit(12):
        found["ARGOCD_APP_PARAMETERS"] = chance.pick(
            ("{", "[", "null", "[1]", "\u2028", '[{"name": "jobs", "string": "\\ud800"}]', "[" * 5000)
        )
    return found


def _parameter(chance: Chance, name: str, collection: str) -> dict[str, Any]:
    text = chance.pick(_TEXTS)
    values = {"string": text, "array": [text], "map": {"train/workers": text, text: "1"}}
    form = collection if not chance.hit(8) else chance.pick(tuple(values))
    return {"name": name, form: values[form]}


def function_config(chance: Chance, *, is_rough: bool) -> dict[str, Any] | None:
    """Return what configures a KRM function."""
    kind = chance.weighted({"none": 4, "project": 4, "map": 2})
    if kind == "none":
        return None
    found = project(chance, is_rough=is_rough)
    for name in ("resources", "output", "readme", "gitattributes"):
        found.pop(name, None)
    if kind == "project":
        return {**found, "metadata": {"name": "config"}}
    data = {name: _as_text(value) for name, value in found.items() if name not in HEAD}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "config"}, "data": data}


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
