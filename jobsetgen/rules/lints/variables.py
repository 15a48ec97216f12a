"""Variables of templates that are still in a JobSet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.model import keys
from jobsetgen.model.template import JobTemplate
from jobsetgen.model.unit import Unit
from jobsetgen.options.table import Settings
from jobsetgen.plain import string
from jobsetgen.rules.rule import Located, input_rule
from jobsetgen.words import listed

# With an even number of dollars before the brace, Flux leaves one half of them and the rest as it is.
_BRACED = re.compile(r"(?<!\$)(?:\$\$)*(\$\{[^{}]*\})")
# envsubst knows these too; Flux does not.
_BARE = re.compile(r"(?<![\\$\w])\$[A-Z_][A-Z0-9_]*\b")
_MOST_NAMED = 3
_BEFORE = "Substitute it before the compile, for example with envsubst."


class _Text(NamedTuple):
    """A string of a JobSet, where it stands, and whether its template keeps Flux away from it."""

    path: Path
    text: str
    is_protected: bool


@input_rule("JSG507", "variable-left", "warning")
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
        for path, text, is_protected in _texts(unit, settings):
            braced = _BRACED.findall(text)
            by_flux = settings.gitops == "flux" and not is_protected
            if not _is_expanded_later(path):
                left = [*(() if by_flux else braced), *_BARE.findall(text)]
                if left:
                    yield unit, _never_expanded(path, left)
            elif braced and settings.gitops == "any" and not is_protected:
                yield unit, _expanded_too_early(path, braced)


@input_rule("JSG520", "variable-under-flux")
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
        for path, text, is_protected in _texts(unit, settings):
            if not is_protected and (left := _BRACED.findall(text)):
                yield unit, _replaced_by_flux(path, left)


def _never_expanded(path: Path, left: list[str]) -> Finding:
    return Finding(
        path=path,
        message=f"{_named(left)} left in {_field(path)}, where nothing on the cluster expands variables",
        hint=_BEFORE,
    )


def _expanded_too_early(path: Path, left: list[str]) -> Finding:
    return Finding(
        path=path,
        message=f"where Flux applies this with postBuild it replaces {_named(left)} before any shell sees it",
        hint=f"Leave out the braces, annotate the Job template with {keys.FLUX_SUBSTITUTE}: disabled, "
        "or compile with --gitops argocd or none.",
    )


def _replaced_by_flux(path: Path, left: list[str]) -> Finding:
    hint = _BEFORE
    if _is_expanded_later(path):
        hint = (
            f"Write ${left[0]}, or annotate the Job template with {keys.FLUX_SUBSTITUTE}: disabled."
        )
    return Finding(
        path=path,
        message=f"Flux's postBuild substitution would replace {_named(left)}: what runs is not what is compiled here",
        hint=hint,
    )


def _field(path: Path) -> str:
    return next((step for step in reversed(path) if isinstance(step, str)), "the document")


def _named(left: list[str]) -> str:
    different = list(dict.fromkeys(" ".join(each.split()) for each in left))
    if len(different) > _MOST_NAMED:
        different = [*different[: _MOST_NAMED - 1], f"{len(different) - _MOST_NAMED + 1} more"]
    return listed(different)


def _texts(unit: Unit, settings: Settings) -> Iterator[_Text]:
    """Yield every string of a JobSet that gets into the output; images are those that the project has chosen."""
    if unit.jobset is None:
        return
    for path, text in _strings(unit.data, ()):
        is_elsewhere = path[:2] == ("spec", "replicatedJobs") and path[3:4] == ("template",)
        # The JobSet's own labels and annotations are not copied to its objects.
        if not is_elsewhere and path[:2] not in (
            ("metadata", "labels"),
            ("metadata", "annotations"),
        ):
            # Patterns of failure rules are in the plan alone, and that has the annotation.
            yield _Text(path, text, path[:2] == ("spec", "failurePolicy"))
    for each in unit.jobset.replicated_jobs:
        template = each.template
        # What the watcher creates is in the plan, too.
        is_protected = settings.jobs == "watcher" or _is_protected(template)
        for path, text in _strings(template.metadata, (*template.path, "metadata")):
            yield _Text(path, text, is_protected)
        for path, text in _strings(template.spec, template.spec_path):
            yield _Text(path, text, is_protected)


def _strings(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        if "$" in value:
            yield path, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _strings(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _strings(item, (*path, index))


def _is_protected(template: JobTemplate) -> bool:
    return "disabled" in (
        string(template.labels, keys.FLUX_SUBSTITUTE),
        string(template.annotations, keys.FLUX_SUBSTITUTE),
    )


def _is_expanded_later(path: Path) -> bool:
    """Whether a shell or the program may expand what stands there: a command, an argument, a variable's value."""
    is_variable = path[-1:] == ("value",) and path[-3:-2] == ("env",)
    return is_variable or path[-2:-1] in (("command",), ("args",))
