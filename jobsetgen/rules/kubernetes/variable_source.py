"""JSG324: variable source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.names import is_config_key, is_subdomain
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import mapping, string
from jobsetgen.rules.common.environment import bundles, variables
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import UNKNOWN

_KINDS = {
    "configMapRef": "ConfigMap",
    "secretRef": "Secret",
    "configMapKeyRef": "ConfigMap",
    "secretKeyRef": "Secret",
}


@job_rule("JSG324", "error", since="0.1", source=UNKNOWN)
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
    for path, variable in variables(job):
        for field in ("configMapKeyRef", "secretKeyRef"):
            reference = mapping(variable, "valueFrom").get(field)
            if isinstance(reference, Mapping):
                yield from _named(reference, (*path, "valueFrom", field), string(reference, "name"))
                yield from _keyed(reference, (*path, "valueFrom", field))
    for path, bundle in bundles(job):
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
