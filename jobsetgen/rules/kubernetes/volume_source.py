"""JSG331: volume source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.names import MAX_LABEL, is_subdomain
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import string
from jobsetgen.rules.common.volumes import volumes_of
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import kubernetes

# What a source needs although the schema does not require it.
_NEEDED = {
    "secret": "secretName",
    "configMap": "name",
    "image": "reference",
    "ephemeral": "volumeClaimTemplate",
}

# What the schema requires, and cannot be empty.
_NOT_EMPTY = {
    "persistentVolumeClaim": "claimName",
    "hostPath": "path",
    "nfs": "server",
    "csi": "driver",
}


@job_rule(
    "JSG331",
    "error",
    since="0.1",
    source=kubernetes("pkg/apis/core/validation/validation.go", "validateVolumeSource"),
)
def volume_source(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A volume has more than one source, or an incomplete or malformed one.

    A volume without a source is an emptyDir.

    Error because every API server refuses a Job with such a volume.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec: {volumes: [{name: data, emptyDir: {}, hostPath: {path: /data}}]}

    Good::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec: {volumes: [{name: data, hostPath: {path: /data}}]}
    """
    for path, volume in volumes_of(job):
        name = string(volume, "name")
        sources = sorted(set(volume) - {"name"})
        if len(sources) > 1:
            message = f"the volume {name} has several sources: {', '.join(sources)}"
            yield Finding(path=path, message=message)
        for kind in sources:
            source = volume[kind]
            if isinstance(source, Mapping):
                yield from _incomplete(name, kind, source, (*path, kind))
                yield from _malformed(kind, source, (*path, kind))


def _incomplete(volume: str, kind: str, source: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    """Yield that a source does not say what it is."""
    field = _NEEDED.get(kind) or _NOT_EMPTY.get(kind, "")
    is_empty = source.get(field) == ""
    is_missing = kind in _NEEDED and field not in source
    if is_empty or is_missing:
        message = f"the {kind} source of the volume {volume} has no {field}"
        yield Finding(path=(*path, field), message=message)


def _malformed(kind: str, source: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    place = string(source, "path", "/")
    if kind == "hostPath" and ".." in place.split("/"):
        message = f"the hostPath '{place}' cannot contain '..'"
        yield Finding(path=(*path, "path"), message=message)
    if kind == "nfs" and not place.startswith("/"):
        message = f"the nfs path '{place}' must begin with a slash"
        yield Finding(path=(*path, "path"), message=message)
    if kind == "csi":
        yield from _csi_driver(string(source, "driver"), path)
        yield from _csi_secret(source.get("nodePublishSecretRef"), path)


def _csi_driver(driver: str, path: Path) -> Iterator[Finding]:
    is_driver = len(driver) <= MAX_LABEL and is_subdomain(driver.lower())
    if driver and not is_driver:
        message = (
            f"invalid CSI driver '{driver}': must consist of at most {MAX_LABEL} letters,"
            " digits, dashes and dots"
        )
        yield Finding(path=(*path, "driver"), message=message)


def _csi_secret(secret: object, path: Path) -> Iterator[Finding]:
    if not isinstance(secret, Mapping):
        return
    name = string(secret, "name")
    if not is_subdomain(name):
        message = (
            f"invalid Secret name '{name}': must consist of lower-case letters, digits, dashes"
            " and dots"
        )
        yield Finding(path=(*path, "nodePublishSecretRef", "name"), message=message)
