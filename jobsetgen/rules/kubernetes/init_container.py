"""JSG315: init container."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import string
from jobsetgen.rules.common.containers import is_init, is_sidecar
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import UNKNOWN

_ONLY_OF_SIDECARS = ("lifecycle", "livenessProbe", "readinessProbe", "startupProbe")


@job_rule("JSG315", "error", since="0.1", source=UNKNOWN)
def init_container(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """An init container has a probe or a lifecycle, or a container has a restartPolicy that it cannot have.

    An init container runs to its end before the others start, so nothing probes it; with `restartPolicy: Always` it is
    a sidecar, which runs beside them. Before Kubernetes 1.34 that is the only restartPolicy of a container, and only
    init containers have it.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    initContainers:
                    - {name: logs, image: "registry.example.com/logs:1.0", readinessProbe: {tcpSocket: {port: 80}}}

    Good::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    initContainers:
                    - name: logs
                      image: registry.example.com/logs:1.0
                      restartPolicy: Always
                      readinessProbe: {tcpSocket: {port: 80}}
    """
    old = not settings.since("1.34")
    for path, container in job.containers():
        name = string(container, "name")
        if is_init(path) and not is_sidecar(path, container):
            for field in _ONLY_OF_SIDECARS:
                if field in container:
                    message = (
                        f"the init container {name} has a {field}, but no restartPolicy Always"
                    )
                    yield Finding(path=(*path, field), message=message, on_key=True)
        if "restartPolicyRules" in container and "restartPolicy" not in container:
            message = (
                f"the container {name} has restartPolicyRules, but no restartPolicy for what they"
                " leave open"
            )
            yield Finding(path=(*path, "restartPolicyRules"), message=message, on_key=True)
        if old and "restartPolicy" in container and not is_sidecar(path, container):
            message = (
                f"before Kubernetes 1.34, the container {name} can have no restartPolicy of its own"
            )
            if is_init(path):
                message = (
                    f"before Kubernetes 1.34, the restartPolicy of the init container {name} can"
                    " only be Always"
                )
            yield Finding(path=(*path, "restartPolicy"), message=message)
