"""JSG314: host port."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import objects, string
from jobsetgen.rules.common.containers import is_init
from jobsetgen.rules.common.ports import protocol_of
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import kubernetes

_HostPort = tuple[str, str, str]
"""What can be taken of a host only once: its port, by protocol and IP address."""


@job_rule(
    "JSG314",
    "error",
    since="0.1",
    source=kubernetes("pkg/apis/core/validation/validation.go", "AccumulateUniqueHostPorts"),
)
def host_port(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A pod uses a host port twice, or a hostPort differs from its containerPort.

    With `hostNetwork: true`, every containerPort is a port of the host, so a hostPort must equal
    it. Init containers run one by one, so each is compared only with itself.

    Error because every API server refuses the Job or each of its pods.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    hostNetwork: true
                    containers: [{ports: [{containerPort: 80, hostPort: 8080}]}]

    Good::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    hostNetwork: true
                    containers: [{ports: [{containerPort: 8080, hostPort: 8080}]}]
    """
    on_host = job.pod.get("hostNetwork") is True
    taken_together: set[_HostPort] = set()
    for path, container in job.containers():
        taken = set() if is_init(path) else taken_together
        for index, port in objects(container, "ports"):
            place = (*path, "ports", index)
            if on_host and not is_init(path):
                yield from _differing(port, place)
            yield from _duplicate(port, place, on_host, taken)


def _differing(port: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    inside = port.get("containerPort")
    outside = port.get("hostPort")
    if outside and outside != inside:
        message = f"hostPort is {outside}, but under hostNetwork must be the containerPort {inside}"
        yield Finding(path=(*path, "hostPort"), message=message)


def _duplicate(
    port: Mapping[str, Any], path: Path, on_host: bool, taken: set[_HostPort]
) -> Iterator[Finding]:
    """Yield that a port of the host is taken already; add it to those that are."""
    field = "hostPort" if port.get("hostPort") or not on_host else "containerPort"
    number = port.get(field)
    if not number:
        return

    wanted = (str(number), protocol_of(port), string(port, "hostIP"))
    if wanted in taken:
        message = f"duplicate host port {number} in the pod"
        yield Finding(path=(*path, field), message=message)
    taken.add(wanted)
