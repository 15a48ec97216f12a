"""Volumes and where they are mounted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.model.settings import Settings
from jobsetgen.model.template import JobTemplate, mapping, objects, string
from jobsetgen.model.unit import Unit
from jobsetgen.naming import MAX_LABEL, is_dns_1123_label
from jobsetgen.rules.rule import Located, input_rule, job_rule
from jobsetgen.schema import near


def _volumes(job: JobTemplate) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    for index, volume in objects(job.pod, "volumes"):
        yield (*job.pod_path, "volumes", index), volume


def _mounts(job: JobTemplate) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    for path, container in job.containers():
        for index, mount in objects(container, "volumeMounts"):
            yield (*path, "volumeMounts", index), mount


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
        name = string(volume, "name")
        if name and name in seen:
            yield Finding(path=(*path, "name"), message=f"two volumes of the pod are named {name}")
        elif name and (len(name) > MAX_LABEL or not is_dns_1123_label(name)):
            message = f"the volume's name '{name}' must have at most {MAX_LABEL} lower-case letters, digits and dashes"
            yield Finding(path=(*path, "name"), message=message)
        seen.add(name)


@job_rule("JSG331", "volume-source")
def volume_source(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A volume has more than one source.

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
        sources = sorted(set(volume) - {"name"})
        if len(sources) > 1:
            message = f"the volume {string(volume, 'name')} has several sources: {', '.join(sources)}"
            yield Finding(path=path, message=message)


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
            for path, mount in _mounts(job):
                name = string(mount, "name")
                if name and name not in known:
                    message = f"the pod has no volume {name} to mount"
                    yield unit, Finding(path=(*path, "name"), message=message, hint=near(name, known))


@job_rule("JSG333", "mount-path")
def mount_path(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A volume is mounted nowhere, twice at one place, or by a subPath that leads out of it.

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
    seen: set[tuple[Path, str]] = set()
    for path, mount in _mounts(job):
        where = mount.get("mountPath")
        if where == "":
            yield Finding(path=(*path, "mountPath"), message="the mountPath is empty")
        elif isinstance(where, str) and (path[:-1], where) in seen:
            yield Finding(path=(*path, "mountPath"), message=f"two volumes are mounted at {where}")
        seen.add((path[:-1], str(where)))
        for field in ("subPath", "subPathExpr"):
            inside = string(mount, field)
            if inside.startswith("/") or ".." in inside.split("/"):
                message = f"the {field} '{inside}' must lead into the volume: relative, and without '..'"
                yield Finding(path=(*path, field), message=message)
        if string(mount, "subPath") and string(mount, "subPathExpr"):
            message = "subPath and subPathExpr exclude each other"
            yield Finding(path=(*path, "subPathExpr"), message=message, on_key=True)


@job_rule("JSG334", "file-mode")
def file_mode(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A file mode lies outside of 0 to 0777 (511 in decimal).

    YAML reads `0644` as an octal number; without the zero, 644 is another mode than one means.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec: {template: {spec: {volumes: [{name: tools, configMap: {name: tools, defaultMode: 755}}]}}}

    Good::

        spec:
          replicatedJobs:
          - template:
              spec: {template: {spec: {volumes: [{name: tools, configMap: {name: tools, defaultMode: 0755}}]}}}
    """
    for path, volume in _volumes(job):
        for source in ("configMap", "secret", "downwardAPI", "projected"):
            mode = mapping(volume, source).get("defaultMode")
            if isinstance(mode, int) and not isinstance(mode, bool) and not 0 <= mode <= 0o777:
                hint = f"Did you mean 0{mode}?" if set(str(mode)) <= set("01234567") and len(str(mode)) == 3 else ""
                message = f"the mode {mode} must be from 0 to 0777 in octal digits, which is 511"
                yield Finding(path=(*path, source, "defaultMode"), message=message, hint=hint)


RULES = (volume_name, volume_source, unknown_volume, mount_path, file_mode)
