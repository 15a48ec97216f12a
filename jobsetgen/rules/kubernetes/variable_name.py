"""JSG321: variable name."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.names import is_variable
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import string
from jobsetgen.rules.common.environment import bundles, variables
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import UNKNOWN


@job_rule("JSG321", "error", since="0.1", source=UNKNOWN)
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
    for path, variable in variables(job):
        name = variable.get("name")
        if isinstance(name, str) and not is_variable(name):
            message = f"'{name}' cannot be the name of an environment variable"
            yield Finding(path=(*path, "name"), message=message)
    for path, bundle in bundles(job):
        prefix = string(bundle, "prefix")
        if prefix and not is_variable(prefix):
            message = f"'{prefix}' cannot begin the name of an environment variable"
            yield Finding(path=(*path, "prefix"), message=message)
