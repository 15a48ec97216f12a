"""Containers, their names, images and ports."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.model.settings import Settings
from jobsetgen.model.template import JobTemplate, items, objects, string
from jobsetgen.naming import MAX_LABEL, is_dns_1123_label
from jobsetgen.rules.rule import job_rule

_PORT_NAME = re.compile(r"(?!.*--)(?=.*[a-z])[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?")


@job_rule("JSG310", "no-container")
def no_container(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A pod has no container.

    Bad::

        spec:
          replicatedJobs:
          - name: workers
          - {name: evaluators, template: {spec: {template: {spec: {containers: []}}}}}

    Good::

        spec:
          replicatedJobs:
          - name: workers
    """
    # A pod spec that is written without the field is the schema's to refuse.
    is_written = not job.pod.keys() <= {"restartPolicy"}
    if not items(job.pod, "containers") and ("containers" in job.pod or not is_written):
        yield Finding(path=(*job.pod_path, "containers"), message="a pod needs at least one container")


@job_rule("JSG311", "container-name")
def container_name(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A container's name is malformed, or two containers of a pod have the same; init containers count too.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {containers: [{name: main}, {name: main}]}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {containers: [{name: main}, {name: logs}]}}}}
    """
    seen: set[str] = set()
    for path, container in job.containers():
        name = container.get("name")
        if not isinstance(name, str):
            continue
        if name in seen:
            yield Finding(path=(*path, "name"), message=f"two containers of the pod are named {name}")
        elif len(name) > MAX_LABEL or not is_dns_1123_label(name):
            message = (
                f"the container's name '{name}' must have at most {MAX_LABEL} lower-case letters, digits and dashes"
            )
            yield Finding(path=(*path, "name"), message=message)
        seen.add(name)


@job_rule("JSG312", "image")
def image(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A container has no image, or one with a space at its beginning or end.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {containers: [{image: ""}]}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {containers: [{image: "registry.example.com/train:1.0"}]}}}}
    """
    for path, container in job.containers():
        written = container.get("image", "")
        if written == "":
            yield Finding(path=(*path, "image"), message=f"the container {string(container, 'name')} has no image")
        elif isinstance(written, str) and written != written.strip():
            yield Finding(path=(*path, "image"), message=f"the image '{written}' has a space at its beginning or end")


def _ports(job: JobTemplate) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    for path, container in job.containers():
        for index, port in objects(container, "ports"):
            yield (*path, "ports", index), port


@job_rule("JSG313", "port")
def port(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A port's number or name is malformed, or two ports of a container have the same name.

    Numbers go from 1 to 65535; a name has at most 15 lower-case letters, digits and single dashes, with a letter.

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
            number = each.get(field)
            if isinstance(number, int) and not isinstance(number, bool) and not 1 <= number <= 65535:
                if field == "hostPort" and number == 0:
                    continue  # as if it were not there
                yield Finding(path=(*path, field), message=f"{field} is {number}, but must be from 1 to 65535")
        name = string(each, "name")
        if name and not _PORT_NAME.fullmatch(name):
            message = f"the port's name '{name}' must have at most 15 lower-case letters, digits and single dashes"
            yield Finding(path=(*path, "name"), message=message)
        elif name and (path[:-1], name) in seen:
            yield Finding(path=(*path, "name"), message=f"two ports of the container are named {name}")
        seen.add((path[:-1], name))


@job_rule("JSG314", "host-port")
def host_port(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """Under hostNetwork, a hostPort differs from its containerPort; or two containers want the same port of the host.

    Under hostNetwork every containerPort is a port of the host.

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
    seen: set[tuple[str, ...]] = set()
    for path, each in _ports(job):
        inside, outside = each.get("containerPort"), each.get("hostPort")
        if on_host and outside and inside != outside:
            message = f"under hostNetwork, hostPort {outside} must be the containerPort, {inside}"
            yield Finding(path=(*path, "hostPort"), message=message)
        number = outside or (inside if on_host else None)
        taken = (str(number), string(each, "protocol", "TCP"), string(each, "hostIP"))
        if number and "initContainers" not in path:
            if taken in seen:
                message = f"the port {number} of the host is wanted twice in this pod"
                yield Finding(path=(*path, "hostPort" if outside else "containerPort"), message=message)
            seen.add(taken)


RULES = (no_container, container_name, image, port, host_port)
