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
from jobsetgen.upstream import kubernetes


@job_rule(
    "JSG309",
    "error",
    since="0.1",
    source=kubernetes("pkg/apis/core/validation/validation.go", "validateResizePolicy"),
)
def resize_policy(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A resizePolicy names a resource twice, or restarts a container that cannot be restarted.

    In a pod with `restartPolicy: Never`, a resize cannot restart a container; since Kubernetes
    1.37, this also applies to an init container that is not a sidecar.

    Error because the API server of the chosen Kubernetes version refuses the Job. Versions before
    1.33 drop the field, so nothing is reported for them.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    restartPolicy: Never
                    containers:
                    - resizePolicy: [{resourceName: cpu, restartPolicy: RestartContainer}]

    Good::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    restartPolicy: Never
                    containers:
                    - resizePolicy: [{resourceName: cpu, restartPolicy: NotRequired}]
    """
    # Before, the field exists only behind a feature gate that is off by default.
    if not settings.since("1.33"):
        return
    for path, container in job.containers():
        yield from _duplicates(container, path)
        reason = _never_restarts(job, path, container, settings)
        if reason:
            yield from _restarts(container, path, reason)


def _duplicates(container: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    seen: set[str] = set()
    for index, policy in objects(container, "resizePolicy"):
        name = string(policy, "resourceName")
        if name and name in seen:
            place = (*path, "resizePolicy", index, "resourceName")
            yield Finding(path=place, message=f"duplicate resizePolicy for {name}")
        seen.add(name)


def _restarts(container: Mapping[str, Any], path: Path, reason: str) -> Iterator[Finding]:
    for index, policy in objects(container, "resizePolicy"):
        if policy.get("restartPolicy") == "RestartContainer":
            place = (*path, "resizePolicy", index, "restartPolicy")
            message = f"{reason}; the restartPolicy of a resize must be NotRequired"
            yield Finding(path=place, message=message)


def _never_restarts(
    job: JobTemplate, path: Path, container: Mapping[str, Any], settings: Settings
) -> str:
    """Say why a resize cannot restart a container, or nothing."""
    if job.pod.get("restartPolicy") == "Never":
        return "the pod has restartPolicy Never"
    is_plain_init = is_init(path) and not is_sidecar(path, container)
    if is_plain_init and settings.since("1.37"):
        return f"{string(container, 'name')} is an init container without restartPolicy Always"
    return ""
