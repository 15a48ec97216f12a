"""JSG359: host users."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import items, mapping
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import UNKNOWN


@job_rule("JSG359", "error", since="0.1", source=UNKNOWN)
def host_users(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A pod with users of its own shares something else with its node, or one without shows all of /proc.

    With `hostUsers: false` a pod has its own users, and shares neither the network nor the processes nor the IPC of its
    node; and it has no volumeDevices. The procMount Unmasked is only for such a pod.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {hostUsers: false, hostIPC: true}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {hostUsers: false}}}}
    """
    # Before, the fields are there only with a feature that has to be switched on, and are dropped without it.
    if not settings.since("1.33"):
        return
    if job.pod.get("hostUsers") is not False:
        for path, container in job.containers():
            if mapping(container, "securityContext").get("procMount") == "Unmasked":
                message = "the procMount Unmasked needs hostUsers: false in the pod's spec"
                yield Finding(path=(*path, "securityContext", "procMount"), message=message)
        return
    for field in ("hostNetwork", "hostPID", "hostIPC"):
        if job.pod.get(field) is True:
            message = f"{field} cannot be true in a pod whose hostUsers is false"
            yield Finding(path=(*job.pod_path, field), message=message)
    for path, container in job.containers():
        if items(container, "volumeDevices") and settings.since("1.35"):
            message = "a pod whose hostUsers is false cannot have volumeDevices"
            yield Finding(path=(*path, "volumeDevices"), message=message, on_key=True)
