"""JSG316: probe."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.names import is_port_name
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import integer, items, mapping, objects
from jobsetgen.rules.common.containers import is_init, is_sidecar
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import kubernetes

_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_HOOKS = ("postStart", "preStop")
_ACTIONS = ("exec", "httpGet", "tcpSocket", "grpc", "sleep")
_NOT_NEGATIVE = (
    "initialDelaySeconds",
    "timeoutSeconds",
    "periodSeconds",
    "successThreshold",
    "failureThreshold",
)
_GRACE_PERIOD = "terminationGracePeriodSeconds"
_DEFAULT_GRACE_PERIOD = 30
_MAX_PORT = 65535
_HEADER = r"[-A-Za-z0-9]+"


@job_rule(
    "JSG316",
    "error",
    since="0.1",
    source=kubernetes("pkg/apis/core/validation/validation.go", "validateHandler"),
)
def probe(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A probe or a lifecycle hook has no action, several actions or an invalid one.

    Each has exactly one of exec, httpGet, tcpSocket and grpc (a hook may also sleep, no longer than
    terminationGracePeriodSeconds). The successThreshold of a livenessProbe and a startupProbe is 1.
    The name of an HTTP header consists of letters, digits and dashes.

    Error because every API server refuses such a probe or hook.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec:
                template: {spec: {containers: [{livenessProbe: {periodSeconds: 10}}]}}

    Good::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    containers: [{livenessProbe: {periodSeconds: 10, tcpSocket: {port: 8080}}}]
    """
    grace_period = integer(job.pod, _GRACE_PERIOD, _DEFAULT_GRACE_PERIOD)
    for path, container in job.containers():
        can_have_none = is_init(path) and not is_sidecar(path, container)
        if can_have_none:
            continue

        for place, written in _written(container, path, _PROBES):
            yield from _probe(written, place)
        lifecycle = mapping(container, "lifecycle")
        for place, hook in _written(lifecycle, (*path, "lifecycle"), _HOOKS):
            yield from _handler(hook, place, grace_period)


def _written(
    parent: Mapping[str, Any], path: Path, fields: Sequence[str]
) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield those of some fields that hold a mapping, empty or not, with their places."""
    for field in fields:
        value = parent.get(field)
        if isinstance(value, Mapping):
            yield (*path, field), value


def _probe(probe: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    yield from _handler(probe, path, _DEFAULT_GRACE_PERIOD)
    for name in _NOT_NEGATIVE:
        number = integer(probe, name, 0)
        if number < 0:
            message = f"{name} is {number}, but cannot be negative"
            yield Finding(path=(*path, name), message=message)

    threshold = integer(probe, "successThreshold", 1)
    if threshold > 1 and path[-1] != "readinessProbe":
        message = f"the successThreshold of a {path[-1]} is {threshold}, but must be 1"
        yield Finding(path=(*path, "successThreshold"), message=message)
    if _GRACE_PERIOD in probe:
        yield from _grace_period(probe, path)


def _grace_period(probe: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    seconds = integer(probe, _GRACE_PERIOD, 1)
    if path[-1] == "readinessProbe":
        message = f"a readinessProbe cannot have {_GRACE_PERIOD}, as it never ends the container"
        yield Finding(path=(*path, _GRACE_PERIOD), message=message, on_key=True)
    elif seconds < 1:
        message = f"the {_GRACE_PERIOD} of a {path[-1]} is {seconds}, but must be at least 1"
        yield Finding(path=(*path, _GRACE_PERIOD), message=message)


def _handler(handler: Mapping[str, Any], path: Path, grace_period: int) -> Iterator[Finding]:
    """Yield what is wrong with what a probe or a hook does."""
    chosen = [name for name in _ACTIONS if isinstance(handler.get(name), Mapping)]
    if len(chosen) > 1:
        message = f"the {path[-1]} has several actions: {', '.join(chosen)}"
        yield Finding(path=path, message=message, on_key=True)
    elif not chosen:
        message = f"the {path[-1]} has no action, such as exec or httpGet"
        yield Finding(path=path, message=message, on_key=True)
    else:
        yield from _action(mapping(handler, chosen[0]), (*path, chosen[0]), grace_period)


def _action(action: Mapping[str, Any], path: Path, grace_period: int) -> Iterator[Finding]:
    owner, name = path[-2:]
    if name == "exec" and not items(action, "command"):
        message = f"the exec of the {owner} has no command"
        yield Finding(path=(*path, "command"), message=message)
    if name == "sleep":
        yield from _sleep(action, path, grace_period)
    yield from _port(action, path)
    yield from _headers(action, path)


def _sleep(sleep: Mapping[str, Any], path: Path, grace_period: int) -> Iterator[Finding]:
    seconds = integer(sleep, "seconds", 0)
    if 0 <= seconds <= grace_period:
        return

    message = (
        f"the {path[-2]} sleeps for {seconds} seconds, but must sleep from 0 to {grace_period}, the"
        f" pod's {_GRACE_PERIOD}"
    )
    hint = f"Raise {_GRACE_PERIOD}." if seconds > 0 else ""
    yield Finding(path=(*path, "seconds"), message=message, hint=hint)


def _port(action: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    if "port" not in action or _is_port(action["port"]):
        return

    port = action["port"]
    is_quoted_number = isinstance(port, str) and port.isdecimal()
    message = f"invalid port '{port}': must be a number from 1 to {_MAX_PORT} or the name of a port"
    hint = "Write it without quotes." if is_quoted_number else ""
    yield Finding(path=(*path, "port"), message=message, hint=hint)


def _is_port(port: Any) -> bool:
    """Whether a port is possible; another type than a text or a number is for the schema."""
    if isinstance(port, str):
        return is_port_name(port)
    if isinstance(port, bool) or not isinstance(port, int):
        return True
    return 1 <= port <= _MAX_PORT


def _headers(action: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    for index, header in objects(action, "httpHeaders"):
        name = header.get("name")
        if isinstance(name, str) and not re.fullmatch(_HEADER, name):
            message = (
                f"invalid HTTP header name '{name}': must consist of letters, digits and dashes"
            )
            yield Finding(path=(*path, "httpHeaders", index, "name"), message=message)
