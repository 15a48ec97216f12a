"""The side of a compiled spec."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.arrange import Group
from jobsetgen.diagnostics import Place
from jobsetgen.diff.facts import facts
from jobsetgen.diff.plans import family, read_plan
from jobsetgen.diff.sides import Family, Kind, Side, TrainingSet
from jobsetgen.expand.expand import Expansion
from jobsetgen.expand.objects import JobFamily, Object
from jobsetgen.expand.watcher import is_plan
from jobsetgen.options.table import Settings
from jobsetgen.pipeline import Compilation


def compiled_side(compilation: Compilation, kind: Kind, label: str, revision: str = "") -> Side:
    """Return the sets and the other objects of a compilation.

    A compilation with errors has neither, and its side is broken. All diagnostics are kept. A JobSet
    that is written itself is one of the other objects: its controller decides what a change does.
    """
    has_sets = compilation.settings.target == "plain"
    return Side(
        kind=kind,
        label=label,
        revision=revision,
        sets=tuple(_sets(compilation)) if has_sets else (),
        pass_through=tuple(_passed_through(compilation, has_sets=has_sets)),
        diagnostics=compilation.diagnostics,
        is_broken=not compilation.ok,
    )


def _sets(compilation: Compilation) -> Iterator[TrainingSet]:
    groups = [group for group in compilation.groups if group.folder is not None]
    units = [unit for unit in compilation.units if unit.jobset]
    # If it has errors, there are units, but no groups.
    for group, expansion, unit in zip(groups, compilation.expansions, units, strict=False):
        yield _set(group, expansion, compilation.settings, unit.document.root.place)


def _set(group: Group, expansion: Expansion, settings: Settings, place: Place) -> TrainingSet:
    families: list[Family] = []
    others: list[Object] = []
    plan = None
    for part in group.parts:
        if isinstance(part, JobFamily):
            families.append(_family(part))
        elif is_plan(part):
            plan = read_plan(part)
        else:
            others.append(part)
    told = facts(families, others, plan)
    return TrainingSet(
        namespace=expansion.jobset.namespace or "",
        name=expansion.jobset.name,
        mode=told.mode,
        update_policy=told.update_policy or settings.update_policy,
        profile=told.profile or settings.gitops,
        generation=expansion.generation,
        is_suspended=told.is_suspended,
        families=tuple(families),
        others=tuple(others),
        plan=plan,
        place=place,
    )


def _family(jobs: JobFamily) -> Family:
    return family(jobs.replicated_job, jobs.template, jobs.replicas, jobs.domains)


def _passed_through(compilation: Compilation, *, has_sets: bool) -> Iterator[Object]:
    """Yield the objects that are in no set."""
    for group in compilation.groups:
        if group.folder is None or not has_sets:
            yield from (part for part in group.parts if not isinstance(part, JobFamily))
