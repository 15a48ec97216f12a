"""Ports of containers and of the host."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.names import is_port_name
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import objects, string
from jobsetgen.rules.kubernetes.containers import is_init
from jobsetgen.rules.rule import job_rule


def _ports(job: JobTemplate) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    for path, container in job.containers():
        for index, port in objects(container, "ports"):
            yield (*path, "ports", index), port


@job_rule("JSG313", "port")
def port(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A port's number or name is malformed, or two ports of a container have the same name or number.

    Numbers go from 1 to 65535; a name has at most 15 lower-case letters, digits and single dashes, with a letter. One
    number twice (with one protocol) is taken from a plain create, but not in a server-side apply, which Flux uses.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec: {template: {spec: {containers: [{ports: [{name: coordinator-port, containerPort: 80801}]}]}}}

    Good::

        spec:
          replicatedJobs:
          - template:
              spec: {template: {spec: {containers: [{ports: [{name: coordinator, containerPort: 8080}]}]}}}
    """
    seen: set[tuple[Path, str]] = set()
    for path, each in _ports(job):
        for field in ("containerPort", "hostPort"):
            yield from _number(path, field, each.get(field))
        name = string(each, "name")
        if name and not is_port_name(name):
            message = (
                f"the port's name '{name}' must have at most 15 lower-case letters, digits and"
                " single dashes"
            )
            hint = "There must be a letter in it." if name.isdecimal() else ""
            yield Finding(path=(*path, "name"), message=message, hint=hint)
        elif name and (path[:-1], name) in seen:
            yield Finding(
                path=(*path, "name"), message=f"two ports of the container are named {name}"
            )
        number = f"{each.get('containerPort')}/{string(each, 'protocol') or 'TCP'}"
        if (path[:-1], number) in seen:
            yield Finding(
                path=(*path, "containerPort"), message=f"the container has the port {number} twice"
            )
        seen |= {(path[:-1], name), (path[:-1], number)}


def _number(path: Path, field: str, number: Any) -> Iterator[Finding]:
    if not isinstance(number, int) or isinstance(number, bool) or 1 <= number <= 65535:
        return
    if field == "containerPort" or number != 0:  # a hostPort of 0 is as none
        yield Finding(
            path=(*path, field), message=f"{field} is {number}, but must be from 1 to 65535"
        )


@job_rule("JSG314", "host-port")
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
    for path, each in _ports(job):
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


RULES = (port, host_port)
