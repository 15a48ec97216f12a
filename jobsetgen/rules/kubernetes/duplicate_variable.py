"""JSG320: duplicate variable."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import string
from jobsetgen.rules.common.environment import variables
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import kubernetes


@job_rule(
    "JSG320",
    "error",
    since="0.1",
    source=kubernetes("staging/src/k8s.io/api/core/v1/types.go", "Container"),
)
def duplicate_variable(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A container has two environment variables with the same name.

    Where such a container is accepted, the last one takes effect.

    Error because `env` is a list keyed by name: every API server refuses a second entry with the
    same name in a JobSet, and in a Job that is applied server-side.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    containers: [{env: [{name: MODE, value: fast}, {name: MODE, value: safe}]}]

    Good::

        spec:
          replicatedJobs:
          - template:
              spec: {template: {spec: {containers: [{env: [{name: MODE, value: safe}]}]}}}
    """
    seen: set[tuple[Path, str]] = set()
    for path, variable in variables(job):
        name = string(variable, "name")
        container = path[:-2]
        if name and (container, name) in seen:
            message = f"duplicate environment variable '{name}' in the container"
            yield Finding(path=(*path, "name"), message=message)
        seen.add((container, name))
