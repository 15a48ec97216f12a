"""JSG322: value from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jobsetgen.diagnostics import Finding
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import string
from jobsetgen.rules.common.environment import variables
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import UNKNOWN

_SOURCES = ("fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef")


@job_rule("JSG322", "error", since="0.1", source=UNKNOWN)
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
    for path, variable in variables(job):
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
