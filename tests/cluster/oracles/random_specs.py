"""Random JobSets from a seed, with odd values in every field that the schema of a Job has."""

from __future__ import annotations

import json
import random
from typing import Any

from jobsetgen.assets import asset
from jobsetgen.kubernetes.versions import VERSIONS

Json = dict[str, Any]
SCHEMAS: dict[str, Json] = json.loads(asset("schemas", "kubernetes", f"{VERSIONS[-1]}.json").read_text())["$defs"]
DEEPEST = 8
# Drivers inside of Kubernetes, most of them taken out by now: what is in theirs we pass on as it is.
DRIVERS = (
    "awsElasticBlockStore azureDisk azureFile cephfs cinder fc flexVolume flocker gcePersistentDisk gitRepo glusterfs "
    "iscsi photonPersistentDisk portworxVolume quobyte rbd scaleIO storageos vsphereVolume"
)
LEFT_OUT = {
    "JobSpec": {"template", "selector", "manualSelector"},
    "PodSpec": {"containers", "ephemeralContainers"},
    "Container": {"name", "image"},
    "Volume": set(DRIVERS.split()),
}
TEXTS = ["main", "data", "a", "b", "A", "", "a.b", "-x", "a_b", "x" * 64, "http", "1", "example.com/a", "..", "a b"]
# For fields where an odd text is nearly always wrong in the same way; by the field's name.
LIKELY: dict[str, list[Any]] = {
    "accessModes": ["ReadWriteOnce", "ReadWriteOncePod", "ReadWriteMany"],
    "add": ["SYS_ADMIN", "CAP_SYS_ADMIN"],
    "claimName": ["a", "A"],
    "conditionType": ["Ready", "a/b", "a b"],
    "driver": ["a.b", "A", "a_b"],
    "fieldPath": ["metadata.name", "metadata.labels['a']", "status.podIP", "spec.nodeName", "metadata.annotations"],
    "hostIP": ["1.2.3.4", "x", "::1"],
    "hostnames": ["a", "A.b", "a_b"],
    "ip": ["1.2.3.4", "x", "::1", "01.2.3.4", "::ffff:1.2.3.4"],
    "localhostProfile": ["a", "../x", "/a", " a"],
    "mountPath": ["/data", "/x", "data", "", "/a:b"],
    "nameservers": ["1.2.3.4", "x", "8.8.8.8", "::1", "08.8.8.8"],
    "operator": ["In", "NotIn", "Exists", "DoesNotExist"],
    "path": ["/data", "a/b", "../a", "", "/a/..", "a"],
    "priorityClassName": ["high", "system-node-critical", "A b"],
    "resource": ["limits.cpu", "requests.memory", "limits.a"],
    "runAsUserName": ["trainer", "a\\b", "a\\b\\c", "..", "a/b"],
    "searches": ["a.b", "A B", "ns.svc.", "."],
    "serviceAccount": ["a"],
    "serviceAccountName": ["a", "default", "A"],
    "subPath": ["a", "../b", "/c"],
    "succeededIndexes": ["0", "0-1", "1,0", "a", "0,2-3"],
    "topologyKey": ["kubernetes.io/hostname", "a b", ""],
    "value": ["a", "", "5", "a b"],
    "values": ["a", "1", "a b", ""],
}
NUMBERS = [0, 1, 1, 2, 3, 5, -1, 30, 100, 1000, 65535, 65536, 2**31 - 1]
QUANTITIES = ["1", "100m", "1Gi", "-1", "0", "1.5", 2, "128Mi", "2Gi"]
RESOURCES = ["cpu", "memory", "nvidia.com/gpu", "ephemeral-storage", "storage", "hugepages-2Mi", "foo"]
KEYS = ["app", "x", "a b", "example.com/z"]
IMAGE = "registry.example.com/train:1"


def random_jobset(seed: int) -> Json:
    """Return the JobSet of a seed: a plain one in which one to three fields of the Job are set."""
    chance = random.Random(seed)
    container: Json = {"name": "main", "image": IMAGE}
    pod: Json = {"restartPolicy": chance.choice(["Never", "Never", "OnFailure"]), "containers": [container]}
    job: Json = {"template": {"spec": pod}}
    for _ in range(chance.choice([1, 1, 2, 3])):
        _set_one(chance, job, pod, container)
    replicated = {"name": "workers", "template": {"spec": job}}
    spec = {"replicatedJobs": [replicated]}
    return {"apiVersion": "jobset.x-k8s.io/v1alpha2", "kind": "JobSet", "metadata": {"name": "train"}, "spec": spec}


def _set_one(chance: random.Random, job: Json, pod: Json, container: Json) -> None:
    """Set a field somewhere; a volume is mounted and a mount has a volume, or nearly all would be wrong alike."""
    kind, target = chance.choice(
        [("JobSpec", job), ("PodSpec", pod), ("PodSpec", pod), ("Container", container), ("Container", container)]
    )
    schemas = SCHEMAS[kind]["properties"]
    field = chance.choice(sorted(schemas.keys() - LEFT_OUT[kind]))
    target[field] = _value(chance, schemas[field], field)
    if field == "volumeMounts":
        pod.setdefault("volumes", [{"name": each["name"], "emptyDir": {}} for each in target[field]])
    if field == "volumes":
        mounts = [{"name": each["name"], "mountPath": f"/{index}"} for index, each in enumerate(target[field])]
        container.setdefault("volumeMounts", mounts)


def _value(chance: random.Random, schema: Json, field: str, kind: str = "", depth: int = 0) -> Any:
    if "$ref" in schema:
        return _named(chance, schema["$ref"].rpartition("/")[2], field, depth)
    if "enum" in schema:
        return chance.choice(schema["enum"])
    match schema["type"]:
        case "string":
            return chance.choice(LIKELY.get(field, TEXTS))
        case "integer":
            return chance.choice(NUMBERS)
        case "boolean":
            return chance.random() < 0.5
        case "array":
            return [_value(chance, schema["items"], field, "", depth + 1) for _ in range(chance.choice([0, 1, 1, 2]))]
    return _object(chance, schema, field, kind, depth)


def _named(chance: random.Random, kind: str, field: str, depth: int) -> Any:
    if kind == "Quantity":
        return chance.choice(QUANTITIES)
    if kind == "IntOrString":
        return chance.choice([1, 0, 70000, "http", "A"])
    if kind == "Time":
        return "2026-01-01T00:00:00Z"
    return _value(chance, SCHEMAS[kind], field, kind, depth)


def _object(chance: random.Random, schema: Json, field: str, kind: str, depth: int) -> Json:
    schemas = schema.get("properties")
    if schemas is None:
        keys = RESOURCES if field in ("limits", "requests") else KEYS
        chosen = chance.sample(keys, chance.choice([0, 1, 1, 2]))
        return {key: _value(chance, schema["additionalProperties"], "value", "", depth + 1) for key in chosen}
    required = set(schema.get("required", ()))
    often = min(1.0, 2.2 / len(schemas)) if schemas and depth < DEEPEST else 0.0
    fields = [each for each in schemas if each not in LEFT_OUT.get(kind, ()) or each in required]
    chosen = [each for each in fields if each in required or chance.random() < often]
    found = {each: _value(chance, schemas[each], each, "", depth + 1) for each in chosen}
    return {**found, "image": IMAGE} if kind == "Container" else found
