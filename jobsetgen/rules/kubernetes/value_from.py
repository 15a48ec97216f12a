"""JSG322: value from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jobsetgen.diagnostics import Finding
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import string
from jobsetgen.rules.common.environment import variables
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import kubernetes

_SOURCES = ("fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef")


@job_rule(
    "JSG322",
    "error",
    since="0.1",
    source=kubernetes("pkg/apis/core/validation/validation.go", "validateEnvVarValueFrom"),
)
def value_from(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A variable has both a value and a valueFrom, or its valueFrom has no source or several.

    Error because every API server refuses such a variable.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    containers:
                    - env:
                      - {name: POD, value: a, valueFrom: {fieldRef: {fieldPath: metadata.name}}}

    Good::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    containers:
                    - env: [{name: POD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]
    """
    for path, variable in variables(job):
        source = variable.get("valueFrom")
        if not isinstance(source, Mapping):
            continue

        name = string(variable, "name")
        place = (*path, "valueFrom")
        if string(variable, "value"):
            message = f"the environment variable {name} has both a value and a valueFrom"
            yield Finding(path=place, message=message, on_key=True)
        # A field that is not among them may be a source of a later version.
        if set(source) <= set(_SOURCES) and len(source) != 1:
            message = f"the valueFrom of the environment variable {name} has {_sources(source)}"
            yield Finding(path=place, message=message, on_key=True)


def _sources(value_from: Mapping[str, object]) -> str:
    if not value_from:
        return "no source"
    in_order = [field for field in _SOURCES if field in value_from]
    return f"several sources: {', '.join(in_order)}"
