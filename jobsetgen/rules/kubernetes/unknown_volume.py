"""JSG332: unknown volume."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.model.template import JobTemplate
from jobsetgen.model.unit import Unit
from jobsetgen.options.table import Settings
from jobsetgen.plain import mapping, objects, string
from jobsetgen.rules.common.volumes import volumes_of
from jobsetgen.rules.rule import Located, input_rule
from jobsetgen.upstream import kubernetes
from jobsetgen.words import near


@input_rule(
    "JSG332",
    "error",
    since="0.1",
    source=kubernetes("pkg/apis/core/validation/validation.go", "ValidateVolumeMounts"),
)
def unknown_volume(units: Sequence[Unit], settings: Settings) -> Iterator[Located]:
    """A container mounts a volume that its pod does not have.

    The claims of volumeClaimPolicies count as volumes. JobSet accepts the spec, but no pod ever
    runs.

    Error because every API server refuses the Job, although it accepts the JobSet.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec: {containers: [{volumeMounts: [{name: data, mountPath: /data}]}]}

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
        claims = {each.name for each in unit.jobset.claims} if unit.jobset else set()
        for job in unit.job_templates():
            known = {string(volume, "name") for _, volume in volumes_of(job)} | claims
            yield from ((unit, finding) for finding in _unknown(job, known))


def _unknown(job: JobTemplate, known: Collection[str]) -> Iterator[Finding]:
    for path, name in _used(job):
        if name in known:
            continue
        message = f"the pod has no volume '{name}'" if name else "the volume's name is empty"
        yield Finding(path=path, message=message, hint=near(name, known))


def _used(job: JobTemplate) -> Iterator[tuple[Path, str]]:
    """Yield the names of the volumes that containers use, each with its place."""
    for field in ("volumeMounts", "volumeDevices"):
        for path, use in _in_containers(job, field):
            if "name" in use:
                yield (*path, "name"), string(use, "name")
    for path, variable in _in_containers(job, "env"):
        file = mapping(mapping(variable, "valueFrom"), "fileKeyRef")
        if "volumeName" in file:
            yield (*path, "valueFrom", "fileKeyRef", "volumeName"), string(file, "volumeName")


def _in_containers(job: JobTemplate, field: str) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield the entries of a list that each container has, such as volumeMounts."""
    for path, container in job.containers():
        for index, entry in objects(container, field):
            yield (*path, field, index), entry
