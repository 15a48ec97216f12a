"""JSG311: container name."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.names import MAX_LABEL, is_label
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import UNKNOWN


@job_rule("JSG311", "error", since="0.1", source=UNKNOWN)
def container_name(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A container's name is malformed, or two containers of a pod have the same; init containers count too.

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
            yield Finding(
                path=(*path, "name"), message=f"two containers of the pod are named {name}"
            )
        elif not is_label(name):
            message = (
                f"the container's name '{name}' must have at most {MAX_LABEL} lower-case letters,"
                " digits and dashes"
            )
            yield Finding(path=(*path, "name"), message=message)
        seen.add(name)
