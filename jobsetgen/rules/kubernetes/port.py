"""JSG313: port."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.names import is_port_name
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import string
from jobsetgen.rules.common.ports import ports_of
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import UNKNOWN


@job_rule("JSG313", "error", since="0.1", source=UNKNOWN)
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
    for path, each in ports_of(job):
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
