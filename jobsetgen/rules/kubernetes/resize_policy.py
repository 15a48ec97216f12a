"""JSG309: resize policy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import objects, string
from jobsetgen.rules.common.containers import is_init, is_sidecar
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import UNKNOWN


@job_rule("JSG309", "error", since="0.1", source=UNKNOWN)
def resize_policy(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A container's resizePolicy names a resource twice, or a restart that the pod or an init container cannot have.

    In a pod with `restartPolicy: Never`, and since Kubernetes 1.37 in an init container that is no sidecar, a resize
    restarts nothing.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    restartPolicy: Never
                    containers: [{resizePolicy: [{resourceName: cpu, restartPolicy: RestartContainer}]}]

    Good::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    restartPolicy: Never
                    containers: [{resizePolicy: [{resourceName: cpu, restartPolicy: NotRequired}]}]
    """
    # Before, the field is there only with a feature that has to be switched on, and is dropped without it.
    if not settings.since("1.33"):
        return
    for path, container in job.containers():
        seen: set[str] = set()
        for index, each in objects(container, "resizePolicy"):
            name, place = string(each, "resourceName"), (*path, "resizePolicy", index)
            if name and name in seen:
                yield Finding(
                    path=(*place, "resourceName"),
                    message=f"the resizePolicy of {name} is here twice",
                )
            seen.add(name)
            if each.get("restartPolicy") == "RestartContainer" and (
                reason := _never_restarts(job, path, container, settings)
            ):
                message = f"{reason}; the restartPolicy of a resize must be NotRequired"
                yield Finding(path=(*place, "restartPolicy"), message=message)


def _never_restarts(
    job: JobTemplate, path: Path, container: Mapping[str, Any], settings: Settings
) -> str:
    if job.pod.get("restartPolicy") == "Never":
        return "the pod has restartPolicy Never"
    if is_init(path) and not is_sidecar(path, container) and settings.since("1.37"):
        return f"{string(container, 'name')} is an init container without restartPolicy Always"
    return ""
