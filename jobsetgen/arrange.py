"""The objects of an input in the order of the output: each JobSet's in its place, what passes through in its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from jobsetgen.assets import restart_watcher
from jobsetgen.diagnostics import Diagnostic
from jobsetgen.expand.expand import Expansion, expand
from jobsetgen.expand.objects import Part
from jobsetgen.expand.plan import plan
from jobsetgen.expand.watcher import is_plan, watcher_objects
from jobsetgen.gitops import annotated, for_job, for_retained_claim, for_script, for_watcher_job
from jobsetgen.model.duties import has_watcher
from jobsetgen.model.unit import Unit
from jobsetgen.options.table import Settings
from jobsetgen.plain import mapping
from jobsetgen.rules.plan_size import plan_size
from jobsetgen.rules.together import same_generated_name

_USED_INSTEAD = ("Service", "PersistentVolumeClaim")
_Brought = dict[tuple[str, str], list[Unit]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Objects that belong together: those of one JobSet, or one that passed through (`folder` is None)."""

    folder: str | None
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """All groups in the order of the output, what each JobSet was expanded to, and what only then came to light."""

    groups: tuple[Group, ...] = ()
    expansions: tuple[Expansion, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def arrange(units: Sequence[Unit], settings: Settings) -> Arrangement:
    """Expand each JobSet in its place; what passes through keeps its own."""
    free = {key: list(values) for key, values in settings.placement.domains.items()}
    expanded = [expand(unit.jobset, settings, free) if unit.jobset else None for unit in units]
    expansions = tuple(each for each in expanded if each)
    brought = _core_objects(units)
    named: dict[tuple[str, str], Unit] = {}
    groups: list[Group] = []
    diagnostics: list[Diagnostic] = []
    for unit, expansion in zip(units, expanded, strict=True):
        if expansion:
            parts = tuple(_parts(expansion, settings, brought))
            groups.append(Group(folder=expansion.jobset.name, parts=parts))
            diagnostics += same_generated_name(unit, expansion.jobset.name, named)
            diagnostics += [
                found for part in parts if is_plan(part) for found in plan_size(unit, part)
            ]
        else:
            groups.append(Group(folder=None, parts=(_passed_through(unit, expansions, brought),)))
    return Arrangement(groups=tuple(groups), expansions=expansions, diagnostics=tuple(diagnostics))


def _core_objects(units: Sequence[Unit]) -> _Brought:
    """Return what the input brings along that a JobSet could use instead of its own, by kind and name."""
    found: _Brought = {}
    for unit in units:
        if not unit.jobset and unit.api_version == "v1":
            found.setdefault((unit.kind, unit.name), []).append(unit)
    return found


def _passed_through(
    unit: Unit, expansions: Sequence[Expansion], brought: _Brought
) -> dict[str, Any]:
    """Return an object of the input; one that a JobSet uses instead of its own goes to the JobSet's namespace."""
    data = dict(unit.data)
    is_core = any(unit is each for each in brought.get((unit.kind, unit.name), ()))
    if not is_core or unit.kind not in _USED_INSTEAD or mapping(data, "metadata").get("namespace"):
        return data
    users = (each.jobset for each in expansions for item in _own(each) if _is(unit, item, each))
    namespace = next((jobset.namespace for jobset in users), None)
    return {**data, "metadata": {**data["metadata"], "namespace": namespace}} if namespace else data


def _own(expansion: Expansion) -> Iterator[dict[str, Any]]:
    """Yield what a JobSet makes unless the input brings it along."""
    yield from expansion.claims
    if expansion.service:
        yield expansion.service


def _is(unit: Unit, item: dict[str, Any], expansion: Expansion) -> bool:
    return unit.stands_in(item["kind"], item["metadata"]["name"], expansion.jobset)


def _parts(expansion: Expansion, settings: Settings, brought: _Brought) -> Iterator[Part]:
    """Yield a set's objects in order, without those that the input brings along itself."""

    def is_here(item: dict[str, Any]) -> bool:
        return any(
            _is(unit, item, expansion)
            for unit in brought.get((item["kind"], item["metadata"]["name"]), ())
        )

    watched = has_watcher(expansion.jobset, settings)
    claims = [
        (
            template.retain,
            annotated(claim, for_retained_claim(settings)) if template.retain else claim,
        )
        for template, claim in zip(expansion.jobset.claims, expansion.claims, strict=True)
        if not is_here(claim)
    ]
    service = expansion.service if expansion.service and not is_here(expansion.service) else None
    families = [
        family.with_template(annotated(family.template, for_job(settings, watched=watched)))
        for family in expansion.families
    ]
    training: list[Part] = [claim for _, claim in claims]
    training += [service] if service else []
    training += [family for family in families if family.replicas]
    if not watched:
        yield from training
        return
    content = plan(expansion, settings, families=families, service=service, claims=claims)
    watcher = watcher_objects(expansion, settings, content, restart_watcher())
    yield from watcher.rights
    yield annotated(watcher.plan, for_script(settings))
    yield watcher.state
    yield annotated(watcher.script, for_script(settings))
    yield from training
    yield annotated(watcher.job, for_watcher_job(settings))
