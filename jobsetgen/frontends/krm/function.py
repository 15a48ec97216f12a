"""The whole KRM function, from input text to output text and diagnostics."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from jobsetgen.diagnostics import Diagnostic, Place, diagnostic
from jobsetgen.frontends.krm.inline import filled_inputs, has_templates
from jobsetgen.frontends.krm.options import options
from jobsetgen.frontends.krm.renamed import renamed_later
from jobsetgen.frontends.krm.replaced import replaced
from jobsetgen.frontends.krm.resources import Item, ResourceList, concerned, read, written
from jobsetgen.frontends.krm.results import as_text, results
from jobsetgen.pipeline import Compilation, compile_inputs, nothing_to_write, with_diagnostics
from jobsetgen.project.codes import NO_RESOURCE
from jobsetgen.project.inputs import Inputs
from jobsetgen.project.layer import Layer
from jobsetgen.review import reporters
from jobsetgen.source.loader import Loaded


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The result of the function: the output list in chunks, and text for people.

    If the input list is unreadable, there is no output. `is_ok` means that there are no errors.
    """

    output: Iterable[str]
    words: str
    diagnostics: Sequence[Diagnostic]
    is_ok: bool


def answer(content: bytes) -> Answer:
    """Replace each JobSet in a ResourceList with its expansion.

    If there is an error, the items are unchanged. Diagnostics are in the results.
    """
    resources, problems = read(content)
    if resources is None:
        words = reporters.as_text(problems)
        return Answer(output=(), words=words, diagnostics=problems, is_ok=False)
    chosen, wrong = options(resources)
    is_changed = chosen is not None and _changes(chosen)
    added = filled_inputs(chosen) if chosen else Inputs()
    inputs = Inputs(
        documents=(*concerned(resources, every=is_changed), *added.documents),
        diagnostics=(*problems, *added.diagnostics),
    )
    compiled = compile_inputs(_changed(inputs.with_layer(chosen, wrong)))
    made = replaced(resources, compiled, is_changed=is_changed) if compiled.ok else iter(())
    first = list(islice(made, 1))
    found = [*renamed_later(resources, compiled), *_emptied(resources, first, compiled)]
    result = with_diagnostics(compiled, found)
    told = results(resources, result.diagnostics)
    unchanged = (item.data for item in resources.items)
    items = chain(first, made) if result.ok else unchanged
    return Answer(
        output=written(resources, items, told),
        words=as_text(told),
        diagnostics=result.diagnostics,
        is_ok=result.ok,
    )


def _changes(config: Layer) -> bool:
    """Whether the functionConfig changes items, or adds some that may use them."""
    return config.has_changes or has_templates(config.document)


def _changed(inputs: Inputs) -> Inputs:
    """Return the items after what the functionConfig changes in them, as a project does."""
    if not any(layer.has_changes for layer in inputs.layers):
        return inputs
    if any(item.is_error for item in inputs.diagnostics):
        # Patches would miss the objects of a template with errors.
        return inputs
    from jobsetgen.project.changing import changed_by

    return changed_by(inputs.layers[-1], inputs, _no_file)


def _no_file(_path: str, place: Place) -> Loaded:
    message = "a KRM function reads no files: write the patch itself, as 'patch'"
    return Loaded([], [diagnostic(NO_RESOURCE, place, message)])


def _emptied(
    resources: ResourceList, first: Sequence[Item], compiled: Compilation
) -> Iterator[Diagnostic]:
    """Yield an error if no items would remain; `first` is the first output item, if there is one."""
    if first or not compiled.ok or not resources.items or compiled.settings.allow_empty:
        return
    hint = "Set allowEmpty: true in the functionConfig to allow it."
    yield nothing_to_write(resources.document.place(("items",), on_key=True), hint)
