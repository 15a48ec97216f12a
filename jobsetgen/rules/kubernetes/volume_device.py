"""JSG337: volume device."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.model.template import JobTemplate
from jobsetgen.model.unit import Unit
from jobsetgen.options.table import Settings
from jobsetgen.plain import objects, string
from jobsetgen.rules.common.volumes import volumes_of
from jobsetgen.rules.rule import Located, input_rule
from jobsetgen.upstream import kubernetes


@input_rule(
    "JSG337",
    "error",
    since="0.1",
    source=kubernetes("pkg/apis/core/validation/validation.go", "ValidateVolumeDevices"),
)
def volume_device(units: Sequence[Unit], settings: Settings) -> Iterator[Located]:
    """A container uses a device that is not a claim, or that it already uses or mounts.

    Only a claim can be a device: a persistentVolumeClaim, an ephemeral volume, or one of
    volumeClaimPolicies.

    Error because every API server refuses a Job with such a device.

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
            others = _without_claim(job) - claims
            for path, container in job.containers():
                found = _devices(container, path, others)
                yield from ((unit, finding) for finding in found)


def _without_claim(job: JobTemplate) -> set[str]:
    """Return the names of the volumes that are not claims."""
    return {
        string(volume, "name")
        for _, volume in volumes_of(job)
        if not volume.keys() & {"persistentVolumeClaim", "ephemeral"}
    }


def _devices(container: Mapping[str, Any], path: Path, others: set[str]) -> Iterator[Finding]:
    """Yield what is wrong with a container's devices; `others` are the volumes without a claim.

    That a mount or a device has no name is for another rule to say.
    """
    mounted = {string(mount, "name") for _, mount in objects(container, "volumeMounts")} - {""}
    taken: set[str] = set()
    for index, device in objects(container, "volumeDevices"):
        name = string(device, "name")
        place = (*path, "volumeDevices", index, "name")
        if name in others:
            message = f"the volume {name} cannot be a device: it is not a claim"
            yield Finding(path=place, message=message)
        elif name in taken:
            yield Finding(path=place, message=f"duplicate device '{name}'")
        elif name in mounted:
            message = f"the volume {name} cannot be a device: the container mounts it"
            yield Finding(path=place, message=message)
        taken |= {name} - {""}
