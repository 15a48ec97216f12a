"""JSG520: variable under flux."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.model import keys
from jobsetgen.model.unit import Unit
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.variables import (
    BRACED,
    SUBSTITUTE_BEFORE,
    is_expanded_later,
    listed_variables,
    texts,
)
from jobsetgen.rules.rule import Located, input_rule
from jobsetgen.upstream import page


@input_rule(
    "JSG520",
    "error",
    since="0.1",
    source=page(
        "Flux, Post build variable substitution",
        "https://fluxcd.io/flux/components/kustomize/kustomizations/"
        "#post-build-variable-substitution",
    ),
)
def variable_under_flux(units: Sequence[Unit], settings: Settings) -> Iterator[Located]:
    """Flux's postBuild substitution would replace a `${VAR}`.

    What runs would then not be what was compiled and reviewed, and a script would lose its own
    variables. Write `$${VAR}` if the program is to see `${VAR}`, or keep Flux away from these Jobs
    with the annotation `kustomize.toolkit.fluxcd.io/substitute: disabled` on the Job template. With
    `--jobs watcher` Flux sees no Job template, only a plan that carries that annotation.

    Error because `--gitops flux` says that Flux applies the output, and what it substitutes is
    unknown here: Jobs are replaced when the hash of the run changes, and that hash would not match
    what runs. Only this profile leads to the error.

    Bad (flux)::

        spec:
          replicatedJobs:
          - template:
              spec: {template: {spec: {containers: [{command: [sh, -c, "echo ${RANK}"]}]}}}

    Good (flux)::

        spec:
          replicatedJobs:
          - template:
              spec: {template: {spec: {containers: [{command: [sh, -c, "echo $${RANK}"]}]}}}
    """
    if settings.gitops != "flux":
        return
    for unit in units:
        for text in texts(unit, settings):
            variables = BRACED.findall(text.content)
            if variables and not text.is_protected:
                yield unit, _replaced_by_flux(text.path, variables)


def _replaced_by_flux(path: Path, variables: list[str]) -> Finding:
    hint = SUBSTITUTE_BEFORE
    if is_expanded_later(path):
        hint = (
            f"Write ${variables[0]}, or annotate the Job template with"
            f" {keys.FLUX_SUBSTITUTE}: disabled."
        )
    message = (
        f"Flux's postBuild substitution would replace {listed_variables(variables)}: what"
        " would run is not what is compiled here"
    )
    return Finding(path=path, message=message, hint=hint)
