"""The whole compile, from bytes to objects. Every front end calls `compile_inputs`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

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
from jobsetgen.model.codes import NOTHING, REFUSALS
from jobsetgen.model.priorities import classes_of
from jobsetgen.model.reading import read_units
from jobsetgen.model.unit import Unit
from jobsetgen.options.table import Settings
from jobsetgen.project.checks import contradictions
from jobsetgen.project.files import Files
from jobsetgen.project.foreign import read_rendered_first
from jobsetgen.project.inputs import Inputs, read_sources
from jobsetgen.project.layer import Layer, options_layer, settings_layer, settings_of
from jobsetgen.rules.ignored import refused_codes, without_ignored
from jobsetgen.rules.registry import MERGED
from jobsetgen.rules.rename_hints import with_rename_hints
from jobsetgen.rules.repeats import without_consequences, without_repeats, without_turns
from jobsetgen.rules.run import check, check_output
from jobsetgen.rules.unmatched import unmatched
from jobsetgen.source.documents import Document, ignores_of
from jobsetgen.source.text import Source
from jobsetgen.target.reading import with_carried_options

if TYPE_CHECKING:
    from jobsetgen.overlays.changed import Removed

PREVIEW = "# Preview: the restart-watcher creates this Job. Do not apply it.\n"
"""The first line of a previewed Job, which is for review and not part of the output."""


class Compilation(NamedTuple):
    """The result of a compile: the objects in output order, and the diagnostics.

    If any diagnostic is an error, there are no objects. `files` are the names of the files that
    were compiled, as in diagnostics; `sources` are all files that were read. `suppressed` are the
    warnings and notices that options ignore. `layers` are the options, the strongest last, and
    `removed` the objects of the input that patches have removed.
    """

    units: tuple[Unit, ...]
    expansions: tuple[Expansion, ...]
    groups: tuple[Group, ...]
    diagnostics: tuple[Diagnostic, ...]
    settings: Settings
    ignores: Ignores
    files: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    suppressed: tuple[Diagnostic, ...] = ()
    layers: tuple[Layer, ...] = ()
    removed: tuple[Removed, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether the output contains no objects.

        A GitOps tool that applies it would delete everything.
        """
        return next(self.objects(), None) is None

    @property
    def ok(self) -> bool:
        """Whether no diagnostic is an error."""
        return not _has_error(self.diagnostics)

    @property
    def jobset_count(self) -> int:
        """The number of JobSets in the input, those that pass through included."""
        return sum(unit.kind == "JobSet" for unit in self.units)

    def parts(self, *, preview: bool = False) -> Iterator[Part]:
        """Yield the parts in output order.

        With `preview`, they include the Jobs that the watcher will create.
        """
        for group in self.groups:
            for part in group.parts:
                if preview or not is_preview(part):
                    yield part

    def objects(self, *, preview: bool = False) -> Iterator[dict[str, Any]]:
        """Yield every object in output order."""
        for part in self.parts(preview=preview):
            yield from part_objects(part)

    def documents(self, *, preview: bool = False) -> Iterator[str]:
        """Yield every object as YAML text. Memory does not grow with the number of Jobs."""
        for part in self.parts(preview=preview):
            yield from part_texts(part)

    def chunks(self, *, preview: bool = False) -> Iterator[str]:
        """Yield the whole output in chunks."""
        separator = ""
        for document in self.documents(preview=preview):
            yield separator + document
            separator = emit.SEPARATOR

    def text(self, *, preview: bool = False) -> str:
        """Return the whole output."""
        return "".join(self.chunks(preview=preview))


def is_preview(part: Part) -> bool:
    """Whether a part is only for review and not part of the output."""
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


def part_size(part: Part) -> int:
    """Return the size of a part's text in bytes. Each Job of a family counts as its longest."""
    if not isinstance(part, JobFamily):
        return emit.size(part)
    return emit.size(part.longest()) * part.replicas


def compile(sources: Iterable[Source], settings: Settings | None = None) -> Compilation:
    """Compile JobSets and other objects into plain Kubernetes objects.

    `sources` are in output order. Never prints, exits or raises because of their content: all
    problems of all inputs are in the sorted diagnostics. With `settings.strict`, warnings are
    errors.
    """
    inputs = read_sources(sources)
    if settings is None:
        return compile_inputs(inputs)
    layer, wrong = settings_layer(settings)
    chosen = inputs.with_layer(layer, wrong)
    return compile_inputs(chosen._replace(namespace_required=settings.namespace_required))


def compile_project(
    files: Files,
    options: Mapping[str, Any] | None = None,
    values: Mapping[str, Any] | None = None,
) -> Compilation:
    """Compile a folder: its project, or otherwise its manifests.

    `options` are fields of a jobsetgen.yaml that override the folder's, as flags do; `values` are
    laid over those of the project, for its templates. Raises StopError for an unreadable file, and
    for values without a project; all other problems are in the diagnostics. An empty output is not
    an error here; see `Compilation.is_empty`.
    """
    layer, wrong = options_layer(options or {})
    given = None
    if values:
        # Imported here, because the command line does not need it.
        from jobsetgen.project.given import given_data

        given, invalid = given_data(values)
        wrong += invalid
    return compile_inputs(read_rendered_first(files, given).with_layer(layer, wrong))


