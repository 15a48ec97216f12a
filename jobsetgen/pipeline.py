"""The compile, from bytes to objects, as one readable function. Every front end calls it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from jobsetgen import emit
from jobsetgen.arrange import Arrangement, Group, arrange
from jobsetgen.diagnostics import Diagnostic, in_order, is_silenced
from jobsetgen.expand.expand import Expansion
from jobsetgen.expand.objects import JobFamily, Part
from jobsetgen.model.reading import read_units
from jobsetgen.model.unit import Unit
from jobsetgen.options.table import Settings
from jobsetgen.rules.run import check
from jobsetgen.source.documents import Document, ignores_of
from jobsetgen.source.loader import load
from jobsetgen.source.text import Source

PREVIEW = "# Preview: the restart-watcher creates this Job. Do not apply it.\n"
"""The first line of a Job that is shown to reviewers and not part of the output."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compilation:
    """What a compile gives: the objects, in order, and the diagnostics.

    With an error there are no objects.
    """

    units: tuple[Unit, ...]
    expansions: tuple[Expansion, ...]
    groups: tuple[Group, ...]
    diagnostics: tuple[Diagnostic, ...]
    settings: Settings

    @property
    def is_empty(self) -> bool:
        """Whether there is no object at all.

        Applied by a GitOps tool, that would delete everything.
        """
        return next(self.objects(), None) is None

    @property
    def ok(self) -> bool:
        """Whether nothing in the input is an error."""
        return not _has_error(self.diagnostics)

    def parts(self, *, preview: bool = False) -> Iterator[Part]:
        """Yield the parts in the order of the output, with or without the Jobs that the watcher will create."""
        for group in self.groups:
            for part in group.parts:
                if preview or not is_preview(part):
                    yield part

    def objects(self, *, preview: bool = False) -> Iterator[dict[str, Any]]:
        """Yield every object, in the order of the output."""
        for part in self.parts(preview=preview):
            yield from part_objects(part)

    def documents(self, *, preview: bool = False) -> Iterator[str]:
        """Yield every object as YAML text. Memory does not grow with the number of Jobs."""
        for part in self.parts(preview=preview):
            yield from part_texts(part)

    def chunks(self, *, preview: bool = False) -> Iterator[str]:
        """Yield the whole output, a piece at a time."""
        separator = ""
        for document in self.documents(preview=preview):
            yield separator + document
            separator = emit.SEPARATOR

    def text(self, *, preview: bool = False) -> str:
        """Return the whole output."""
        return "".join(self.chunks(preview=preview))


def is_preview(part: Part) -> bool:
    """Whether a part is not of the output, but shown to whoever reviews it."""
    return isinstance(part, JobFamily) and part.is_preview


def part_objects(part: Part) -> Iterator[dict[str, Any]]:
    """Yield each object of a part."""
    if isinstance(part, JobFamily):
        yield from part.objects()
    else:
        yield part


def part_texts(part: Part) -> Iterator[str]:
    """Yield the YAML text of each object of a part."""
    if not isinstance(part, JobFamily):
        return iter([emit.text(part)])
    lead = PREVIEW if part.is_preview else ""
    slots = (part.slots(index) for index in range(part.replicas))
    return emit.stamp(lead + emit.text(part.template), slots)


def compile(sources: Iterable[Source], settings: Settings | None = None) -> Compilation:
    """Compile JobSets, and whatever stands beside them, into plain Kubernetes objects.

    `sources` come in the order of the output. Never prints, exits or raises for what is in them:
    everything wrong is in the diagnostics, sorted, of all inputs at once. Warnings become errors
    with `settings.strict`.
    """
    loaded = [load(source.name, source.content) for source in sources]
    documents = [document for each in loaded for document in each.documents]
    return compile_documents(
        documents, settings, [item for each in loaded for item in each.diagnostics]
    )


def compile_documents(
    documents: Sequence[Document],
    settings: Settings | None = None,
    found: Iterable[Diagnostic] = (),
) -> Compilation:
    """Compile what has been read, as `compile` does; `found` is what was wrong already."""
    settings = settings or Settings()
    units, problems = read_units(documents, settings)
    diagnostics = [*found, *problems, *check(units, settings)]
    left = reviewed(diagnostics, documents, settings)
    arranged = Arrangement() if _has_error(left) else arrange(units, settings)
    late = reviewed(arranged.diagnostics, documents, settings)
    return Compilation(
        units=tuple(units),
        expansions=() if _has_error(late) else arranged.expansions,
        groups=() if _has_error(late) else arranged.groups,
        diagnostics=tuple(in_order([*left, *late])),
        settings=settings,
    )


def reviewed(
    diagnostics: Iterable[Diagnostic], documents: Iterable[Document], settings: Settings
) -> tuple[Diagnostic, ...]:
    """Return what is left of diagnostics, in order: without what a comment silences, and as strict as is asked."""
    ignores = ignores_of(documents)
    heard = [item for item in diagnostics if not is_silenced(item, ignores)]
    return tuple(in_order(_as_error(item) if settings.strict else item for item in heard))


def _has_error(diagnostics: Iterable[Diagnostic]) -> bool:
    return any(item.is_error for item in diagnostics)


def _as_error(item: Diagnostic) -> Diagnostic:
    return replace(item, severity="error") if item.severity == "warning" else item
