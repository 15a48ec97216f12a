"""Expand the JobSets of an input and arrange all objects in output order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from jobsetgen.assets import restart_watcher
from jobsetgen.diagnostics import Diagnostic
from jobsetgen.expand.expand import Expansion, expand
from jobsetgen.expand.objects import Part
from jobsetgen.expand.plan import plan
from jobsetgen.expand.set_metadata import with_set_metadata
from jobsetgen.expand.watcher import is_plan, watcher_objects
from jobsetgen.gitops import (
    annotated,
    annotated_job,
    for_retained_claim,
    for_script,
    for_watcher_job,
)
from jobsetgen.model.core_objects import CoreObjects
from jobsetgen.model.jobset import JobSet
from jobsetgen.model.treatment import treatments
from jobsetgen.model.unit import Unit
from jobsetgen.options.table import Settings
from jobsetgen.plain import mapping
from jobsetgen.progress import counted
from jobsetgen.rules.input.duplicate_object import same_generated_name
from jobsetgen.rules.run import check_plan

_USED_INSTEAD = ("Service", "PersistentVolumeClaim")
_Users = dict[tuple[str, str], list[JobSet]]


class Group(NamedTuple):
    """The objects of one JobSet, or one object that passes through.

    `folder` is None for an object that passes through.
    """

    folder: str | None
    parts: tuple[Part, ...]


class Arrangement(NamedTuple):
    """All groups in output order, and the expansion of each JobSet.

    `diagnostics` are problems that are found only after expansion.
    """

    groups: tuple[Group, ...] = ()
    expansions: tuple[Expansion, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def arrange(units: Sequence[Unit], settings: Settings) -> Arrangement:
    """Replace each JobSet with its expansion; other objects keep their position."""
    expanded = list(_expanded(units, settings))
    expansions = tuple(each for each in expanded if each)
    core = CoreObjects(units)
    users = _users(expansions)
    named: dict[tuple[str, str], Unit] = {}
    groups: list[Group] = []
    diagnostics: list[Diagnostic] = []
    for unit, expansion in zip(units, expanded, strict=True):
        if expansion is None:
            groups.append(Group(folder=None, parts=(_passed_through(unit, users),)))
            continue
        parts = tuple(_parts(expansion, settings, core))
        groups.append(Group(folder=expansion.jobset.name, parts=parts))
        diagnostics += same_generated_name(unit, expansion.jobset.name, named)
        for plan_part in filter(is_plan, parts):
            diagnostics += check_plan(unit, plan_part)
    return Arrangement(groups=tuple(groups), expansions=expansions, diagnostics=tuple(diagnostics))


def _expanded(units: Sequence[Unit], settings: Settings) -> Iterator[Expansion | None]:
    """Yield the expansion of each unit, or None for an object that passes through."""
    of_sets = treatments((unit.jobset for unit in units if unit.jobset), settings)
    for unit in counted("Expanding objects", units):
        yield expand(unit.jobset, next(of_sets), settings) if unit.jobset else None


def _users(expansions: Sequence[Expansion]) -> _Users:
    """Return the JobSets by the objects that they create unless the input provides them."""
    found: _Users = {}
    for each in expansions:
        for item in _own(each):
            found.setdefault((item["kind"], item["metadata"]["name"]), []).append(each.jobset)
    return found


def _passed_through(unit: Unit, users: _Users) -> dict[str, Any]:
    """Return an object that passes through.

    If a JobSet uses it instead of creating its own, it gets the JobSet's namespace.
    """
    data = dict(unit.data)
    if unit.kind not in _USED_INSTEAD or mapping(data, "metadata").get("namespace"):
        return data
    own = users.get((unit.kind, unit.name), ())
    using = (jobset for jobset in own if unit.stands_in(jobset))
    namespace = next((jobset.namespace for jobset in using), None)
    return {**data, "metadata": {**data["metadata"], "namespace": namespace}} if namespace else data


def _own(expansion: Expansion) -> Iterator[dict[str, Any]]:
    """Yield the objects that a JobSet creates unless the input provides them."""
    yield from expansion.claims
    if expansion.service:
        yield expansion.service


def _parts(expansion: Expansion, settings: Settings, core: CoreObjects) -> Iterator[Part]:
    """Yield a set's objects in output order, without those that the input provides.

    The JobSet's own metadata is added at the end, because the plan holds the Service and claims.
    """
    jobset = expansion.jobset
    claims = list(_claims(expansion, settings, core))
    service = expansion.service
    if service and _is_provided(service, expansion, core):
        service = None
    is_watched = expansion.treatment.is_watched
    families = [
        family.with_template(annotated_job(family.template, settings, watched=is_watched))
        for family in expansion.families
    ]

    training: list[Part] = [with_set_metadata(claim, jobset) for _, claim in claims]
    training += [with_set_metadata(service, jobset)] if service else []
    training += [family for family in families if family.replicas]
    if not is_watched:
        yield from training
        return

    content = plan(expansion, settings, families=families, service=service, claims=claims)
    watcher = watcher_objects(expansion, settings, content, restart_watcher())
    yield from watcher.rights
    yield with_set_metadata(annotated(watcher.plan, for_script(settings)), jobset)
    yield with_set_metadata(watcher.state, jobset)
    yield with_set_metadata(annotated(watcher.script, for_script(settings)), jobset)
    yield from training
    yield with_set_metadata(annotated(watcher.job, for_watcher_job(settings)), jobset)


def _claims(
    expansion: Expansion, settings: Settings, core: CoreObjects
) -> Iterator[tuple[bool, dict[str, Any]]]:
    """Yield a set's claims, each with whether it is retained."""
    for template, claim in zip(expansion.jobset.claims, expansion.claims, strict=True):
        if _is_provided(claim, expansion, core):
            continue
        if template.retain:
            yield True, annotated(claim, for_retained_claim(settings))
        else:
            yield False, claim


def _is_provided(item: dict[str, Any], expansion: Expansion, core: CoreObjects) -> bool:
    """Whether the input provides an object that a set would create."""
    name = item["metadata"]["name"]
    return bool(core.standing_in(item["kind"], name, expansion.jobset))
