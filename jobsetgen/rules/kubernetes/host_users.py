"""JSG359: host users."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import items, mapping
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import kubernetes

_SHARED = ("hostNetwork", "hostPID", "hostIPC")


@job_rule(
    "JSG359",
    "error",
    since="0.1",
    source=kubernetes("pkg/apis/core/validation/validation.go", "validateHostUsers"),
)
def host_users(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A pod with a user namespace shares something with its node, or one without unmasks /proc.

    With `hostUsers: false`, a pod has a user namespace of its own. It cannot share the network, the
    processes or the IPC of its node, and cannot have volumeDevices. Only such a pod can have
    procMount Unmasked.

    Error because every API server refuses such a pod, or drops hostUsers and procMount where their
    feature gate is off: no pod ever runs as written. (Only an alpha feature of 1.35, off by
    default, allows hostNetwork.)

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {hostUsers: false, hostIPC: true}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {hostUsers: false}}}}
    """
    # Before, the fields are known only behind a feature gate, and dropped without it.
    if not settings.since("1.33"):
        return
    if job.pod.get("hostUsers") is False:
        yield from _own_users(job)
        if settings.since("1.35"):
            yield from _devices(job)
    else:
        yield from _unmasked(job)


def _own_users(job: JobTemplate) -> Iterator[Finding]:
    for field in _SHARED:
        if job.pod.get(field) is True:
            message = f"{field} cannot be true in a pod with hostUsers: false"
            yield Finding(path=(*job.pod_path, field), message=message)


def _devices(job: JobTemplate) -> Iterator[Finding]:
    for path, container in job.containers():
        if items(container, "volumeDevices"):
            message = "a pod with hostUsers: false cannot have volumeDevices"
            yield Finding(path=(*path, "volumeDevices"), message=message, on_key=True)


def _unmasked(job: JobTemplate) -> Iterator[Finding]:
    for path, container in job.containers():
        if mapping(container, "securityContext").get("procMount") == "Unmasked":
            message = "the procMount Unmasked needs hostUsers: false in the pod's spec"
            yield Finding(path=(*path, "securityContext", "procMount"), message=message)
