"""Write schemas/kubernetes/: for each Kubernetes version, what the fields of the objects that we check are.

The source is the development package kubernetes-validate, which carries the API servers' own OpenAPI as JSON Schemas.
Kept are names, types, required fields and enumerations; left out is everything that only people read. A field whose
description plainly lists its values must be in one of the tables below: most of what a new version brings is noticed.

Run: python scripts/make_schemas.py [--check]
"""

from __future__ import annotations

import argparse
import importlib.resources
import json
import re
import sys
from collections.abc import Iterator, Mapping
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

_SIGNALS = (
    "SIGABRT SIGALRM SIGBUS SIGCHLD SIGCLD SIGCONT SIGFPE SIGHUP SIGILL SIGINT SIGIO SIGIOT SIGKILL SIGPIPE SIGPOLL "
    "SIGPROF SIGPWR SIGQUIT SIGRTMAX SIGRTMIN SIGSEGV SIGSTKFLT SIGSTOP SIGSYS SIGTERM SIGTRAP SIGTSTP SIGTTIN "
    "SIGTTOU SIGURG SIGUSR1 SIGUSR2 SIGVTALRM SIGWINCH SIGXCPU SIGXFSZ "
) + " ".join([f"SIGRTMIN+{n}" for n in range(1, 16)] + [f"SIGRTMAX-{n}" for n in range(1, 15)])

# What the API server decides by itself in code, and its OpenAPI does not say: the values of closed sets. An empty
# string is here where the server keeps it as a value, and where it fills in a default instead: there it is dropped
# before anything else is done (jobsetgen/model/empties.py).
ENUMS = {
    "AppArmorProfile.type": "Localhost RuntimeDefault Unconfined",
    "AzureDiskVolumeSource.cachingMode": "None ReadOnly ReadWrite",
    "AzureDiskVolumeSource.kind": "Dedicated Managed Shared",
    "Container.imagePullPolicy": " Always IfNotPresent Never",
    "Container.restartPolicy": "Always",
    "Container.terminationMessagePolicy": " FallbackToLogsOnError File",
    "ContainerPort.protocol": " SCTP TCP UDP",
    "ContainerResizePolicy.resourceName": "cpu memory",
    "ContainerResizePolicy.restartPolicy": "NotRequired RestartContainer",
    "ContainerRestartRule.action": "Restart",
    "ContainerRestartRuleOnExitCodes.operator": "In NotIn",
    "GRPCAction.mode": "Plaintext TLS",
    "HTTPGetAction.protocol": "HTTP1 HTTP2",
    "HTTPGetAction.scheme": " HTTP HTTPS",
    "HostPathVolumeSource.type": " BlockDevice CharDevice Directory DirectoryOrCreate File FileOrCreate Socket",
    "ImageVolumeSource.pullPolicy": " Always IfNotPresent Never",
    "JobSpec.completionMode": "Indexed NonIndexed",
    "JobSpec.podReplacementPolicy": "Failed TerminatingOrFailed",
    "LabelSelectorRequirement.operator": "DoesNotExist Exists In NotIn",
    "Lifecycle.stopSignal": _SIGNALS,
    "NodeSelectorRequirement.operator": "DoesNotExist Exists Gt In Lt NotIn",
    "PersistentVolumeClaimSpec.accessModes[]": "ReadOnlyMany ReadWriteMany ReadWriteOnce ReadWriteOncePod",
    "PersistentVolumeClaimSpec.volumeMode": "Block Filesystem",
    "PodCertificateProjection.keyType": "ECDSAP256 ECDSAP384 ECDSAP521 ED25519 RSA3072 RSA4096",
    "PodFailurePolicyOnExitCodesRequirement.operator": "In NotIn",
    "PodFailurePolicyOnPodConditionsPattern.status": " False True Unknown",
    "PodFailurePolicyRule.action": "Count FailIndex FailJob Ignore",
    "PodOS.name": "linux windows",
    "PodSecurityContext.fsGroupChangePolicy": "Always OnRootMismatch",
    "PodSecurityContext.seLinuxChangePolicy": "MountOption Recursive",
    "PodSecurityContext.supplementalGroupsPolicy": "Merge Strict",
    "PodSpec.dnsPolicy": " ClusterFirst ClusterFirstWithHostNet Default None",
    "PodSpec.preemptionPolicy": "Never PreemptLowerPriority",
    "PodSpec.restartPolicy": " Always Never OnFailure",
    "RoleRef.apiGroup": " rbac.authorization.k8s.io",
    "RoleRef.kind": "ClusterRole Role",
    "SeccompProfile.type": "Localhost RuntimeDefault Unconfined",
    "SecurityContext.procMount": "Default Unmasked",
    "ServicePort.protocol": " SCTP TCP UDP",
    "ServiceSpec.externalTrafficPolicy": " Cluster Local",
    "ServiceSpec.internalTrafficPolicy": "Cluster Local",
    "ServiceSpec.ipFamilies[]": "IPv4 IPv6",
    "ServiceSpec.ipFamilyPolicy": "PreferDualStack RequireDualStack SingleStack",
    "ServiceSpec.sessionAffinity": " ClientIP None",
    "ServiceSpec.trafficDistribution": "PreferClose",
    "ServiceSpec.type": " ClusterIP ExternalName LoadBalancer NodePort",
    "Subject.apiGroup": " rbac.authorization.k8s.io",
    "Subject.kind": "Group ServiceAccount User",
    "Toleration.effect": " NoExecute NoSchedule PreferNoSchedule",
    "Toleration.operator": " Equal Exists",
    "TopologySpreadConstraint.nodeAffinityPolicy": "Honor Ignore",
    "TopologySpreadConstraint.nodeTaintsPolicy": "Honor Ignore",
    "TopologySpreadConstraint.whenUnsatisfiable": "DoNotSchedule ScheduleAnyway",
    "VolumeMount.bindMountOptions[]": "nodev noexec nosuid",
    "VolumeMount.mountPropagation": "Bidirectional HostToContainer None",
    "VolumeMount.recursiveReadOnly": "Disabled Enabled IfPossible",
}

