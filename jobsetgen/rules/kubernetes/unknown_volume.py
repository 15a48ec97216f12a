"""JSG332: unknown volume."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.model.template import JobTemplate
from jobsetgen.model.unit import Unit
from jobsetgen.options.table import Settings
from jobsetgen.plain import mapping, objects, string
from jobsetgen.rules.common.volumes import volumes_of
from jobsetgen.rules.rule import Located, input_rule
from jobsetgen.upstream import UNKNOWN
from jobsetgen.words import near


def _uses(job: JobTemplate, field: str) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield the volumeMounts or the volumeDevices of all containers."""
    for path, container in job.containers():
        for index, mount in objects(container, field):
            yield (*path, field, index), mount


@input_rule("JSG332", "error", since="0.1", source=UNKNOWN)
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
            known = [string(volume, "name") for _, volume in volumes_of(job)] + claims
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
