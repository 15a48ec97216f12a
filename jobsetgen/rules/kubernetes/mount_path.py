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
from jobsetgen.upstream import UNKNOWN


@job_rule("JSG333", "error", since="0.1", source=UNKNOWN)
def mount_path(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A volume is mounted nowhere, twice at one place, or by a subPath that leads out of it.

    And only a privileged container can have the mountPropagation Bidirectional, and only a readOnly mount without
    mountPropagation be recursiveReadOnly.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    volumes: [{name: data, emptyDir: {}}]
                    containers: [{volumeMounts: [{name: data, mountPath: /data, subPath: ../other}]}]

    Good::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    volumes: [{name: data, emptyDir: {}}]
                    containers: [{volumeMounts: [{name: data, mountPath: /data, subPath: other}]}]
    """
    for path, container in job.containers():
        yield from _places(container, path)
        privileged = mapping(container, "securityContext").get("privileged") is True
        for index, mount in objects(container, "volumeMounts"):
            yield from _sub_path(mount, (*path, "volumeMounts", index))
            if mount.get("mountPropagation") == "Bidirectional" and not privileged:
                message = "mountPropagation Bidirectional needs a privileged container"
                yield Finding(
                    path=(*path, "volumeMounts", index, "mountPropagation"), message=message
                )
            yield from _recursive(mount, (*path, "volumeMounts", index, "recursiveReadOnly"))


def _places(container: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    seen: set[str] = set()
    for field, where in (("volumeMounts", "mountPath"), ("volumeDevices", "devicePath")):
        for index, use in objects(container, field):
            place, written = string(use, where), (*path, field, index, where)
            if where in use and not place:
                yield Finding(path=written, message=f"the {where} is empty")
            elif place and place in seen:
                yield Finding(path=written, message=f"two volumes are mounted at {place}")
            elif field == "volumeDevices" and ".." in place.split("/"):
                yield Finding(path=written, message=f"the devicePath '{place}' cannot have a '..'")
            seen.add(place)


def _sub_path(mount: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    for field in ("subPath", "subPathExpr"):
        inside = string(mount, field)
        if leads_out(inside):
            message = (
                f"the {field} '{inside}' must lead into the volume: relative, and without '..'"
            )
            yield Finding(path=(*path, field), message=message)
    if string(mount, "subPath") and string(mount, "subPathExpr"):
        message = "subPath and subPathExpr exclude each other"
        yield Finding(path=(*path, "subPathExpr"), message=message, on_key=True)


def _recursive(mount: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    written = string(mount, "recursiveReadOnly")
    if written not in ("Enabled", "IfPossible"):
        return
    if mount.get("readOnly") is not True:
        yield Finding(path=path, message=f"recursiveReadOnly {written} needs readOnly: true")
    if string(mount, "mountPropagation", "None") != "None":
        message = (
            f"recursiveReadOnly {written} and mountPropagation {mount['mountPropagation']} exclude"
            " each other"
        )
        yield Finding(path=path, message=message)
