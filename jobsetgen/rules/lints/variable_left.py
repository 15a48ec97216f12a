"""JSG507: variable left."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.model import keys
from jobsetgen.model.unit import Unit
from jobsetgen.options.table import Settings
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

    Nothing on the cluster expands it in an image, a name, a quantity or a label. In commands,
    arguments and environment variables a shell may expand it, so it matters there only if Flux
    applies the output with postBuild: Flux replaces `${VAR}` in every string, by nothing if it has
    no such variable. `$(VAR)` is Kubernetes' own syntax and not reported. For `--gitops flux` see
    JSG520; with `--gitops argocd` or `none` scripts are not checked.

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
        for text in texts(unit, settings):
            if not is_expanded_later(text.path):
                left = _never_expanded(text, settings)
                if left:
                    yield unit, _left(text.path, left)
            elif settings.gitops == "any" and not text.is_protected:
                braced = BRACED.findall(text.content)
                if braced:
                    yield unit, _expanded_too_early(text.path, braced)


def _never_expanded(text: Text, settings: Settings) -> list[str]:
    """Return the variables in a text that nothing expands; JSG520 has those that Flux replaces."""
    bare = _BARE.findall(text.content)
    if settings.gitops == "flux" and not text.is_protected:
        return bare
    return BRACED.findall(text.content) + bare


def _left(path: Path, variables: list[str]) -> Finding:
    message = (
        f"unexpanded {listed_variables(variables)} in {_field(path)}, where nothing on the cluster"
        " expands variables"
    )
    return Finding(path=path, message=message, hint=SUBSTITUTE_BEFORE)


def _expanded_too_early(path: Path, variables: list[str]) -> Finding:
    message = (
        "if Flux applies the output with postBuild, it replaces"
        f" {listed_variables(variables)} before any shell sees it"
    )
    hint = (
        "Leave out the braces, annotate the Job template with"
        f" {keys.FLUX_SUBSTITUTE}: disabled, or compile with --gitops argocd or none."
    )
    return Finding(path=path, message=message, hint=hint)


def _field(path: Path) -> str:
    """Return the nearest field's name."""
    return next((step for step in reversed(path) if isinstance(step, str)), "the document")
