"""JSG529: late variable."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import objects, string
from jobsetgen.rules.common.ranks import COMPLETION_INDEX, COMPLETION_INDEX_VARIABLE
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import page

# An even number of dollars before a parenthesis stands for half of them.
_REFERENCE = re.compile(r"(?<!\$)(?:\$\$)*\$\(([-._a-zA-Z][-._a-zA-Z0-9]*)\)")


@job_rule(
    "JSG529",
    "warning",
    since="0.1",
    source=page(
        "Kubernetes, Define Dependent Environment Variables",
        "https://kubernetes.io/docs/tasks/inject-data-application/"
        "define-interdependent-environment-variables/",
    ),
)
def late_variable(template: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """The value of a variable refers to one that is defined after it.

    Kubernetes expands `$(NAME)` in the value of a variable only if NAME comes before it in `env`.
    Otherwise the container gets the text `$(NAME)`. JOB_COMPLETION_INDEX always comes last, unless
    the container defines it itself: the Job controller adds it at the end. In `command` and `args`
    the order does not matter.

    Warning because it is possible that a program expands the text itself.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    containers:
                    - env: [{name: NODE_RANK, value: $(JOB_COMPLETION_INDEX)}]

    Good::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    containers:
                    - command: [torchrun, "--node_rank=$(JOB_COMPLETION_INDEX)"]
    """
    for path, container in template.containers():
        # What a ConfigMap or a Secret defines comes before all of them, and is not known.
        if "envFrom" in container:
            continue
        variables = list(objects(container, "env"))
        defined = {string(each, "name") for _, each in variables}
        if template.is_indexed:
            defined.add(COMPLETION_INDEX_VARIABLE)
        for index, variable in variables:
            name = string(variable, "name")
            defined.discard(name)
            if late := _first_reference(variable, defined):
                yield _finding(name, late, (*path, "env", index, "value"))


def _first_reference(variable: Mapping[str, Any], names: Set[str]) -> str:
    """Return the first of some variables that a value refers to, or nothing."""
    referred = _REFERENCE.findall(string(variable, "value"))
    return next((str(name) for name in referred if name in names), "")


def _finding(name: str, late: str, path: Path) -> Finding:
    message = f"{name} gets the text '$({late})': {late} is defined after it"
    hint = f"Define {late} before {name}."
    if late == COMPLETION_INDEX_VARIABLE:
        message = f"{name} gets the text '$({late})': the Job controller adds {late} after it"
        hint = f"Take it from the annotation {COMPLETION_INDEX} by fieldRef, or use it in args."
    return Finding(path=path, message=message, hint=hint)
