"""JSG362: host process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Finding
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import mapping, string
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import UNKNOWN


@job_rule("JSG362", "error", since="0.1", source=UNKNOWN)
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
