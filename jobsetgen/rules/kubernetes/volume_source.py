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
from jobsetgen.upstream import UNKNOWN

# What a source has to say, and the schema does not require.
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


@job_rule("JSG331", "error", since="0.1", source=UNKNOWN)
def volume_source(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A volume has more than one source, or a source that does not say what it is.

    A volume without a source is an emptyDir.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {volumes: [{name: data, emptyDir: {}, hostPath: {path: /data}}]}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {volumes: [{name: data, hostPath: {path: /data}}]}}}}
    """
    for path, volume in volumes_of(job):
        name, sources = string(volume, "name"), sorted(set(volume) - {"name"})
        if len(sources) > 1:
            yield Finding(
                path=path, message=f"the volume {name} has several sources: {', '.join(sources)}"
            )
        for source in sources:
            if isinstance(volume[source], Mapping):
                yield from _source(name, source, volume[source], (*path, source))


def _source(volume: str, kind: str, source: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    field = _NEEDED.get(kind) or _NOT_EMPTY.get(kind, "")
    if source.get(field) == "" or (kind in _NEEDED and field not in source):
        yield Finding(
            path=(*path, field), message=f"the {kind} of the volume {volume} has no {field}"
        )
    place = string(source, "path", "/")
    if kind == "hostPath" and ".." in place.split("/"):
        yield Finding(
            path=(*path, "path"), message=f"the path '{place}' of a hostPath cannot have a '..'"
        )
    if kind == "nfs" and not place.startswith("/"):
        yield Finding(
            path=(*path, "path"),
            message=f"the path '{place}' of an nfs volume must begin with a slash",
        )
    if kind == "csi":
        yield from _csi(source, path)


def _csi(source: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    driver, secret = string(source, "driver"), source.get("nodePublishSecretRef")
    if driver and (len(driver) > MAX_LABEL or not is_subdomain(driver.lower())):
        message = (
            f"the driver's name '{driver}' must have at most {MAX_LABEL} letters, digits, dashes"
            " and dots"
        )
        yield Finding(path=(*path, "driver"), message=message)
    if isinstance(secret, Mapping) and not is_subdomain(string(secret, "name")):
        name = string(secret, "name")
        message = f"'{name}' is no name: it must have lower-case letters, digits, dashes and dots"
        yield Finding(path=(*path, "nodePublishSecretRef", "name"), message=message)
