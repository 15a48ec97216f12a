"""Environment variables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.model.settings import Settings
from jobsetgen.model.template import JobTemplate, mapping, objects, string
from jobsetgen.rules.rule import job_rule

_SOURCES = ("fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef")
_FIELDS = frozenset(
    [
        "metadata.name",
        "metadata.namespace",
        "metadata.uid",
        "spec.nodeName",
        "spec.serviceAccountName",
        "status.hostIP",
        "status.hostIPs",
        "status.podIP",
        "status.podIPs",
    ]
)
_SUBSCRIPT = re.compile(r"metadata\.(?:labels|annotations)\['[^']+'\]")


def _variables(job: JobTemplate) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    for path, container in job.containers():
        for index, variable in objects(container, "env"):
            yield (*path, "env", index), variable


@job_rule("JSG320", "duplicate-variable")
def duplicate_variable(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A container has an environment variable twice.

    The API server takes both and the last one wins, which is rarely what the reader of the first one expects.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec: {containers: [{env: [{name: MODE, value: fast}, {name: MODE, value: safe}]}]}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {containers: [{env: [{name: MODE, value: safe}]}]}}}}
    """
    seen: set[tuple[Path, str]] = set()
    for path, variable in _variables(job):
        name = string(variable, "name")
        if name and (path[:-1], name) in seen:
            yield Finding(
                path=(*path, "name"), message=f"the environment variable {name} is here twice; the last one wins"
            )
        seen.add((path[:-1], name))


@job_rule("JSG321", "variable-name")
def variable_name(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """An environment variable's name is empty, or has a character that no name can have.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {containers: [{env: [{name: "MODE=fast", value: "1"}]}]}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {containers: [{env: [{name: MODE, value: fast}]}]}}}}
    """
    for path, variable in _variables(job):
        name = variable.get("name")
        if isinstance(name, str) and not re.fullmatch(r"[ -<>-~]+", name):
            message = f"'{name}' cannot be the name of an environment variable"
            yield Finding(path=(*path, "name"), message=message)


@job_rule("JSG322", "value-from")
def value_from(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """An environment variable has both a value and a valueFrom, or its valueFrom has no source or several.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    containers:
                    - env: [{name: POD, value: demo, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]

    Good::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec: {containers: [{env: [{name: POD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]}]}
    """
    for path, variable in _variables(job):
        name, source = string(variable, "name"), variable.get("valueFrom")
        if not isinstance(source, Mapping):
            continue
        if string(variable, "value"):
            message = f"the environment variable {name} has both a value and a valueFrom"
            yield Finding(path=(*path, "valueFrom"), message=message, on_key=True)
        sources = [each for each in _SOURCES if each in source]
        if len(sources) != 1 and set(source) <= set(_SOURCES):
            has = f"has several sources: {', '.join(sources)}" if sources else "has no source"
            message = f"the valueFrom of the environment variable {name} {has}"
            yield Finding(path=(*path, "valueFrom"), message=message, on_key=True)


@job_rule("JSG323", "field-path")
def field_path(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A fieldRef reads a field of the pod that cannot be read.

    Those are metadata.name, .namespace and .uid, one label or annotation (`metadata.labels['key']`), spec.nodeName,
    spec.serviceAccountName, and the IP addresses in status.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec: {containers: [{env: [{name: APP, valueFrom: {fieldRef: {fieldPath: metadata.labels.app}}}]}]}

    Good::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec: {containers: [{env: [{name: A, valueFrom: {fieldRef: {fieldPath: "metadata.labels['app']"}}}]}]}
    """
    for path, variable in _variables(job):
        reference = mapping(mapping(variable, "valueFrom"), "fieldRef")
        read = reference.get("fieldPath")
        if isinstance(read, str) and read not in _FIELDS and not _SUBSCRIPT.fullmatch(read):
            place = (*path, "valueFrom", "fieldRef", "fieldPath")
            yield Finding(path=place, message=f"'{read}' is no field of the pod that a variable can be read from")


RULES = (duplicate_variable, variable_name, value_from, field_path)
