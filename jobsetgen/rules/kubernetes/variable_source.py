"""JSG324: variable source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.names import is_config_key, is_subdomain
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import mapping, string
from jobsetgen.rules.common.environment import env_from_sources, variables
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import kubernetes

_KINDS = {
    "configMapRef": "ConfigMap",
    "secretRef": "Secret",
    "configMapKeyRef": "ConfigMap",
    "secretKeyRef": "Secret",
}
_OF_ENV_FROM = ("configMapRef", "secretRef")
_OF_VALUE_FROM = ("configMapKeyRef", "secretKeyRef")


@job_rule(
    "JSG324",
    "error",
    since="0.1",
    source=kubernetes("pkg/apis/core/validation/validation.go", "ValidateEnvFrom"),
)
def variable_source(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A variable refers to a ConfigMap or a Secret with no name, or with an invalid name or key.

    An envFrom refers to exactly one ConfigMap or Secret.

    Error because every API server refuses such a reference.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec:
                template: {spec: {containers: [{envFrom: [{secretRef: {name: Access_Keys}}]}]}}

    Good::

        spec:
          replicatedJobs:
          - template:
              spec:
                template: {spec: {containers: [{envFrom: [{secretRef: {name: access-keys}}]}]}}
    """
    for path, variable in variables(job):
        value_from = mapping(variable, "valueFrom")
        for field in _OF_VALUE_FROM:
            reference = value_from.get(field)
            if isinstance(reference, Mapping):
                yield from _key_reference(reference, (*path, "valueFrom", field))
    for path, source in env_from_sources(job):
        yield from _env_from(source, path)


def _key_reference(reference: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    name = string(reference, "name")
    yield from _name(name, is_subdomain(name), path)

    key = reference.get("key")
    if isinstance(key, str) and not is_config_key(key):
        message = (
            f"invalid {_KINDS[str(path[-1])]} key '{key}': must consist of letters, digits and -_."
        )
        yield Finding(path=(*path, "key"), message=message)


def _env_from(source: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    chosen = [field for field in _OF_ENV_FROM if isinstance(source.get(field), Mapping)]
    has_only_known = set(source) <= {*_OF_ENV_FROM, "prefix"}
    if len(chosen) != 1 and has_only_known:
        has = "both a configMapRef and" if chosen else "neither a configMapRef nor"
        yield Finding(path=path, message=f"the envFrom has {has} a secretRef")

    for field in chosen:
        name = string(mapping(source, field), "name")
        yield from _name(name, _is_prefix(name), (*path, field))


def _is_prefix(name: str) -> bool:
    """Whether a longer name that begins so is one of an object.

    The API server checks no more than that here: it takes a dash at the end, and whatever stands
    before it.
    """
    if name[1:].endswith("-"):
        name = f"{name[:-2]}a"
    return is_subdomain(name)


def _name(name: str, is_valid: bool, path: Path) -> Iterator[Finding]:
    kind = _KINDS[str(path[-1])]
    if not name:
        yield Finding(path=(*path, "name"), message=f"the {path[-1]} does not name a {kind}")
    elif not is_valid:
        message = f"invalid {kind} name '{name}': must be a DNS name in lower case"
        yield Finding(path=(*path, "name"), message=message)
