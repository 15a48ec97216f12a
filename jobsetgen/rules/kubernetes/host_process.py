"""JSG362: host process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Finding
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import mapping, string
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import kubernetes


@job_rule(
    "JSG362",
    "error",
    since="0.1",
    source=kubernetes("pkg/apis/core/validation/validation.go", "validateWindowsHostProcessPod"),
)
def host_process(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """Only some containers of a pod are Windows host processes, or the pod lacks hostNetwork.

    Where one container has `hostProcess: true`, all have it, and the pod has `hostNetwork: true`.

    Error because every API server refuses a Job with such pods.

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
                  spec:
                    hostNetwork: true
                    securityContext: {windowsOptions: {hostProcess: true}}
    """
    of_pod = _host_process(job.pod)
    has_any = any(_effective(container, of_pod) for _, container in job.containers())
    for path, container in job.containers():
        message = _contradiction(container, of_pod, has_any=has_any)
        if message:
            place = (*path, "securityContext", "windowsOptions", "hostProcess")
            yield Finding(path=place, message=message)

    if has_any and job.pod.get("hostNetwork") is not True:
        message = "a pod with hostProcess: true needs hostNetwork: true"
        yield Finding(path=(*job.pod_path, "hostNetwork"), message=message)


def _host_process(parent: Mapping[str, Any]) -> bool | None:
    """Return the hostProcess of a pod or container, or None where it has none."""
    value = mapping(mapping(parent, "securityContext"), "windowsOptions").get("hostProcess")
    return value if isinstance(value, bool) else None


def _effective(container: Mapping[str, Any], of_pod: bool | None) -> bool:
    """Return the hostProcess of a container, which may come from its pod."""
    own = _host_process(container)
    return bool(of_pod if own is None else own)


def _contradiction(container: Mapping[str, Any], of_pod: bool | None, *, has_any: bool) -> str:
    """Say that a container differs from its pod or from another container, or nothing."""
    own = _host_process(container)
    name = string(container, "name")
    if None not in (own, of_pod) and own != of_pod:
        return f"the hostProcess of the container {name} differs from that of its pod"
    if has_any and not _effective(container, of_pod):
        return f"the container {name} needs hostProcess: true, as another one of the pod has it"
    return ""
