"""JSG314: host port."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jobsetgen.diagnostics import Finding
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import string
from jobsetgen.rules.common.containers import is_init
from jobsetgen.rules.common.ports import ports_of
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import UNKNOWN


@job_rule("JSG314", "error", since="0.1", source=UNKNOWN)
def host_port(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """Under hostNetwork, a hostPort differs from its containerPort; or two containers want the same port of the host.

    Under hostNetwork every containerPort is a port of the host. Init containers run one by one, so only within one of
    them a port can be wanted twice.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec:
                template: {spec: {hostNetwork: true, containers: [{ports: [{containerPort: 80, hostPort: 8080}]}]}}

    Good::

        spec:
          replicatedJobs:
          - template:
              spec:
                template: {spec: {hostNetwork: true, containers: [{ports: [{containerPort: 8080, hostPort: 8080}]}]}}
    """
    on_host = job.pod.get("hostNetwork") is True
    seen: set[tuple[Any, ...]] = set()
    for path, each in ports_of(job):
        inside, outside = each.get("containerPort"), each.get("hostPort")
        beside = path[:-2] if is_init(path[:-2]) else ()
        if on_host and outside and inside != outside and not beside:
            message = f"under hostNetwork, hostPort {outside} must be the containerPort, {inside}"
            yield Finding(path=(*path, "hostPort"), message=message)
        number = outside or (inside if on_host else None)
        taken = (beside, str(number), string(each, "protocol") or "TCP", string(each, "hostIP"))
        if number and taken in seen:
            message = f"the port {number} of the host is wanted twice in this pod"
            yield Finding(path=(*path, "hostPort" if outside else "containerPort"), message=message)
        seen.add(taken)
