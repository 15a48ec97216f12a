"""Volumes and where they are mounted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.names import MAX_LABEL, is_label, is_subdomain, leads_out
from jobsetgen.model.template import JobTemplate
from jobsetgen.model.unit import Unit
from jobsetgen.options.table import Settings
from jobsetgen.plain import mapping, objects, string
from jobsetgen.rules.rule import Located, input_rule, job_rule
from jobsetgen.words import near

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


def _volumes(job: JobTemplate) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    for index, volume in objects(job.pod, "volumes"):
        yield (*job.pod_path, "volumes", index), volume


def _uses(job: JobTemplate, field: str) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield the volumeMounts or the volumeDevices of all containers."""
    for path, container in job.containers():
        for index, mount in objects(container, field):
            yield (*path, field, index), mount


@job_rule("JSG330", "volume-name")
def volume_name(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A volume's name is malformed, or two volumes of a pod have the same.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec: {template: {spec: {volumes: [{name: data, emptyDir: {}}, {name: data, emptyDir: {}}]}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {volumes: [{name: data, emptyDir: {}}]}}}}
    """
    seen: set[str] = set()
    for path, volume in _volumes(job):
        name = volume.get("name")
        if not isinstance(name, str):
            continue
        if name in seen:
            yield Finding(path=(*path, "name"), message=f"two volumes of the pod are named {name}")
        elif not is_label(name):
            message = (
                f"the volume's name '{name}' must have at most {MAX_LABEL} lower-case letters,"
                " digits and dashes"
            )
            yield Finding(path=(*path, "name"), message=message)
        seen.add(name)


@job_rule("JSG331", "volume-source")
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
    for path, volume in _volumes(job):
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


@input_rule("JSG332", "unknown-volume")
def unknown_volume(units: Sequence[Unit], settings: Settings) -> Iterator[Located]:
    """A container mounts a volume that its pod does not have.

    The claims of volumeClaimPolicies count as volumes. The JobSet controller accepts the spec, and no pod ever runs.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {containers: [{volumeMounts: [{name: data, mountPath: /data}]}]}}}}

    Good::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    volumes: [{name: data, emptyDir: {}}]
                    containers: [{volumeMounts: [{name: data, mountPath: /data}]}]
    """
    for unit in units:
        claims = [each.name for each in unit.jobset.claims] if unit.jobset else []
        for job in unit.job_templates():
            known = [string(volume, "name") for _, volume in _volumes(job)] + claims
            for path, name in _used(job):
                if name not in known:
                    message = (
                        f"the pod has no volume {name} to mount"
                        if name
                        else "the volume to mount has no name"
                    )
                    yield unit, Finding(path=path, message=message, hint=near(name, known))


def _used(job: JobTemplate) -> Iterator[tuple[Path, str]]:
    """Yield the volumes that containers name, and where."""
    for field in ("volumeMounts", "volumeDevices"):
        for path, use in _uses(job, field):
            if "name" in use:
                yield (*path, "name"), string(use, "name")
    for path, variable in _uses(job, "env"):
        file = mapping(mapping(variable, "valueFrom"), "fileKeyRef")
        if "volumeName" in file:
            yield (*path, "valueFrom", "fileKeyRef", "volumeName"), string(file, "volumeName")


@job_rule("JSG333", "mount-path")
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


@input_rule("JSG337", "volume-device")
def volume_device(units: Sequence[Unit], settings: Settings) -> Iterator[Located]:
    """A container takes a volume as a device that is none, or that it takes a second time.

    Only a claim can be a device: a persistentVolumeClaim, an ephemeral volume, or one of volumeClaimPolicies.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    volumes: [{name: data, emptyDir: {}}]
                    containers: [{volumeDevices: [{name: data, devicePath: /dev/data}]}]

    Good::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
                    containers: [{volumeDevices: [{name: data, devicePath: /dev/data}]}]
    """
    for unit in units:
        claims = {each.name for each in unit.jobset.claims} if unit.jobset else set()
        for job in unit.job_templates():
            others = {
                string(volume, "name")
                for _, volume in _volumes(job)
                if not volume.keys() & {"persistentVolumeClaim", "ephemeral"}
            }
            for path, container in job.containers():
                yield from (
                    (unit, finding) for finding in _devices(container, path, others - claims)
                )


def _devices(container: Mapping[str, Any], path: Path, others: set[str]) -> Iterator[Finding]:
    seen = {string(mount, "name"): "mounts" for _, mount in objects(container, "volumeMounts")}
    for index, device in objects(container, "volumeDevices"):
        name, place = string(device, "name"), (*path, "volumeDevices", index, "name")
        if name in others:
            yield Finding(
                path=place, message=f"the volume {name} is no claim, so it cannot be a device"
            )
        elif name and name in seen:
            yield Finding(
                path=place, message=f"the container {seen[name]} the volume {name} already"
            )
        seen[name] = "takes"


RULES = (volume_name, volume_source, unknown_volume, mount_path, volume_device)
