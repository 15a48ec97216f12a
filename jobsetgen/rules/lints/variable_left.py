"""JSG507: variable left."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.model.unit import Unit
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.occurrences import not_ignored
from jobsetgen.rules.common.variables import (
    BRACED,
    SUBSTITUTE_BEFORE,
    Text,
    is_expanded_later,
    listed_variables,
    texts,
)
from jobsetgen.rules.rule import Located, input_rule
from jobsetgen.upstream import page
from jobsetgen.words import plural

# envsubst knows these too; Flux does not.
_BARE = re.compile(r"(?<![\\$\w])\$[A-Z_][A-Z0-9_]*\b")


@input_rule(
    "JSG507",
    "warning",
    since="0.1",
    source=page(
        "Kubernetes, Define Dependent Environment Variables",
        "https://kubernetes.io/docs/tasks/inject-data-application/"
        "define-interdependent-environment-variables/",
    ),
)
def variable_left(units: Sequence[Unit], settings: Settings) -> Iterator[Located]:
    """A field still has a `${VAR}` of the form that envsubst and Flux substitute.

    Nothing on the cluster expands it in an image, a name, a quantity or a label. A set with several
    such fields is reported once, at the first that no comment suppresses: it is a template that was
    not filled in. `$(VAR)` is Kubernetes' own syntax and not reported.

    In commands, arguments and environment variables a shell may expand it. It matters there only if
    Flux applies the output with postBuild: Flux replaces `${VAR}` in every string, by nothing if it
    has no such variable. `--gitops flux` says that Flux applies the output, and checks scripts as
    well (JSG520).

    Warning because the output may be substituted after the compile, before anybody applies it.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {containers: [{image: "${IMAGE}"}]}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {containers: [{args: ["--rank=$(RANK)"]}]}}}}
    """
    for unit in units:
        left = {
            text.path: variables
            for text in texts(unit, settings)
            if not is_expanded_later(text.path) and (variables := _never_expanded(text, settings))
        }
        paths = list(not_ignored(unit, "JSG507", left))
        if paths:
            yield unit, _left(paths, [name for path in paths for name in left[path]])


def _never_expanded(text: Text, settings: Settings) -> list[str]:
    """Return the variables in a text that nothing expands; JSG520 has those that Flux replaces."""
    bare = _BARE.findall(text.content)
    if settings.gitops == "flux" and not text.is_protected:
        return bare
    return BRACED.findall(text.content) + bare


def _left(paths: Sequence[Path], variables: list[str]) -> Finding:
    where = _field(paths[0])
    if len(paths) > 1:
        where += f" and {plural(len(paths) - 1, 'other field')}"
    message = (
        f"unexpanded {listed_variables(variables)} in {where}, where nothing on the cluster"
        " expands variables"
    )
    return Finding(path=paths[0], message=message, hint=SUBSTITUTE_BEFORE)


def _field(path: Path) -> str:
    """Return the nearest field's name."""
    return next((step for step in reversed(path) if isinstance(step, str)), "the document")
