"""JSG507: variable left."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.model import keys
from jobsetgen.model.unit import Unit
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.variables import BEFORE, BRACED, is_expanded_later, named, texts
from jobsetgen.rules.rule import Located, input_rule
from jobsetgen.upstream import UNKNOWN

# envsubst knows these too; Flux does not.
_BARE = re.compile(r"(?<![\\$\w])\$[A-Z_][A-Z0-9_]*\b")


@input_rule("JSG507", "warning", since="0.1", source=UNKNOWN)
def variable_left(units: Sequence[Unit], settings: Settings) -> Iterator[Located]:
    """A `${VAR}`, as envsubst and Flux substitute it, is still in a field.

    Nothing on the cluster expands it in an image, a name, a quantity or a label. In commands, arguments and
    environment variables a shell may, so there it matters only where Flux applies the output with postBuild: Flux
    replaces `${VAR}` in every string, with nothing where it has no such variable. `$(VAR)` is Kubernetes' own and
    stays. Under `--gitops flux` see JSG520; with `--gitops argocd` or `none` scripts are not looked at.

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
        for path, text, is_protected in texts(unit, settings):
            braced = BRACED.findall(text)
            by_flux = settings.gitops == "flux" and not is_protected
            if not is_expanded_later(path):
                left = [*(() if by_flux else braced), *_BARE.findall(text)]
                if left:
                    yield unit, _never_expanded(path, left)
            elif braced and settings.gitops == "any" and not is_protected:
                yield unit, _expanded_too_early(path, braced)


def _never_expanded(path: Path, left: list[str]) -> Finding:
    return Finding(
        path=path,
        message=f"{named(left)} left in {_field(path)}, where nothing on the cluster expands variables",
        hint=BEFORE,
    )


def _expanded_too_early(path: Path, left: list[str]) -> Finding:
    return Finding(
        path=path,
        message=f"where Flux applies this with postBuild it replaces {named(left)} before any shell sees it",
        hint=f"Leave out the braces, annotate the Job template with {keys.FLUX_SUBSTITUTE}: disabled, "
        "or compile with --gitops argocd or none.",
    )


def _field(path: Path) -> str:
    return next((step for step in reversed(path) if isinstance(step, str)), "the document")
