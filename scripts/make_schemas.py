"""Write schemas/kubernetes/: for each Kubernetes version, what the fields of the objects that we check are.

The source is the development package kubernetes-validate, which carries the API servers' own OpenAPI as JSON Schemas.
Kept are names, types, required fields and enumerations; left out is everything that only people read.

Run: python scripts/make_schemas.py [--check]
"""

from __future__ import annotations

import argparse
import importlib.resources
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

VERSIONS = ("1.31", "1.32", "1.33", "1.34", "1.35", "1.36", "1.37")
ROOTS = (
    "io.k8s.api.batch.v1.Job",
    "io.k8s.api.batch.v1.JobTemplateSpec",
    "io.k8s.api.core.v1.ConfigMap",
    "io.k8s.api.core.v1.PersistentVolumeClaim",
    "io.k8s.api.core.v1.Service",
    "io.k8s.api.core.v1.ServiceAccount",
    "io.k8s.api.rbac.v1.Role",
    "io.k8s.api.rbac.v1.RoleBinding",
)
TARGET = Path(__file__).resolve().parent.parent / "schemas" / "kubernetes"

# What the API server decides by itself in code, and its OpenAPI does not say: the values of closed sets. An empty
# string is here where it means something else than a field that is left out.
ENUMS = {
    "AppArmorProfile.type": "Localhost RuntimeDefault Unconfined",
    "Container.imagePullPolicy": "Always IfNotPresent Never",
    "Container.restartPolicy": "Always Never OnFailure",
    "Container.terminationMessagePolicy": "FallbackToLogsOnError File",
    "ContainerPort.protocol": "SCTP TCP UDP",
    "ContainerResizePolicy.restartPolicy": "NotRequired RestartContainer",
    "HTTPGetAction.scheme": "HTTP HTTPS",
    "HostPathVolumeSource.type": " BlockDevice CharDevice Directory DirectoryOrCreate File FileOrCreate Socket",
    "ImageVolumeSource.pullPolicy": "Always IfNotPresent Never",
    "JobSpec.completionMode": "Indexed NonIndexed",
    "JobSpec.podReplacementPolicy": "Failed TerminatingOrFailed",
    "LabelSelectorRequirement.operator": "DoesNotExist Exists In NotIn",
    "NodeSelectorRequirement.operator": "DoesNotExist Exists Gt In Lt NotIn",
    "PersistentVolumeClaimSpec.accessModes[]": "ReadOnlyMany ReadWriteMany ReadWriteOnce ReadWriteOncePod",
    "PersistentVolumeClaimSpec.volumeMode": "Block Filesystem",
    "PodFailurePolicyOnExitCodesRequirement.operator": "In NotIn",
    "PodFailurePolicyOnPodConditionsPattern.status": "False True Unknown",
    "PodFailurePolicyRule.action": "Count FailIndex FailJob Ignore",
    "PodOS.name": "linux windows",
    "PodSecurityContext.fsGroupChangePolicy": "Always OnRootMismatch",
    "PodSecurityContext.supplementalGroupsPolicy": "Merge Strict",
    "PodSpec.dnsPolicy": "ClusterFirst ClusterFirstWithHostNet Default None",
    "PodSpec.preemptionPolicy": "Never PreemptLowerPriority",
    "PodSpec.restartPolicy": "Always Never OnFailure",
    "SeccompProfile.type": "Localhost RuntimeDefault Unconfined",
    "SecurityContext.procMount": "Default Unmasked",
    "ServicePort.protocol": "SCTP TCP UDP",
    "ServiceSpec.externalTrafficPolicy": "Cluster Local",
    "ServiceSpec.ipFamilyPolicy": "PreferDualStack RequireDualStack SingleStack",
    "ServiceSpec.sessionAffinity": "ClientIP None",
    "ServiceSpec.type": "ClusterIP ExternalName LoadBalancer NodePort",
    "Toleration.effect": " NoExecute NoSchedule PreferNoSchedule",
    # Lt and Gt came as an alpha feature in 1.35; a cluster without it says so itself.
    "Toleration.operator": " Equal Exists Gt Lt",
    "TopologySpreadConstraint.nodeAffinityPolicy": "Honor Ignore",
    "TopologySpreadConstraint.nodeTaintsPolicy": "Honor Ignore",
    "TopologySpreadConstraint.whenUnsatisfiable": "DoNotSchedule ScheduleAnyway",
    "VolumeMount.mountPropagation": "Bidirectional HostToContainer None",
    "VolumeMount.recursiveReadOnly": "Disabled Enabled IfPossible",
}

# Required in the OpenAPI, but the API server fills it in.
DEFAULTED = {("PodFailurePolicyOnPodConditionsPattern", "status")}

