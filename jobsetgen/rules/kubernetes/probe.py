"""JSG316: probe."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.names import is_port_name
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import integer, items, mapping, objects
from jobsetgen.rules.common.containers import is_init, is_sidecar
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import UNKNOWN

_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")


_HANDLERS = ("exec", "httpGet", "tcpSocket", "grpc", "sleep")


_NOT_NEGATIVE = (
    "initialDelaySeconds",
    "timeoutSeconds",
    "periodSeconds",
    "successThreshold",
    "failureThreshold",
)


_DEFAULT_GRACE_PERIOD = 30


_HEADER = re.compile(r"[-A-Za-z0-9]+")


@job_rule("JSG316", "error", since="0.1", source=UNKNOWN)
def probe(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A probe, or a hook of a container's lifecycle, does nothing, or something that cannot be.

    Each has exactly one of exec, httpGet, tcpSocket and grpc (a hook may sleep, no longer than
    terminationGracePeriodSeconds). The successThreshold of a livenessProbe and a startupProbe is 1. The name of a
    header that an httpGet sends has letters, digits and dashes.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {containers: [{livenessProbe: {periodSeconds: 10}}]}}}}

    Good::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec: {containers: [{livenessProbe: {periodSeconds: 10, tcpSocket: {port: 8080}}}]}
    """
    grace_period = integer(job.pod, "terminationGracePeriodSeconds", _DEFAULT_GRACE_PERIOD)
    for path, container in job.containers():
        if is_init(path) and not is_sidecar(path, container):
            continue  # it can have none of these
        for field in _PROBES:
            if isinstance(container.get(field), Mapping):
                yield from _probe(mapping(container, field), (*path, field))
        lifecycle = mapping(container, "lifecycle")
        for field in ("postStart", "preStop"):
            if isinstance(lifecycle.get(field), Mapping):
                yield from _handler(
                    mapping(lifecycle, field), (*path, "lifecycle", field), grace_period
                )


def _probe(probe: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    field = path[-1]
    yield from _handler(probe, path, _DEFAULT_GRACE_PERIOD)
    for name in _NOT_NEGATIVE:
        if (number := integer(probe, name, 0)) < 0:
            yield Finding(path=(*path, name), message=f"{name} is {number}, but cannot be negative")
    threshold = integer(probe, "successThreshold", 1)
    if field != "readinessProbe" and threshold > 1:
        message = f"the successThreshold of a {field} is {threshold}, but must be 1"
        yield Finding(path=(*path, "successThreshold"), message=message)
    if "terminationGracePeriodSeconds" in probe:
        grace = integer(probe, "terminationGracePeriodSeconds", 1)
        place = (*path, "terminationGracePeriodSeconds")
        if field == "readinessProbe":
            message = (
                "a readinessProbe ends no container, so it has no terminationGracePeriodSeconds"
            )
            yield Finding(path=place, message=message, on_key=True)
        elif grace < 1:
            message = (
                f"the terminationGracePeriodSeconds of a {field} is {grace}, but must be at least 1"
            )
            yield Finding(path=place, message=message)


def _handler(handler: Mapping[str, Any], path: Path, grace_period: int) -> Iterator[Finding]:
    chosen = [name for name in _HANDLERS if isinstance(handler.get(name), Mapping)]
    if len(chosen) != 1:
        has = (
            f"has several actions: {', '.join(chosen)}"
            if chosen
            else "has no action, such as exec or httpGet"
        )
        yield Finding(path=path, message=f"the {path[-1]} {has}", on_key=True)
        return
    action, place = mapping(handler, chosen[0]), (*path, chosen[0])
    if chosen[0] == "exec" and not items(action, "command"):
        yield Finding(
            path=(*place, "command"), message=f"the exec of the {path[-1]} has no command"
        )
    if "port" in action and not _is_port(action["port"]):
        message = (
            f"'{action['port']}' is no port: neither a number from 1 to 65535 nor the name of a"
            " port"
        )
        hint = (
            "Write it without quotes."
            if str(action["port"]).isdecimal() and isinstance(action["port"], str)
            else ""
        )
        yield Finding(path=(*place, "port"), message=message, hint=hint)
    for index, header in objects(action, "httpHeaders"):
        name = header.get("name")
        if isinstance(name, str) and not _HEADER.fullmatch(name):
            message = (
                f"'{name}' cannot be the name of an HTTP header: it must have letters, digits and"
                " dashes"
            )
            yield Finding(path=(*place, "httpHeaders", index, "name"), message=message)
    seconds = integer(action, "seconds", 0)
    if chosen[0] == "sleep" and not 0 <= seconds <= grace_period:
        message = (
            f"the {path[-1]} sleeps {seconds} seconds, but the pod is ended after {grace_period}"
        )
        hint = "Raise terminationGracePeriodSeconds."
        yield Finding(path=(*place, "seconds"), message=message, hint=hint)


def _is_port(port: Any) -> bool:
    if isinstance(port, str):
        return is_port_name(port)
    return not isinstance(port, int) or isinstance(port, bool) or 1 <= port <= 65535
