"""Find references in watcher plans to objects that kustomize will rename later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Diagnostic, Finding, Path
from jobsetgen.expand.watcher import is_plan
from jobsetgen.frontends.krm.resources import ResourceList, notes
from jobsetgen.model.unit import Unit
from jobsetgen.pipeline import Compilation
from jobsetgen.plain import mapping, objects, string
from jobsetgen.project.codes import RENAMED_LATER

# The annotation by which kustomize marks generated objects that will get a hash suffix.
_HASHED = "internal.config.kubernetes.io/needsHashSuffix"
# Where a pod references a ConfigMap or a Secret: the key of the mapping, the kind, and the field.
_NAMED_BY = {
    "configMap": ("ConfigMap", "name"),
    "configMapKeyRef": ("ConfigMap", "name"),
    "configMapRef": ("ConfigMap", "name"),
    "secret": ("Secret", "secretName"),
    "secretKeyRef": ("Secret", "name"),
    "secretRef": ("Secret", "name"),
}
_Reference = tuple[Path, str, str]


def renamed_later(resources: ResourceList, compilation: Compilation) -> list[Diagnostic]:
    """Return an error for each reference of a watched set to an object that kustomize will rename.

    kustomize renames the references in the Jobs, but not those in the watcher's plan.
    """
    if not compilation.ok:
        return []  # without objects there are no plans
    hashed = set(_hashed(resources))
    return [
        _diagnostic(unit, *reference)
        for unit in _watched(compilation)
        for reference in _references(unit)
        if reference[1:] in hashed
    ]


def _hashed(resources: ResourceList) -> Iterator[tuple[str, str]]:
    """Yield the kind and name of each object that kustomize has generated."""
    for each in resources.items:
        if notes(each.data).get(_HASHED):
            yield string(each.data, "kind"), string(mapping(each.data, "metadata"), "name")


def _watched(compilation: Compilation) -> Iterator[Unit]:
    """Yield the sets that have a watcher and therefore a plan."""
    for unit, group in zip(compilation.units, compilation.groups, strict=True):
        if unit.jobset and any(map(is_plan, group.parts)):
            yield unit


def _references(unit: Unit) -> Iterator[_Reference]:
    """Yield the ConfigMaps and Secrets that the pods of a set reference, with their paths."""
    for template in unit.job_templates():
        yield from _named(template.pod, template.pod_path)
        for index, secret in objects(template.pod, "imagePullSecrets"):
            yield (
                (*template.pod_path, "imagePullSecrets", index, "name"),
                "Secret",
                string(secret, "name"),
            )


def _named(value: Any, path: Path) -> Iterator[_Reference]:
    steps = (
        value.items()
        if isinstance(value, Mapping)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for step, inner in steps:
        if step in _NAMED_BY and isinstance(inner, Mapping):
            kind, field = _NAMED_BY[step]
            # A projected Secret has a name instead of a secretName.
            field = field if field in inner else "name"
            yield (*path, step, field), kind, string(inner, field)
        yield from _named(inner, (*path, step))


def _diagnostic(unit: Unit, path: Path, kind: str, name: str) -> Diagnostic:
    message = (
        f"kustomize will add a hash to the name of the {kind} {name}, but not to the reference in"
        " the watcher's plan"
    )
    hint = "Set disableNameSuffixHash: true in its generator, or run jobsetgen in a second build."
    return unit.document.diagnostic(RENAMED_LATER, Finding(path=path, message=message, hint=hint))
