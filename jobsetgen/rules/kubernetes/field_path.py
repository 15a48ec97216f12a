"""JSG323: field path."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.field_paths import Entry, entry_of
from jobsetgen.kubernetes.labels import bad_label_key
from jobsetgen.kubernetes.quantities import thousandths
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import string
from jobsetgen.rules.common.fields import downward_files, field_sources
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import kubernetes
from jobsetgen.words import near

_OF_METADATA = frozenset(["metadata.name", "metadata.namespace", "metadata.uid"])
_OF_VARIABLES = _OF_METADATA | {
    # What old clients call spec.nodeName.
    "spec.host",
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
_HUGE_PAGES = ("limits.hugepages-", "requests.hugepages-")
_UNQUOTED_ENTRY = r"metadata\.(labels|annotations)(?:\.|\[\"?)([^'\"\]]+)\"?\]?"


@job_rule(
    "JSG323",
    "error",
    since="0.1",
    source=kubernetes("pkg/apis/core/validation/validation.go", "validateObjectFieldSelector"),
)
def field_path(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A fieldRef or a resourceFieldRef refers to something that a container cannot read.

    A variable can read metadata.name, .namespace and .uid, one label or annotation
    (`metadata.labels['key']`), spec.nodeName, spec.serviceAccountName, and the IP addresses in
    status. A file of a downwardAPI volume can show the same fields of metadata, and all labels or
    all annotations. Both can show the limits and requests of cpu, memory, ephemeral-storage and
    huge pages; a file must name the container.

    Error because every API server refuses such a reference.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    containers:
                    - env: [{name: APP, valueFrom: {fieldRef: {fieldPath: metadata.labels.app}}}]

    Good::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    containers:
                    - env:
                      - {name: APP, valueFrom: {fieldRef: {fieldPath: "metadata.labels['app']"}}}
    """
    for path, source in field_sources(job):
        yield from _reference(source, path, in_file=False)
    for path, file in downward_files(job):
        yield from _reference(file, path, in_file=True)


def _reference(reader: Mapping[str, Any], path: Path, *, in_file: bool) -> Iterator[Finding]:
    field = reader.get("fieldRef")
    if isinstance(field, Mapping):
        yield from _version(field, (*path, "fieldRef"))
        yield from _field(field, (*path, "fieldRef"), in_file)
    resource = reader.get("resourceFieldRef")
    if isinstance(resource, Mapping):
        yield from _resource(resource, (*path, "resourceFieldRef"), in_file)


def _version(field: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    version = string(field, "apiVersion", "v1")
    if version not in ("", "v1"):
        message = f"the apiVersion of a fieldRef is {version}, but must be v1"
        yield Finding(path=(*path, "apiVersion"), message=message)


def _field(field: Mapping[str, Any], path: Path, in_file: bool) -> Iterator[Finding]:
    read = field.get("fieldPath")
    readable = _OF_FILES if in_file else _OF_VARIABLES
    if not isinstance(read, str) or read in readable:
        return

    place = (*path, "fieldPath")
    entry = entry_of(read)
    if entry:
        yield from _entry(entry, place)
        return
    reader = "a file cannot show it" if in_file else "an environment variable cannot read it"
    message = f"invalid fieldPath '{read}': {reader}"
    yield Finding(path=place, message=message, hint=_meant(read, readable))


def _entry(entry: Entry, path: Path) -> Iterator[Finding]:
    # The API server takes capitals in the prefix of an annotation's key.
    key = entry.key.lower() if entry.kind == "annotation" else entry.key
    reason = bad_label_key(key)
    if reason:
        message = f"invalid {entry.kind} key '{entry.key}': {reason}"
        yield Finding(path=path, message=message)


def _meant(read: str, readable: frozenset[str]) -> str:
    """Return a hint at what was probably meant to be read, or nothing."""
    if read in _OF_FILES:
        return f"Read one as {read}['key'], or show all in a file of a downwardAPI volume."
    entry = re.fullmatch(_UNQUOTED_ENTRY, read)
    if entry:
        return f"Did you mean \"metadata.{entry[1]}['{entry[2]}']\"?"
    return near(read, readable)


def _resource(resource: Mapping[str, Any], path: Path, in_file: bool) -> Iterator[Finding]:
    if in_file and not string(resource, "containerName"):
        message = "the resourceFieldRef of a file needs a containerName"
        yield Finding(path=(*path, "containerName"), message=message)

    name = string(resource, "resource")
    if name in _RESOURCES or name.startswith(_HUGE_PAGES):
        yield from _divisor(name, resource.get("divisor", 0), path)
    else:
        message = f"invalid resource '{name}': a container cannot read it"
        yield Finding(path=(*path, "resource"), message=message, hint=near(name, _RESOURCES))


def _divisor(resource: str, divisor: Any, path: Path) -> Iterator[Finding]:
    if thousandths(divisor) in _divisors(resource):
        return

    allowed = "1m or 1" if resource.endswith(".cpu") else "1 or a single unit, such as 1Mi"
    message = f"the divisor of {resource} is {divisor}, but must be {allowed}"
    yield Finding(path=(*path, "divisor"), message=message)


def _divisors(resource: str) -> set[int]:
    """Return the divisors of a resource in thousandths; 0 is as none."""
    if resource.endswith(".cpu"):
        return {0, 1, 1000}
    units = {1000 * base**power for base in (1000, 1024) for power in range(1, 7)}
    return {0, 1000, *units}
