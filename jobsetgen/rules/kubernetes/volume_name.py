"""JSG330: volume name."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.names import MAX_LABEL, is_label
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.volumes import volumes_of
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import kubernetes


@job_rule(
    "JSG330",
    "error",
    since="0.1",
    source=kubernetes("pkg/apis/core/validation/validation.go", "ValidateVolumes"),
)
def volume_name(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A volume's name is malformed, or two volumes of a pod have the same name.

    Error because every API server refuses a Job with such volumes.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    volumes:
                    - {name: data, emptyDir: {}}
                    - {name: data, emptyDir: {}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {volumes: [{name: data, emptyDir: {}}]}}}}
    """
    seen: set[str] = set()
    for path, volume in volumes_of(job):
        name = volume.get("name")
        if not isinstance(name, str):
            continue

        if name in seen:
            yield Finding(path=(*path, "name"), message=f"duplicate volume '{name}'")
        elif not is_label(name):
            message = (
                f"invalid volume name '{name}': must consist of at most {MAX_LABEL} lower-case"
                " letters, digits and dashes"
            )
            yield Finding(path=(*path, "name"), message=message)
        seen.add(name)
