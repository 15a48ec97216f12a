"""The compile, from bytes to objects, as one readable function. Every front end calls it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from jobsetgen import emit
from jobsetgen.diagnostics import Diagnostic, in_order
from jobsetgen.expand.expand import Expansion, expand
from jobsetgen.expand.objects import JobFamily, Part
from jobsetgen.gitops import annotated, for_job, for_retained_claim
from jobsetgen.model.reading import read_units
from jobsetgen.model.settings import Settings
from jobsetgen.model.unit import Unit
from jobsetgen.rules.run import check
from jobsetgen.source.documents import Document
from jobsetgen.source.loader import load


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file to compile: its name, as diagnostics show it, and what is in it."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Objects that belong together: those of one JobSet, or one that passed through (`folder` is None)."""

    folder: str | None
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compilation:
    """What a compile gives: the objects, in order, and the diagnostics. With an error there are no objects."""

    units: tuple[Unit, ...]
    expansions: tuple[Expansion, ...]
    groups: tuple[Group, ...]
    diagnostics: tuple[Diagnostic, ...]
    settings: Settings

    @property
    def is_empty(self) -> bool:
        """Whether there is no object at all. Applied by a GitOps tool, that would delete everything."""
        return not any(group.parts for group in self.groups)

    @property
    def ok(self) -> bool:
        """Whether nothing in the input is an error."""
        return not any(item.is_error for item in self.diagnostics)

    def objects(self) -> Iterator[dict[str, Any]]:
        """Yield every object, in the order of the output."""
        for group in self.groups:
            for part in group.parts:
                if isinstance(part, JobFamily):
                    yield from part.objects()
                else:
                    yield part

    def documents(self) -> Iterator[str]:
        """Yield every object as YAML text. Memory does not grow with the number of Jobs."""
        for group in self.groups:
            for part in group.parts:
                yield from part_texts(part)

    def chunks(self) -> Iterator[str]:
        """Yield the whole output, a piece at a time."""
        separator = ""
        for document in self.documents():
            yield separator + document
            separator = emit.SEPARATOR

    def text(self) -> str:
        """Return the whole output."""
        return "".join(self.chunks())


def part_texts(part: Part) -> Iterator[str]:
    """Yield the YAML text of each object of a part."""
    if isinstance(part, JobFamily):
        slots = (part.slots(index) for index in range(part.replicas))
        return emit.stamp(emit.text(part.template), slots)
    return iter([emit.text(part)])


def compile(sources: Iterable[Source], settings: Settings | None = None) -> Compilation:
    """Compile JobSets, and whatever stands beside them, into plain Kubernetes objects.

    `sources` come in the order of the output. Never prints, exits or raises for what is in them: everything wrong is
    in the diagnostics, sorted, of all inputs at once. Warnings become errors with `settings.strict`.
    """
    settings = settings or Settings()
    loaded = [load(source.name, source.content) for source in sources]
    documents = [document for each in loaded for document in each.documents]
    diagnostics = [item for each in loaded for item in each.diagnostics]
    units, problems = read_units(documents, settings)
    diagnostics += problems
    diagnostics += check(units, settings)
    left = reviewed(diagnostics, documents, settings)
    groups, expansions = ((), ()) if any(item.is_error for item in left) else _arrange(units, settings)
    return Compilation(units=tuple(units), expansions=expansions, groups=groups, diagnostics=left, settings=settings)


def reviewed(
    diagnostics: Iterable[Diagnostic], documents: Iterable[Document], settings: Settings
) -> tuple[Diagnostic, ...]:
    """Return what is left of diagnostics, in order: without what a comment silences, and as strict as is asked."""
    of_file = {document.file: document for document in documents}
    heard = [item for item in diagnostics if item.file not in of_file or not of_file[item.file].silences(item)]
    return tuple(in_order(_as_error(item) if settings.strict else item for item in heard))


def _arrange(units: Sequence[Unit], settings: Settings) -> tuple[tuple[Group, ...], tuple[Expansion, ...]]:
    """Expand each JobSet in its place; what passes through keeps its own."""
    free = {key: list(values) for key, values in settings.placement.domains.items()}
    groups, expansions = [], []
    for unit in units:
        if unit.jobset:
            expansion = expand(unit.jobset, settings, free)
            expansions.append(expansion)
            groups.append(Group(folder=expansion.jobset.name, parts=tuple(_parts(expansion, settings, units))))
        else:
            groups.append(Group(folder=None, parts=(dict(unit.data),)))
    return tuple(groups), tuple(expansions)


def _parts(expansion: Expansion, settings: Settings, units: Sequence[Unit]) -> Iterator[Part]:
    """Yield a set's objects in order, without those that the input brings along itself."""

    def is_here(item: dict[str, Any]) -> bool:
        return any(unit.stands_in(item["kind"], item["metadata"]["name"], expansion.jobset) for unit in units)

    for template, claim in zip(expansion.jobset.claims, expansion.claims, strict=True):
        if not is_here(claim):
            yield annotated(claim, for_retained_claim(settings)) if template.retain else claim
    if expansion.service and not is_here(expansion.service):
        yield expansion.service
    for family in expansion.families:
        if family.replicas:
            yield family.with_template(annotated(family.template, for_job(settings)))


def _as_error(item: Diagnostic) -> Diagnostic:
    return replace(item, severity="error") if item.severity == "warning" else item
