"""JSG337: volume device."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.model.unit import Unit
from jobsetgen.options.table import Settings
from jobsetgen.plain import objects, string
from jobsetgen.rules.common.volumes import volumes_of
from jobsetgen.rules.rule import Located, input_rule
from jobsetgen.upstream import UNKNOWN


@input_rule("JSG337", "error", since="0.1", source=UNKNOWN)
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
                for _, volume in volumes_of(job)
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
