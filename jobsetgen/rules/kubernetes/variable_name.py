"""JSG321: variable name."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.names import is_variable
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import string
from jobsetgen.rules.common.environment import env_from_sources, variables
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import kubernetes

_LIMIT = "must consist of printable ASCII without '='"


@job_rule(
    "JSG321",
    "error",
    since="0.1",
    source=kubernetes("pkg/apis/core/validation/validation.go", "ValidateEnv"),
)
def variable_name(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """The name of an environment variable, or the prefix of an envFrom, is malformed.

    A name cannot be empty. Names and prefixes can have only printable ASCII characters other than
    `=`; before Kubernetes 1.32, an API server may allow fewer.

    Error because every API server refuses such a name.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec: {template: {spec: {containers: [{env: [{name: "MODE=fast", value: "1"}]}]}}}

    Good::

        spec:
          replicatedJobs:
          - template:
              spec: {template: {spec: {containers: [{env: [{name: MODE, value: fast}]}]}}}
    """
    for path, variable in variables(job):
        name = variable.get("name")
        if isinstance(name, str) and not is_variable(name):
            message = f"invalid environment variable name '{name}': {_LIMIT}"
            yield Finding(path=(*path, "name"), message=message)
    for path, source in env_from_sources(job):
        prefix = string(source, "prefix")
        if prefix and not is_variable(prefix):
            message = f"invalid environment variable prefix '{prefix}': {_LIMIT}"
            yield Finding(path=(*path, "prefix"), message=message)