# The server's own reports: nobody writes them, and they would double the files.
OPAQUE = frozenset(["JobStatus", "ServiceStatus", "PersistentVolumeClaimStatus"])

PLAIN = {
    "Quantity": {"type": ["string", "number"]},
    "IntOrString": {"type": ["string", "integer"]},
}


def source(version: str) -> dict[str, Any]:
    """Return the definitions of a version, by their long names."""
    package = importlib.resources.files("kubernetes_validate")
    path = package / "kubernetes-json-schema" / f"v{version}.0-local-strict" / "_definitions.json"
    definitions: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["$defs"]
    return definitions


def trimmed(version: str) -> dict[str, Any]:
    """Return the schema document of a version: the roots and whatever they refer to, by short names.

    Raises SystemExit when two definitions would share a short name.
    """
    definitions = source(version)
    names: dict[str, str] = {}
    found: dict[str, Any] = {}
    queue = list(ROOTS)
    while queue:
        long = queue.pop()
        short = long.rpartition(".")[2]
        if names.setdefault(short, long) != long:
            raise SystemExit(f"{version}: {names[short]} and {long} share a name")
        if short in found:
            continue
        found[short] = PLAIN.get(short) or _definition(short, definitions[long])
        queue += _references(definitions[long]) if short not in OPAQUE else []
    missing = [key for key in ENUMS if key.partition(".")[0] not in found]
    if version == VERSIONS[-1] and missing:
        raise SystemExit(f"the table of enumerations names what is not there: {', '.join(missing)}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$defs": dict(sorted(found.items())),
    }


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"].rpartition("/")[2]
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)


def _definition(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    if name in OPAQUE:
        return {"type": "object"}
    plain = _plain(schema, name)
    if required := [field for field in schema.get("required", ()) if (name, field) not in DEFAULTED]:
        plain["required"] = sorted(required)
    return plain


def _plain(schema: dict[str, Any], place: str) -> dict[str, Any]:
    """Return a schema in the few words that ours are written in; `place` is its key in the table of enumerations."""
    if "$ref" in schema:
        return {"$ref": "#/$defs/" + schema["$ref"].rpartition(".")[2]}
    plain: dict[str, Any] = {}
    if "type" in schema:
        plain["type"] = _type(schema["type"])
    if schema.get("format") in ("int32", "int64"):
        plain["format"] = schema["format"]
    if "enum" in schema or place in ENUMS:
        plain["enum"] = schema.get("enum") or ENUMS[place].split(" ")
    if "items" in schema:
        plain["items"] = _plain(schema["items"], f"{place}[]")
    if "properties" in schema:
        fields = sorted(schema["properties"].items())
        plain["properties"] = {field: _plain(inner, f"{place}.{field}") for field, inner in fields}
        plain["additionalProperties"] = False
    elif isinstance(schema.get("additionalProperties"), dict):
        plain["additionalProperties"] = _plain(schema["additionalProperties"], f"{place}{{}}")
    return plain


def _type(written: str | list[str]) -> str:
    """Return the type without null: a null is dropped before anything is checked."""
    kinds = [written] if isinstance(written, str) else [kind for kind in written if kind != "null"]
    if len(kinds) != 1:
        raise SystemExit(f"a type of several: {written}")
    return kinds[0]


def text(document: dict[str, Any]) -> str:
    """Return a schema document with one property a line, so that a diff between versions can be read."""
    lines = ["{", f' "$schema": {json.dumps(document["$schema"])},', ' "$defs": {']
    for name, schema in document["$defs"].items():
        lines.append(f"  {json.dumps(name)}: {{")
        properties = schema.get("properties")
        rest = {key: value for key, value in schema.items() if key != "properties"}
        entries = [f"   {json.dumps(key)}: {json.dumps(value)}" for key, value in rest.items()]
        if properties is not None:
            inner = ",\n".join(f"    {json.dumps(key)}: {json.dumps(value)}" for key, value in properties.items())
            entries.append(f'   "properties": {{\n{inner}\n   }}')
        lines += [",\n".join(entries), "  },"]
    lines[-1] = "  }"
    return "\n".join([*lines, " }", "}", ""])


def main() -> None:
    """Write the files, or with --check tell which are not what would be written."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a file differs")
    check = parser.parse_args().check
    stale = []
    TARGET.mkdir(parents=True, exist_ok=True)
    for version in VERSIONS:
        path = TARGET / f"{version}.json"
        content = text(trimmed(version))
        if not path.exists() or path.read_text(encoding="utf-8") != content:
            stale.append(path.name)
            if not check:
                path.write_text(content, encoding="utf-8")
    if check and stale:
        sys.exit(f"not what scripts/make_schemas.py writes: {', '.join(stale)}")


if __name__ == "__main__":
    main()