# Values that a later version added. Some came as alpha features: as with new fields, a cluster that has the feature
# switched off says so itself.
LATER = {
    "Container.restartPolicy": ("1.34", "Never OnFailure"),
    "ContainerRestartRule.action": ("1.35", "RestartAllContainers"),
    "ServiceSpec.trafficDistribution": ("1.33", "PreferSameNode PreferSameZone"),
    "Toleration.operator": ("1.35", "Gt Lt"),
}

# Descriptions that list values although the field is no closed set for who writes a manifest, and why it is none.
OPEN = {
    "EmptyDirVolumeSource.medium": "HugePages-<size> is taken for every page size",
    "EphemeralContainer.imagePullPolicy": "a pod template takes no ephemeral containers",
    "ManagedFieldsEntry.fieldsType": "the server's own",
    "ManagedFieldsEntry.operation": "the server's own",
    "ServicePort.appProtocol": "any label name is taken",
    "ServiceSpec.clusterIP": "an address is taken",
    "ServiceSpec.clusterIPs[]": "an address is taken",
    "StorageOSVolumeSource.volumeNamespace": "a name is taken",
}
_LISTING = re.compile(
    r"\b[Oo]ne of [A-Z]\w+, |\b([Vv]alid|[Pp]ossible|[Aa]llowed|[Ee]xpected|[Ss]upported) (value|option|operator)s?\b"
    r"|[Mm]ust be an empty string|[Ss]et to \""
)

# Required in the OpenAPI, but the API server fills it in.
DEFAULTED = {("PodFailurePolicyOnPodConditionsPattern", "status"), ("RoleRef", "apiGroup")}

# The server's own reports: nobody writes them, and they would double the files.
OPAQUE = frozenset(["FieldsV1", "JobStatus", "ServiceStatus", "PersistentVolumeClaimStatus"])

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

    Raises SystemExit when two definitions would share a short name, or a description lists values that no table knows.
    """
    definitions, enums = source(version), enums_of(version)
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
        found[short] = PLAIN.get(short) or _definition(short, definitions[long], enums)
        _check_tables(short, definitions[long])
        queue += _references(definitions[long]) if short not in OPAQUE else []
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$defs": dict(sorted(found.items())),
    }


def enums_of(version: str) -> dict[str, list[str]]:
    """Return the values of each closed set as a version has them, sorted, by the place of the field."""
    values = {place: set(written.split(" ")) for place, written in ENUMS.items()}
    for place, (since, written) in LATER.items():
        if VERSIONS.index(version) >= VERSIONS.index(since):
            values[place] |= set(written.split(" "))
    return {place: sorted(each) for place, each in values.items()}


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"].rpartition("/")[2]
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)


def _definition(name: str, schema: dict[str, Any], enums: Mapping[str, list[str]]) -> dict[str, Any]:
    if name in OPAQUE:
        return {"type": "object"}
    plain = _plain(schema, name, enums)
    if required := [field for field in schema.get("required", ()) if (name, field) not in DEFAULTED]:
        plain["required"] = sorted(required)
    return plain


def _plain(schema: dict[str, Any], place: str, enums: Mapping[str, list[str]]) -> dict[str, Any]:
    """Return a schema in the few words that ours are written in; `place` is its key in the tables."""
    if "$ref" in schema:
        return {"$ref": "#/$defs/" + schema["$ref"].rpartition(".")[2]}
    plain: dict[str, Any] = {"type": _type(schema["type"])}
    if schema.get("format") in ("int32", "int64"):
        plain["format"] = schema["format"]
    if values := schema.get("enum") or enums.get(place):
        plain["enum"] = values
    if "items" in schema:
        plain["items"] = _plain(schema["items"], f"{place}[]", enums)
    elif isinstance(schema.get("additionalProperties"), dict):
        plain["additionalProperties"] = _plain(schema["additionalProperties"], f"{place}{{}}", enums)
    elif plain["type"] == "object":
        # Also an object without fields, such as the `basic: {}` of a scheduling policy, takes no others.
        fields = sorted(schema.get("properties", {}).items())
        plain["properties"] = {field: _plain(inner, f"{place}.{field}", enums) for field, inner in fields}
        plain["additionalProperties"] = False
    return plain


def _check_tables(name: str, schema: dict[str, Any]) -> None:
    """Raise SystemExit where a description lists values of text and no table says whether the set is closed."""
    for field, inner in schema.get("properties", {}).items():
        text_of = inner.get("items", inner)
        place = f"{name}.{field}" + ("[]" if "items" in inner else "")
        if "string" not in text_of.get("type", ()) or place in ENUMS or place in OPEN or name in OPAQUE:
            continue
        if _LISTING.search(inner.get("description", "")):
            raise SystemExit(f"{place} lists its values: name them in ENUMS, or say in OPEN why not")


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
        rest = {key: value for key, value in schema.items() if key != "properties" or not value}
        entries = [f"   {json.dumps(key)}: {json.dumps(value)}" for key, value in rest.items()]
        if properties:
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
    for version in VERSIONS:
        path = TARGET / f"{version}.json"
        content = text(trimmed(version))
        if not path.exists() or path.read_text(encoding="utf-8") != content:
            stale.append(path.name)
            if not check:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(content, encoding="utf-8")
    if check and stale:
        sys.exit(f"not what scripts/make_schemas.py writes: {', '.join(stale)}")


if __name__ == "__main__":
    main()
