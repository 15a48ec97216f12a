"""JSG333: mount path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.names import leads_out
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import mapping, objects, string
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import kubernetes


@job_rule(
    "JSG333",
    "error",
    since="0.1",
    source=kubernetes("pkg/apis/core/validation/validation.go", "ValidateVolumeMounts"),
)
def mount_path(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A mount has no path, the path of another mount, or a subPath outside the volume.

    Only a privileged container can have the mountPropagation Bidirectional, and only a readOnly
    mount without mountPropagation can be recursiveReadOnly.

    Error because every API server refuses a Job with such a mount.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    volumes: [{name: data, emptyDir: {}}]
                    containers:
                    - volumeMounts: [{name: data, mountPath: /data, subPath: ../other}]

    Good::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    volumes: [{name: data, emptyDir: {}}]
                    containers:
                    - volumeMounts: [{name: data, mountPath: /data, subPath: other}]
    """
    for path, container in job.containers():
        yield from _places(container, path)
        is_privileged = mapping(container, "securityContext").get("privileged") is True
        for index, mount in objects(container, "volumeMounts"):
            place = (*path, "volumeMounts", index)
            yield from _sub_path(mount, place)
            if mount.get("mountPropagation") == "Bidirectional" and not is_privileged:
                message = "mountPropagation Bidirectional needs a privileged container"
                yield Finding(path=(*place, "mountPropagation"), message=message)
            yield from _recursive(mount, (*place, "recursiveReadOnly"))


def _places(container: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    """Yield what is wrong with where volumes are mounted, and with where devices appear."""
    seen: set[str] = set()
    for written, place in _written_places(container, path):
        field = written[-1]
        if not place:
            yield Finding(path=written, message=f"the {field} is empty")
        elif place in seen:
            yield Finding(path=written, message=f"two volumes are mounted at {place}")
        elif field == "devicePath" and ".." in place.split("/"):
            message = f"the devicePath '{place}' cannot contain '..'"
            yield Finding(path=written, message=message)
        seen.add(place)


def _written_places(container: Mapping[str, Any], path: Path) -> Iterator[tuple[Path, str]]:
    """Yield each mountPath and devicePath of a container, with where it is written."""
    for list_field, field in (("volumeMounts", "mountPath"), ("volumeDevices", "devicePath")):
        for index, use in objects(container, list_field):
            if field in use:
                yield (*path, list_field, index, field), string(use, field)


def _sub_path(mount: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    for field in ("subPath", "subPathExpr"):
        inside = string(mount, field)
        if leads_out(inside):
            message = f"the {field} '{inside}' must be relative and cannot contain '..'"
            yield Finding(path=(*path, field), message=message)

    if string(mount, "subPath") and string(mount, "subPathExpr"):
        message = "subPath and subPathExpr are mutually exclusive"
        yield Finding(path=(*path, "subPathExpr"), message=message, on_key=True)


def _recursive(mount: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    recursive = string(mount, "recursiveReadOnly")
    if recursive not in ("Enabled", "IfPossible"):
        return
    if mount.get("readOnly") is not True:
        yield Finding(path=path, message=f"recursiveReadOnly {recursive} needs readOnly: true")

    propagation = string(mount, "mountPropagation", "None")
    if propagation != "None":
        message = (
            f"recursiveReadOnly {recursive} and mountPropagation {propagation} are mutually"
            " exclusive"
        )
        yield Finding(path=path, message=message)
