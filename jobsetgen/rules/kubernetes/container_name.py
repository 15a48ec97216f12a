"""JSG311: container name."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.names import MAX_LABEL, is_label
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import kubernetes


@job_rule(
    "JSG311",
    "error",
    since="0.1",
    source=kubernetes("pkg/apis/core/validation/validation.go", "validateInitContainers"),
)
def container_name(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """The name of a container is malformed, or another container of the pod already has it.

    Containers and init containers share their names.

    Error because every API server refuses such a pod.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {containers: [{name: main}, {name: main}]}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {containers: [{name: main}, {name: logs}]}}}}
    """
    seen: set[str] = set()
    for path, container in job.containers():
        name = container.get("name")
        if not isinstance(name, str):
            continue

        if name in seen:
            yield Finding(path=(*path, "name"), message=f"duplicate container name '{name}'")
        elif not is_label(name):
            message = (
                f"invalid container name '{name}': must consist of at most {MAX_LABEL} lower-case letters,"
                " digits and dashes"
            )
            yield Finding(path=(*path, "name"), message=message)
        seen.add(name)
