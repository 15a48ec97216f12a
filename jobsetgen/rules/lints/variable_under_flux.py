"""JSG520: variable under flux."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.model import keys
from jobsetgen.model.unit import Unit
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.variables import BEFORE, BRACED, is_expanded_later, named, texts
from jobsetgen.rules.rule import Located, input_rule
from jobsetgen.upstream import UNKNOWN


@input_rule("JSG520", "error", since="0.1", source=UNKNOWN)
def variable_under_flux(units: Sequence[Unit], settings: Settings) -> Iterator[Located]:
    """A `${VAR}` that Flux's postBuild substitution would replace.

    What runs would then not be what was compiled and reviewed, and a script would lose its own variables. Write
    `$${VAR}` where the program shall see `${VAR}`, or keep Flux away from these Jobs with the annotation
    `kustomize.toolkit.fluxcd.io/substitute: disabled` on the Job template. With `--jobs watcher` Flux sees no Job
    template, only a plan that carries that annotation. Only under `--gitops flux`.

    Bad (flux)::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {containers: [{command: [sh, -c, "echo ${RANK}"]}]}}}}

    Good (flux)::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {containers: [{command: [sh, -c, "echo $${RANK}"]}]}}}}
    """
    if settings.gitops != "flux":
        return
    for unit in units:
        for path, text, is_protected in texts(unit, settings):
            if not is_protected and (left := BRACED.findall(text)):
                yield unit, _replaced_by_flux(path, left)


def _replaced_by_flux(path: Path, left: list[str]) -> Finding:
    hint = BEFORE
    if is_expanded_later(path):
        hint = (
            f"Write ${left[0]}, or annotate the Job template with {keys.FLUX_SUBSTITUTE}: disabled."
        )
    return Finding(
        path=path,
        message=f"Flux's postBuild substitution would replace {named(left)}: what runs is not what is compiled here",
        hint=hint,
    )
