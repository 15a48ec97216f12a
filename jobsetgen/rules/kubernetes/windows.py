"""Pods that say which operating system they are for, and containers of Windows that are processes of their node."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import mapping, string
from jobsetgen.rules.rule import job_rule

# Of Linux alone. The later ones were dropped before Kubernetes 1.33 unless a feature was switched on.
_OF_BOTH = ("appArmorProfile", "runAsGroup", "runAsUser", "seLinuxOptions", "seccompProfile")
_OF_PODS = (*_OF_BOTH, "fsGroup", "fsGroupChangePolicy", "supplementalGroups", "sysctls")
_OF_PODS_LATER = ("seLinuxChangePolicy", "supplementalGroupsPolicy")
_OF_CONTAINERS = (
    *_OF_BOTH,
    "allowPrivilegeEscalation",
    "capabilities",
    "privileged",
    "readOnlyRootFilesystem",
)
_OF_CONTAINERS_LATER = ("procMount",)


@job_rule("JSG361", "operating-system")
def operating_system(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A pod for one operating system has a field that only the other one knows.

    With `os: {name: linux}` there are no windowsOptions. With `os: {name: windows}` there is nothing in a
    securityContext but windowsOptions and runAsNonRoot, nothing shared with the node but its network, and no resources
    of the pod as a whole.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {os: {name: windows}, securityContext: {runAsUser: 1000}}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {os: {name: linux}, securityContext: {runAsUser: 1000}}}}}
    """
    system, later = string(mapping(job.pod, "os"), "name"), settings.since("1.33")
    for path, context in _contexts(job):
        fields: tuple[str, ...] = ()
        if system == "linux":
            fields = ("windowsOptions",)
        elif system == "windows" and path == _context_path(job.pod_path):
            fields = (*_OF_PODS, *(_OF_PODS_LATER if later else ()))
        elif system == "windows":
            fields = (*_OF_CONTAINERS, *(_OF_CONTAINERS_LATER if later else ()))
        yield from _foreign(context, path, fields, system)
    if system == "windows":
        yield from _foreign(
            job.pod, job.pod_path, ("hostIPC", "hostPID", "shareProcessNamespace"), system
        )
        yield from _foreign(job.pod, job.pod_path, ("hostUsers",) if later else (), system)
        yield from _foreign(
            job.pod, job.pod_path, ("resources",) if settings.since("1.34") else (), system
        )


def _contexts(job: JobTemplate) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield the securityContext of the pod, and those of its containers."""
    yield _context_path(job.pod_path), mapping(job.pod, "securityContext")
    for path, container in job.containers():
        yield _context_path(path), mapping(container, "securityContext")


def _context_path(path: Path) -> Path:
    return (*path, "securityContext")


def _foreign(
    parent: Mapping[str, Any], path: Path, fields: tuple[str, ...], system: str
) -> Iterator[Finding]:
    for field in fields:
        value = parent.get(field)
        # The other switches count even where they say no.
        absent = (
            value is None or value == [] or (field in ("hostIPC", "hostPID") and value is not True)
        )
        if not absent:
            yield Finding(
                path=(*path, field), message=f"a pod for {system} cannot have {field}", on_key=True
            )


@job_rule("JSG362", "host-process")
def host_process(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """Only some containers of a pod are processes of a Windows node, or the pod is not in the node's network.

    Where a container has `hostProcess: true`, all have, and the pod has `hostNetwork: true`.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec: {template: {spec: {securityContext: {windowsOptions: {hostProcess: true}}}}}

    Good::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec: {hostNetwork: true, securityContext: {windowsOptions: {hostProcess: true}}}
    """
    of_pod = _host_process(job.pod)
    own = [(path, container, _host_process(container)) for path, container in job.containers()]
    are = [of_pod if each is None else each for _, _, each in own]
    for (path, container, each), is_one in zip(own, are, strict=True):
        name, place = (
            string(container, "name"),
            (*path, "securityContext", "windowsOptions", "hostProcess"),
        )
        if None not in (each, of_pod) and each != of_pod:
            message = f"the hostProcess of the container {name} differs from the one of its pod"
            yield Finding(path=place, message=message)
        elif any(are) and not is_one:
            message = (
                f"the container {name} has no hostProcess: true, but another one of the pod has"
            )
            yield Finding(path=place, message=message)
    if any(are) and job.pod.get("hostNetwork") is not True:
        message = "a pod with hostProcess: true needs hostNetwork: true"
        yield Finding(path=(*job.pod_path, "hostNetwork"), message=message)


def _host_process(parent: Mapping[str, Any]) -> bool | None:
    value = mapping(mapping(parent, "securityContext"), "windowsOptions").get("hostProcess")
    return value if isinstance(value, bool) else None


RULES = (operating_system, host_process)
