"""JSG313: port."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.names import is_port_name
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import integer, objects, string
from jobsetgen.rules.common.ports import protocol_of
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import kubernetes

_MAX_PORT = 65535


@job_rule(
    "JSG313",
    "error",
    since="0.1",
    source=kubernetes("pkg/apis/core/validation/validation.go", "validateContainerPorts"),
)
def port(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A port has an invalid number or name, or one that the container already uses.

    A number is from 1 to 65535. A name has at most 15 lower-case letters, digits and single dashes,
    including at least one letter.

    Error because every API server refuses such a number or name. It refuses a duplicate number with
    the same protocol in a JobSet, and in a Job that is applied server-side.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec: {containers: [{ports: [{name: coordinator-port, containerPort: 80801}]}]}

    Good::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec: {containers: [{ports: [{name: coordinator, containerPort: 8080}]}]}
    """
    for path, container in job.containers():
        yield from _ports(container, (*path, "ports"))


def _ports(container: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    """Yield what is wrong with the ports of one container."""
    names: set[str] = set()
    numbers: set[str] = set()
    for index, each in objects(container, "ports"):
        place = (*path, index)
        yield from _numbers(each, place)
        yield from _name(string(each, "name"), names, place)

        number = f"{each.get('containerPort')}/{protocol_of(each)}"
        if number in numbers:
            message = f"duplicate port {number} in the container"
            yield Finding(path=(*place, "containerPort"), message=message)
        names.add(string(each, "name"))
        numbers.add(number)


def _numbers(port: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    for field in ("containerPort", "hostPort"):
        number = integer(port, field, 1)
        is_unset = field == "hostPort" and number == 0
        if is_unset or 1 <= number <= _MAX_PORT:
            continue
        message = f"{field} is {number}, but must be from 1 to {_MAX_PORT}"
        yield Finding(path=(*path, field), message=message)


def _name(name: str, seen: set[str], path: Path) -> Iterator[Finding]:
    if not name:
        return
    if not is_port_name(name):
        message = (
            f"invalid port name '{name}': must consist of at most 15 lower-case letters, digits and single"
            " dashes"
        )
        hint = "Add a letter." if name.isdecimal() else ""
        yield Finding(path=(*path, "name"), message=message, hint=hint)
    elif name in seen:
        message = f"duplicate port name '{name}' in the container"
        yield Finding(path=(*path, "name"), message=message)
