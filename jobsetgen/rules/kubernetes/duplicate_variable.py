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
    "warning",
    since="0.1",
    source=kubernetes("pkg/api/pod/warnings.go", "warningsForPodSpecAndMeta"),
)
def duplicate_variable(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A container has an environment variable twice.

    The last one wins, which is rarely what the reader of the first one expects. A server-side
    apply, which Flux uses, is refused.

    Warning because the API server takes both from a plain create, and only warns as well.

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
