"""JSG315: init container."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import string
from jobsetgen.rules.common.containers import is_init, is_sidecar
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import kubernetes

_ONLY_OF_SIDECARS = ("lifecycle", "livenessProbe", "readinessProbe", "startupProbe")
_RESTART_POLICIES_SINCE = "1.34"


@job_rule(
    "JSG315",
    "error",
    since="0.1",
    source=kubernetes("pkg/apis/core/validation/validation.go", "validateInitContainers"),
)
def init_container(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """An init container has a probe or a lifecycle, or a container has an invalid restartPolicy.

    An init container runs to its end before the others start, so nothing probes it. With
    `restartPolicy: Always` it is a sidecar, which runs beside them. Before Kubernetes 1.34, only an
    init container can have a restartPolicy, and only Always. Since 1.34, restartPolicyRules require
    a restartPolicy.

    Error because every API server refuses such a container, or drops the restartPolicyRules where
    their feature gate is off, so that they never take effect.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    initContainers:
                    - name: logs
                      image: registry.example.com/logs:1.0
                      readinessProbe: {tcpSocket: {port: 80}}

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
    has_policies = settings.since(_RESTART_POLICIES_SINCE)
    for path, container in job.containers():
        sidecar = is_sidecar(path, container)
        if is_init(path) and not sidecar:
            yield from _fields_of_sidecars(container, path)
        yield from _rules_alone(container, path)
        if not has_policies and not sidecar:
            yield from _own_policy(container, path)


def _fields_of_sidecars(container: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    for field in _ONLY_OF_SIDECARS:
        if field in container:
            name = string(container, "name")
            message = f"the init container {name} has a {field}, which needs restartPolicy Always"
            yield Finding(path=(*path, field), message=message, on_key=True)


def _rules_alone(container: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    if "restartPolicyRules" in container and "restartPolicy" not in container:
        name = string(container, "name")
        message = f"the container {name} has restartPolicyRules, which need a restartPolicy"
        yield Finding(path=(*path, "restartPolicyRules"), message=message, on_key=True)


def _own_policy(container: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    if "restartPolicy" not in container:
        return

    name = string(container, "name")
    old = f"before Kubernetes {_RESTART_POLICIES_SINCE}"
    if is_init(path):
        message = f"{old}, the restartPolicy of the init container {name} can only be Always"
    else:
        message = f"{old}, the container {name} cannot have a restartPolicy of its own"
    yield Finding(path=(*path, "restartPolicy"), message=message)
