"""Containers: their names and images, and what only some of them can have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes import pods
from jobsetgen.kubernetes.names import MAX_LABEL, is_label
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import items, string
from jobsetgen.rules.rule import job_rule

_ONLY_OF_SIDECARS = ("lifecycle", "livenessProbe", "readinessProbe", "startupProbe")


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
        yield Finding(
            path=(*job.pod_path, "containers"), message="a pod needs at least one container"
        )


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
            yield Finding(
                path=(*path, "name"), message=f"two containers of the pod are named {name}"
            )
        elif not is_label(name):
            message = (
                f"the container's name '{name}' must have at most {MAX_LABEL} lower-case letters,"
                " digits and dashes"
            )
            yield Finding(path=(*path, "name"), message=message)
        seen.add(name)


@job_rule("JSG312", "image")
def image(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A container has no image, or one with a space at its beginning or end.

    The API server takes such a space in a Job, and then refuses every pod of it.

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
            yield Finding(
                path=(*path, "image"),
                message=f"the container {string(container, 'name')} has no image",
            )
        elif isinstance(written, str) and written != written.strip():
            yield Finding(
                path=(*path, "image"),
                message=f"the image '{written}' has a space at its beginning or end",
            )


@job_rule("JSG315", "init-container")
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


def is_init(path: Path) -> bool:
    """Whether the container at a place is an init container."""
    return path[-2] == "initContainers"


def is_sidecar(path: Path, container: Mapping[str, Any]) -> bool:
    """Whether a container is an init container that runs on beside the others."""
    return is_init(path) and pods.is_sidecar(container)


RULES = (no_container, container_name, image, init_container)
