"""JSG361: operating system."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import mapping, string
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import UNKNOWN

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


@job_rule("JSG361", "error", since="0.1", source=UNKNOWN)
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