def compile_inputs(inputs: Inputs) -> Compilation:
    """Compile documents with layers of options; those in annotations of JobSets are the weakest."""
    inputs = with_carried_options(inputs)
    chosen = settings_of(inputs.layers)
    settings = replace(chosen, namespace_required=inputs.namespace_required)
    ignores = ignores_of(_all_documents(inputs))

    units, misshapen = read_units(inputs.documents, settings)
    settings = replace(settings, input_classes=classes_of(units))
    found = without_repeats([*misshapen, *check(units, settings)], inputs.diagnostics)
    found = without_turns(found)
    found = with_rename_hints(found, (each.document for each in inputs.layers))
    broken, suppressed = _reviewed(found, ignores, settings)
    arranged = Arrangement() if _has_error(broken) else arrange(units, settings)

    of_options = [
        *contradictions(inputs.layers, chosen),
        *_unmatched(inputs, units, misshapen),
        *refused_codes(inputs.layers),
    ]
    too_large = check_output(_sizes(units, arranged.groups), settings)
    of_inputs = without_consequences(inputs.diagnostics, broken)
    others = [*of_inputs, *of_options, *arranged.diagnostics, *too_large]
    heard, more_suppressed = _reviewed(others, ignores, settings)
    diagnostics = in_order([*broken, *heard])
    if _has_error(diagnostics):
        arranged = Arrangement()
    result = Compilation(
        units=tuple(units),
        expansions=arranged.expansions,
        groups=arranged.groups,
        diagnostics=tuple(diagnostics),
        settings=settings,
        ignores=ignores,
        files=tuple(dict.fromkeys(each.file for each in _all_documents(inputs))),
        sources=inputs.sources,
        suppressed=tuple(in_order([*suppressed, *more_suppressed])),
        layers=inputs.layers,
        removed=inputs.removed,
    )
    return with_jobsets(result) if settings.target == "jobset" else result


def with_diagnostics(result: Compilation, found: Sequence[Diagnostic]) -> Compilation:
    """Return a compilation with more diagnostics; if one is an error, without objects."""
    more, suppressed = _reviewed(found, result.ignores, result.settings)
    arranged = Arrangement() if _has_error(more) else result
    return result._replace(
        expansions=arranged.expansions,
        groups=arranged.groups,
        diagnostics=tuple(in_order([*result.diagnostics, *more])),
        suppressed=(*result.suppressed, *suppressed),
    )


def with_previews(result: Compilation) -> Compilation:
    """Return a compilation whose previews are to be written, too; if they are too large, an error."""
    if not any(map(is_preview, result.parts(preview=True))):
        return result
    sizes = _sizes(result.units, result.groups, preview=True)
    too_large = list(check_output(sizes, result.settings))
    return with_diagnostics(result, too_large) if too_large else result


def with_jobsets(result: Compilation) -> Compilation:
    """Return a compilation whose output has each JobSet itself, with JobSet's defaults.

    Compiling that output again gives the objects of `result`.
    """
    from jobsetgen.target.writing import carried_options, defaulted

    if not result.ok:
        return result
    pairs = list(zip(result.units, result.groups, strict=True))
    jobsets = [unit for unit, _ in pairs if unit.jobset]
    others = (part for unit, group in pairs if not unit.jobset for part in _objects_of(group))
    carried = carried_options(jobsets, others, result.settings)
    groups = tuple(
        group._replace(parts=(defaulted(unit, unit.jobset, carried.annotations),))
        if unit.jobset
        else group
        for unit, group in pairs
    )
    # README.md says what the plain objects run.
    settings = replace(result.settings, readme=False)
    written = result._replace(groups=groups, settings=settings)
    return with_diagnostics(written, carried.diagnostics)


def _objects_of(group: Group) -> Iterator[dict[str, Any]]:
    for part in group.parts:
        yield from part_objects(part)


def nothing_to_write(place: Place, hint: str) -> Diagnostic:
    """Return the error for an output without objects; `hint` says how to allow it."""
    message = "the input contains no objects; a GitOps tool would delete everything it has applied"
    return diagnostic(NOTHING, place, message, hint)


def _unmatched(
    inputs: Inputs, units: Sequence[Unit], misshapen: Sequence[Diagnostic]
) -> Iterator[Diagnostic]:
    """Yield the overrides that change nothing, unless an object that was refused may be missed."""
    is_refused = any(item.code in REFUSALS and item.is_error for item in misshapen)
    if not is_refused and not _has_error(inputs.diagnostics):
        yield from unmatched(inputs.layers, units)


def _sizes(
    units: Sequence[Unit], groups: Sequence[Group], *, preview: bool = False
) -> Iterator[tuple[Unit, int]]:
    """Yield how many bytes of output each object of the input makes, if there is output."""
    for unit, group in zip(units, groups, strict=False):
        parts = (part for part in group.parts if preview or not is_preview(part))
        yield unit, sum(map(part_size, parts))


def _all_documents(inputs: Inputs) -> Iterator[Document]:
    yield from inputs.documents
    for layer in inputs.layers:
        yield layer.document


def _reviewed(
    diagnostics: Iterable[Diagnostic], ignores: Ignores, settings: Settings
) -> tuple[list[Diagnostic], list[Diagnostic]]:
    """Return the diagnostics that count, and those that options suppress.

    What a comment suppresses is in neither. With `strict`, warnings that count become errors.
    """
    heard = (item for item in diagnostics if not is_silenced(item, ignores, MERGED))
    kept, suppressed = without_ignored(heard, settings)
    return [_as_error(item) if settings.strict else item for item in kept], suppressed


def _has_error(diagnostics: Iterable[Diagnostic]) -> bool:
    return any(item.is_error for item in diagnostics)


def _as_error(item: Diagnostic) -> Diagnostic:
    return replace(item, severity="error") if item.severity == "warning" else item
