"""JSG361: operating system."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import mapping, string
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import kubernetes

# What only Linux has: in both kinds of securityContext, in that of pods, in that of containers.
_OF_BOTH = ("appArmorProfile", "runAsGroup", "runAsUser", "seLinuxOptions", "seccompProfile")
_OF_PODS = (*_OF_BOTH, "fsGroup", "fsGroupChangePolicy", "supplementalGroups", "sysctls")
_OF_CONTAINERS = (
    *_OF_BOTH,
    "allowPrivilegeEscalation",
    "capabilities",
    "privileged",
    "readOnlyRootFilesystem",
)

# Before Kubernetes 1.33, these are dropped unless a feature gate is switched on.
_OF_PODS_LATER = ("seLinuxChangePolicy", "supplementalGroupsPolicy")
_OF_CONTAINERS_LATER = ("procMount",)


@job_rule(
    "JSG361",
    "error",
    since="0.1",
    source=kubernetes("pkg/apis/core/validation/validation.go", "validateWindows"),
)
def operating_system(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A pod for one operating system has a field that only the other one supports.

    With `os: {name: linux}` there are no windowsOptions. With `os: {name: windows}` a
    securityContext has only windowsOptions and runAsNonRoot, the pod shares only the network with
    its node, and it has no pod-level resources.

    Error because the API server of the chosen Kubernetes version refuses the Job. Fields that a
    version drops are not reported for it.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec: {template: {spec: {os: {name: windows}, securityContext: {runAsUser: 1000}}}}

    Good::

        spec:
          replicatedJobs:
          - template:
              spec: {template: {spec: {os: {name: linux}, securityContext: {runAsUser: 1000}}}}
    """
    system = string(mapping(job.pod, "os"), "name")
    if system == "linux":
        yield from _on_linux(job)
    elif system == "windows":
        yield from _on_windows(job, settings)


def _on_linux(job: JobTemplate) -> Iterator[Finding]:
    for path, parent in ((job.pod_path, job.pod), *job.containers()):
        yield from _foreign_in_context(parent, path, ("windowsOptions",), "linux")


def _on_windows(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    of_pod: tuple[str, ...] = _OF_PODS
    of_container: tuple[str, ...] = _OF_CONTAINERS
    shared: tuple[str, ...] = ("hostIPC", "hostPID", "shareProcessNamespace")
    if settings.since("1.33"):
        of_pod += _OF_PODS_LATER
        of_container += _OF_CONTAINERS_LATER
        shared += ("hostUsers",)
    if settings.since("1.34"):
        shared += ("resources",)

    yield from _foreign_in_context(job.pod, job.pod_path, of_pod, "windows")
    for path, container in job.containers():
        yield from _foreign_in_context(container, path, of_container, "windows")
    yield from _foreign(job.pod, job.pod_path, shared, "windows")


def _foreign_in_context(
    parent: Mapping[str, Any], path: Path, fields: tuple[str, ...], system: str
) -> Iterator[Finding]:
    """Yield the fields in the securityContext of a pod or container that a system does not have."""
    context = mapping(parent, "securityContext")
    yield from _foreign(context, (*path, "securityContext"), fields, system)


def _foreign(
    parent: Mapping[str, Any], path: Path, fields: tuple[str, ...], system: str
) -> Iterator[Finding]:
    for field in fields:
        if _is_set(parent, field):
            message = f"a pod for {system} cannot have {field}"
            yield Finding(path=(*path, field), message=message, on_key=True)


def _is_set(parent: Mapping[str, Any], field: str) -> bool:
    """Whether the API server takes a field as set.

    An empty list is not. hostIPC and hostPID are only where they are true; other switches are also
    where they are false.
    """
    value = parent.get(field)
    if field in ("hostIPC", "hostPID"):
        return value is True
    return value is not None and value != []
