"""JSG323: field path."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.field_paths import entry_of
from jobsetgen.kubernetes.labels import bad_label_key
from jobsetgen.kubernetes.quantities import thousandths
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import string
from jobsetgen.rules.common.fields import downward_files, field_sources
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import UNKNOWN
from jobsetgen.words import near

_OF_METADATA = frozenset(["metadata.name", "metadata.namespace", "metadata.uid"])


_OF_VARIABLES = _OF_METADATA | {
    "spec.host",  # what old clients call spec.nodeName
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
}


_OF_FILES = _OF_METADATA | {"metadata.labels", "metadata.annotations"}


_RESOURCES = tuple(
    f"{kind}.{name}"
    for kind in ("limits", "requests")
    for name in ("cpu", "memory", "ephemeral-storage")
)


@job_rule("JSG323", "error", since="0.1", source=UNKNOWN)
def field_path(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A fieldRef or a resourceFieldRef reads what a container cannot read of its pod.

    A variable can read metadata.name, .namespace and .uid, one label or annotation (`metadata.labels['key']`),
    spec.nodeName, spec.serviceAccountName, and the IP addresses in status; a file of a downwardAPI volume the same of
    metadata, and all labels or annotations. Of resources both read the limits and requests of cpu, memory,
    ephemeral-storage and huge pages; a file has to say of which container.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec: {containers: [{env: [{name: APP, valueFrom: {fieldRef: {fieldPath: metadata.labels.app}}}]}]}

    Good::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec: {containers: [{env: [{name: A, valueFrom: {fieldRef: {fieldPath: "metadata.labels['app']"}}}]}]}
    """
    for path, source in field_sources(job):
        yield from _reference(source, path, in_file=False)
    for path, file in downward_files(job):
        yield from _reference(file, path, in_file=True)


def _reference(reader: Mapping[str, Any], path: Path, *, in_file: bool) -> Iterator[Finding]:
    field, resource = reader.get("fieldRef"), reader.get("resourceFieldRef")
    if isinstance(field, Mapping):
        yield from _field(field, (*path, "fieldRef"), in_file)
    if isinstance(resource, Mapping):
        yield from _resource(resource, (*path, "resourceFieldRef"), in_file)


def _field(field: Mapping[str, Any], path: Path, in_file: bool) -> Iterator[Finding]:
    read, place = field.get("fieldPath"), (*path, "fieldPath")
    readable = _OF_FILES if in_file else _OF_VARIABLES
    if string(field, "apiVersion", "v1") not in ("", "v1"):
        message = f"fieldRef reads version v1 of the pod, not {field['apiVersion']}"
        yield Finding(path=(*path, "apiVersion"), message=message)
    if not isinstance(read, str) or read in readable:
        return
    entry = entry_of(read)
    if entry is None:
        reader = "a file can show" if in_file else "a variable can be read from"
        message = f"'{read}' is no field of the pod that {reader}"
        yield Finding(path=place, message=message, hint=_meant(read, readable))
    elif reason := bad_label_key(entry.key.lower() if entry.kind == "annotation" else entry.key):
        yield Finding(
            path=place,
            message=f"'{entry.key}' cannot be the key of a label or an annotation: {reason}",
        )


def _meant(read: str, readable: frozenset[str]) -> str:
    if read in _OF_FILES:
        return f"One of them is read as {read}['key']; a file of a downwardAPI volume shows all."
    found = re.fullmatch(r"metadata\.(labels|annotations)(?:\.|\[\"?)([^'\"\]]+)\"?\]?", read)
    return f"Did you mean \"metadata.{found[1]}['{found[2]}']\"?" if found else near(read, readable)


def _resource(resource: Mapping[str, Any], path: Path, in_file: bool) -> Iterator[Finding]:
    name, divisor = string(resource, "resource"), resource.get("divisor", 0)
    if in_file and not string(resource, "containerName"):
        message = "a file that shows a resource needs the containerName of whose it is"
        yield Finding(path=(*path, "containerName"), message=message)
    if name not in _RESOURCES and not name.startswith(("limits.hugepages-", "requests.hugepages-")):
        message = f"'{name}' is no resource that a container can read"
        yield Finding(path=(*path, "resource"), message=message, hint=near(name, _RESOURCES))
    elif thousandths(divisor) not in _divisors(name):
        allowed = "1m and 1" if name.endswith(".cpu") else "1 and one of each unit, such as 1Mi"
        message = f"the divisor of {name} is {divisor}; allowed are {allowed}"
        yield Finding(path=(*path, "divisor"), message=message)


def _divisors(resource: str) -> set[int]:
    """Return the divisors of a resource in thousandths; 0 is as none."""
    if resource.endswith(".cpu"):
        return {0, 1, 1000}
    return {0, 1000, *(1000 * unit**power for unit in (1000, 1024) for power in range(1, 7))}
