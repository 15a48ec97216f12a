"""Environment variables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.names import is_config_key, is_subdomain, is_variable
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import mapping, objects, string
from jobsetgen.rules.rule import job_rule

_SOURCES = ("fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef")
_KINDS = {
    "configMapRef": "ConfigMap",
    "secretRef": "Secret",
    "configMapKeyRef": "ConfigMap",
    "secretKeyRef": "Secret",
}


def _variables(job: JobTemplate) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    for path, container in job.containers():
        for index, variable in objects(container, "env"):
            yield (*path, "env", index), variable


def _bundles(job: JobTemplate) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    for path, container in job.containers():
        for index, bundle in objects(container, "envFrom"):
            yield (*path, "envFrom", index), bundle


@job_rule("JSG320", "duplicate-variable")
def duplicate_variable(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A container has an environment variable twice.

    The API server takes both from a plain create, and the last one wins, which is rarely what the reader of the first
    one expects; a server-side apply, which Flux uses, is refused.

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
            message = f"the environment variable {name} is here twice; the last one wins"
            yield Finding(path=(*path, "name"), message=message)
        seen.add((path[:-1], name))


@job_rule("JSG321", "variable-name")
def variable_name(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """An environment variable's name, or the prefix of an envFrom, is empty or has a character that no name can have.

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
        if isinstance(name, str) and not is_variable(name):
            message = f"'{name}' cannot be the name of an environment variable"
            yield Finding(path=(*path, "name"), message=message)
    for path, bundle in _bundles(job):
        prefix = string(bundle, "prefix")
        if prefix and not is_variable(prefix):
            message = f"'{prefix}' cannot begin the name of an environment variable"
            yield Finding(path=(*path, "prefix"), message=message)


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


@job_rule("JSG324", "variable-source")
def variable_source(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A variable comes from a ConfigMap or a Secret, or from a key in it, whose name is missing or cannot be.

    An envFrom names exactly one of both.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {containers: [{envFrom: [{secretRef: {name: Access_Keys}}]}]}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {containers: [{envFrom: [{secretRef: {name: access-keys}}]}]}}}}
    """
    for path, variable in _variables(job):
        for field in ("configMapKeyRef", "secretKeyRef"):
            reference = mapping(variable, "valueFrom").get(field)
            if isinstance(reference, Mapping):
                yield from _named(reference, (*path, "valueFrom", field), string(reference, "name"))
                yield from _keyed(reference, (*path, "valueFrom", field))
    for path, bundle in _bundles(job):
        chosen = [
            field
            for field in ("configMapRef", "secretRef")
            if isinstance(bundle.get(field), Mapping)
        ]
        if len(chosen) != 1 and set(bundle) <= {"configMapRef", "secretRef", "prefix"}:
            has = (
                "both a configMapRef and a secretRef"
                if chosen
                else "neither a configMapRef nor a secretRef"
            )
            yield Finding(path=path, message=f"the envFrom has {has}")
        for field in chosen:
            reference = mapping(bundle, field)
            name = string(reference, "name")
            # Here the API server takes a dash at the end, and whatever stands before it.
            yield from _named(
                reference, (*path, field), f"{name[:-2]}a" if name[1:].endswith("-") else name
            )


def _named(reference: Mapping[str, Any], path: Path, name: str) -> Iterator[Finding]:
    kind = _KINDS[str(path[-1])]
    if not string(reference, "name"):
        yield Finding(path=(*path, "name"), message=f"the {path[-1]} names no {kind}")
    elif not is_subdomain(name):
        message = (
            f"'{reference['name']}' cannot be the name of a {kind}: it must be a DNS name in lower"
            " case"
        )
        yield Finding(path=(*path, "name"), message=message)


def _keyed(reference: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    key = reference.get("key")
    if isinstance(key, str) and not is_config_key(key):
        message = (
            f"'{key}' cannot be a key of a {_KINDS[str(path[-1])]}: it must have letters, digits"
            " and -_."
        )
        yield Finding(path=(*path, "key"), message=message)


RULES = (duplicate_variable, variable_name, value_from, variable_source)
