"""Random Jobs and random patches for them, by seed: what kustomize and kubectl apply as well."""

from __future__ import annotations

import copy
import json
from random import Random
from typing import Any

Data = dict[str, Any]

_NAMES = ("main", "sidecar", "proxy", "loader")
_VARIABLES = ("A", "B", "C", "D")
_FINALIZERS = ("example.com/a", "example.com/b", "example.com/c")


def job(random: Random, name: str) -> Data:
    """Return a Job."""
    spec: Data = {"containers": _containers(random), "restartPolicy": "Never"}
    _perhaps(random, spec, "initContainers", _containers)
    _perhaps(random, spec, "volumes", _volumes)
    _perhaps(random, spec, "tolerations", _tolerations)
    _perhaps(random, spec, "hostAliases", _host_aliases)
    _perhaps(random, spec, "imagePullSecrets", _secrets)
    _perhaps(random, spec, "topologySpreadConstraints", _constraints)
    metadata: Data = {"name": name}
    _perhaps(random, metadata, "labels", _labels)
    _perhaps(random, metadata, "annotations", _labels)
    _perhaps(random, metadata, "finalizers", lambda random: _some(random, _FINALIZERS))
    template = {"metadata": {"labels": _labels(random)}, "spec": spec}
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": metadata,
        "spec": {"backoffLimit": random.randint(0, 6), "template": template},
    }


def strategic_patch(random: Random, base: Data) -> Data:
    """Return a strategic merge patch for a Job: parts of another Job, with deletions."""
    patch = job(random, base["metadata"]["name"])
    spec = patch["spec"]["template"]["spec"]
    for parent in (patch["metadata"], patch["spec"], patch["spec"]["template"], spec):
        _thin(random, parent)
    pods = patch["spec"].get("template", {}).get("spec") or {}
    for field in ("containers", "initContainers"):
        for container in pods.get(field) or []:
            _thin(random, container)
        _delete_item(random, pods.get(field), "name", _NAMES)
    _delete_item(random, pods.get("volumes"), "name", ("data", "cache", "work"))
    return patch


def json_patch(random: Random, data: Data) -> list[Data]:
    """Return operations that apply to an object, one after the other."""
    operations: list[Data] = [{"op": "test", "path": "/spec/template/spec/restartPolicy", "value": "Never"}]
    for _ in range(random.randint(1, 4)):
        containers = data["spec"]["template"]["spec"]["containers"]
        index = random.randrange(len(containers))
        path = f"/spec/template/spec/containers/{index}"
        operation: Data = random.choice(
            [
                {"op": "add", "path": f"{path}/image", "value": f"image:{random.randint(0, 9)}"},
                {"op": "add", "path": f"{path}/env", "value": _variables(random)},
                {"op": "add", "path": "/spec/template/spec/containers/-", "value": {"name": "last"}},
                {"op": "add", "path": "/spec/template/spec/containers/0", "value": {"name": "first"}},
                {"op": "replace", "path": f"{path}/name", "value": f"renamed-{random.randint(0, 9)}"},
                {"op": "copy", "from": f"{path}/name", "path": "/spec/template/metadata/labels/copied~1of"},
                {"op": "move", "from": "/spec/backoffLimit", "path": "/spec/completions"},
                {"op": "remove", "path": "/spec/backoffLimit"},
            ]
        )
        if "backoffLimit" in str(operation) and "backoffLimit" not in data["spec"]:
            continue
        operations.append(operation)
        if "backoffLimit" in str(operation):
            data = copy.deepcopy(data)
            del data["spec"]["backoffLimit"]
    return operations


def without_order(data: Any, fields: frozenset[str] | None = None) -> Any:
    """Return data with its lists of mappings sorted; `fields` are those of these lists, None for all."""
    if isinstance(data, list):
        return [without_order(item, fields) for item in data]
    if not isinstance(data, dict):
        return data
    result = {key: without_order(value, fields) for key, value in data.items()}
    for key, value in result.items():
        if isinstance(value, list) and (fields is None or key in fields):
            result[key] = sorted(value, key=lambda item: json.dumps(item, sort_keys=True))
    return result


# --- Parts ----------------------------------------------------------------------------------------
def _perhaps(random: Random, parent: Data, field: str, make: Any) -> None:
    if random.random() < 0.6:
        parent[field] = make(random)


def _thin(random: Random, parent: Any) -> None:
    """Leave fields of a mapping out, and set others to null; what it is known by stays."""
    for field in list(parent or {}):
        chance = random.random()
        if field in ("name", "restartPolicy", "containers", "template", "spec", "metadata"):
            continue
        if chance < 0.5:
            del parent[field]
        elif chance < 0.6:
            parent[field] = None


def _delete_item(random: Random, items: Any, key: str, values: tuple[str, ...]) -> None:
    """Let a list delete an item that it does not have itself."""
    if not items or random.random() < 0.5:
        return
    value = random.choice(values)
    if value not in {item[key] for item in items}:
        items.append({key: value, "$patch": "delete"})


def _some(random: Random, values: tuple[str, ...]) -> list[str]:
    return random.sample(values, random.randint(1, len(values)))


def _containers(random: Random) -> list[Data]:
    return [_container(random, name) for name in _some(random, _NAMES)]


def _container(random: Random, name: str) -> Data:
    container: Data = {"name": name, "image": f"image:{random.randint(0, 9)}"}
    _perhaps(random, container, "env", _variables)
    _perhaps(random, container, "args", lambda random: _some(random, _VARIABLES))
    _perhaps(random, container, "ports", _ports)
    _perhaps(random, container, "volumeMounts", _mounts)
    _perhaps(random, container, "resources", _resources)
    return container


def _variables(random: Random) -> list[Data]:
    return [{"name": name, "value": str(random.randint(0, 9))} for name in _some(random, _VARIABLES)]


def _ports(random: Random) -> list[Data]:
    pairs = random.sample([(port, protocol) for port in (80, 90) for protocol in ("TCP", "UDP")], 2)
    return [
        {"containerPort": port, "protocol": protocol, "name": f"port-{random.randint(0, 9)}"}
        for port, protocol in pairs
    ]


def _mounts(random: Random) -> list[Data]:
    return [{"mountPath": path, "name": "data"} for path in _some(random, ("/a", "/b", "/c"))]


def _resources(random: Random) -> Data:
    return {"limits": {name: random.randint(1, 9) for name in _some(random, ("cpu", "memory", "example.com/gpu"))}}


def _volumes(random: Random) -> list[Data]:
    return [{"name": name, "emptyDir": {}} for name in _some(random, ("data", "cache", "work"))]


def _tolerations(random: Random) -> list[Data]:
    return [{"key": key, "operator": "Exists"} for key in _some(random, _VARIABLES)]


def _host_aliases(random: Random) -> list[Data]:
    return [{"ip": ip, "hostnames": _some(random, _VARIABLES)} for ip in _some(random, ("10.0.0.1", "10.0.0.2"))]


def _secrets(random: Random) -> list[Data]:
    return [{"name": name} for name in _some(random, _VARIABLES)]


def _constraints(random: Random) -> list[Data]:
    return [
        {"topologyKey": key, "whenUnsatisfiable": "DoNotSchedule", "maxSkew": random.randint(1, 5)}
        for key in _some(random, ("zone", "rack"))
    ]


def _labels(random: Random) -> Data:
    return {key: f"v{random.randint(0, 9)}" for key in _some(random, ("app", "team", "tier"))}
