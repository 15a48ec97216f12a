"""The compile, from bytes to objects, as one readable function. Every front end calls it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from jobsetgen import emit
from jobsetgen.arrange import Arrangement, Group, arrange
from jobsetgen.diagnostics import (
    Diagnostic,
    Ignores,
    Place,
    diagnostic,
    in_order,
    is_silenced,
)
from jobsetgen.expand.expand import Expansion
from jobsetgen.expand.objects import JobFamily, Part
from jobsetgen.model.codes import NOTHING
from jobsetgen.model.reading import read_units
from jobsetgen.model.unit import Unit
from jobsetgen.options.table import Settings
from jobsetgen.project.checks import contradictions
from jobsetgen.project.files import Files
from jobsetgen.project.inputs import Inputs, read_folder, read_sources
from jobsetgen.project.layer import options_layer, settings_layer, settings_of
from jobsetgen.rules.registry import MERGED
from jobsetgen.rules.run import check
from jobsetgen.rules.unmatched import unmatched
from jobsetgen.source.documents import Document, ignores_of
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
    ignores: Ignores

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
        """Yield the parts in the order of the output.

        The Jobs that the watcher will create are among them only in a preview.
        """
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
    inputs = read_sources(sources)
    if settings is None:
        return compile_inputs(inputs)
    layer, wrong = settings_layer(settings)
    chosen = inputs.with_layer(layer, wrong)
    return compile_inputs(replace(chosen, namespace_required=settings.namespace_required))


def compile_project(files: Files, options: Mapping[str, Any] | None = None) -> Compilation:
    """Compile a folder: its jobsetgen.yaml, or else its manifests.

    `options` are fields of a jobsetgen.yaml that win over the folder's own, as flags do. Raises
    StopError for a file that cannot be read; everything else that is wrong is in the diagnostics.
    That nothing is left to write is no error here: see `Compilation.is_empty`.
    """
    layer, wrong = options_layer(options or {})
    return compile_inputs(read_folder(files).with_layer(layer, wrong))


def compile_inputs(inputs: Inputs) -> Compilation:
    """Compile documents under layers of options. Every front end ends here."""
    chosen = settings_of(inputs.layers)
    settings = replace(chosen, namespace_required=inputs.namespace_required)
    ignores = ignores_of(_all_documents(inputs))

    units, misshapen = read_units(inputs.documents, settings)
    broken = _reviewed([*misshapen, *check(units, settings)], ignores, settings)
    arranged = Arrangement() if _has_error(broken) else arrange(units, settings)

    of_options = [*contradictions(inputs.layers, chosen), *unmatched(inputs.layers, units)]
    others = [*inputs.diagnostics, *of_options, *arranged.diagnostics]
    diagnostics = in_order([*broken, *_reviewed(others, ignores, settings)])
    if _has_error(diagnostics):
        arranged = Arrangement()
    return Compilation(
        units=tuple(units),
        expansions=arranged.expansions,
        groups=arranged.groups,
        diagnostics=tuple(diagnostics),
        settings=settings,
        ignores=ignores,
    )


def with_diagnostics(result: Compilation, found: Sequence[Diagnostic]) -> Compilation:
    """Return a compilation with what a front end has found besides; with an error it is empty."""
    more = _reviewed(found, result.ignores, result.settings)
    arranged = Arrangement() if _has_error(more) else result
    return replace(
        result,
        expansions=arranged.expansions,
        groups=arranged.groups,
        diagnostics=tuple(in_order([*result.diagnostics, *more])),
    )


def nothing_to_write(place: Place, hint: str) -> Diagnostic:
    """Return the error of an output without any object; `hint` tells how it is meant to be said."""
    message = (
        "the input holds no object; applied by a GitOps tool, an empty output deletes everything"
    )
    return diagnostic(NOTHING, place, message, hint)


def _all_documents(inputs: Inputs) -> Iterator[Document]:
    yield from inputs.documents
    for layer in inputs.layers:
        yield layer.document


def _reviewed(
    diagnostics: Iterable[Diagnostic],
    ignores: Ignores,
    settings: Settings,
) -> list[Diagnostic]:
    """Return what is left of diagnostics: not what a comment silences, and as strict as asked."""
    heard = [item for item in diagnostics if not is_silenced(item, ignores, MERGED)]
    return [_as_error(item) if settings.strict else item for item in heard]


def _has_error(diagnostics: Iterable[Diagnostic]) -> bool:
    return any(item.is_error for item in diagnostics)


def _as_error(item: Diagnostic) -> Diagnostic:
    return replace(item, severity="error") if item.severity == "warning" else item
