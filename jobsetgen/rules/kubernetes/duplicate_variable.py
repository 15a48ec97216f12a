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
    """A container has an environment variable twice.

    The last one would win, which is rarely what the reader of the first one expects.

    Error because `env` is a list with the key `name`: every API server that knows JobSet rejects
    such a JobSet, and a server-side apply of such a Job fails as well.

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
            message = f"duplicate environment variable {name}; the last one wins"
            yield Finding(path=(*path, "name"), message=message)
        seen.add((container, name))
