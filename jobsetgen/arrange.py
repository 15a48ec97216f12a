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
from jobsetgen.model.settings import Settings
from jobsetgen.model.unit import Unit
from jobsetgen.model.watching import has_watcher
from jobsetgen.rules.plan_size import plan_size


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
    groups: list[Group] = []
    expansions: list[Expansion] = []
    diagnostics: list[Diagnostic] = []
    for unit in units:
        if unit.jobset:
            expansion = expand(unit.jobset, settings, free)
            parts = tuple(_parts(expansion, settings, units))
            expansions.append(expansion)
            groups.append(Group(folder=expansion.jobset.name, parts=parts))
            diagnostics += [found for part in parts if is_plan(part) for found in plan_size(unit, part)]
        else:
            groups.append(Group(folder=None, parts=(dict(unit.data),)))
    return Arrangement(groups=tuple(groups), expansions=tuple(expansions), diagnostics=tuple(diagnostics))


def _parts(expansion: Expansion, settings: Settings, units: Sequence[Unit]) -> Iterator[Part]:
    """Yield a set's objects in order, without those that the input brings along itself."""

    def is_here(item: dict[str, Any]) -> bool:
        return any(unit.stands_in(item["kind"], item["metadata"]["name"], expansion.jobset) for unit in units)

    watched = has_watcher(expansion.jobset, settings)
    claims = [
        (template.retain, annotated(claim, for_retained_claim(settings)) if template.retain else claim)
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
