"""The whole KRM function, from input text to output text and diagnostics."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jobsetgen.diagnostics import Diagnostic
from jobsetgen.frontends.krm.options import options
from jobsetgen.frontends.krm.renamed import renamed_later
from jobsetgen.frontends.krm.replaced import replaced
from jobsetgen.frontends.krm.resources import Item, ResourceList, concerned, read, written
from jobsetgen.frontends.krm.results import as_text, results
from jobsetgen.pipeline import Compilation, compile_inputs, nothing_to_write, with_diagnostics
from jobsetgen.project.inputs import Inputs
from jobsetgen.review import reporters


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The result of the function: the output list in chunks, and text for people.

    If the input list is unreadable, there is no output. `is_ok` means that there are no errors.
    """

    output: Sequence[str]
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
    inputs = Inputs(documents=tuple(concerned(resources)), diagnostics=tuple(problems))
    compiled = compile_inputs(inputs.with_layer(chosen, wrong))
    unchanged = [item.data for item in resources.items]
    items = replaced(resources, compiled) if compiled.ok else unchanged
    found = [*renamed_later(resources, compiled), *_emptied(resources, items, compiled)]
    result = with_diagnostics(compiled, found)
    told = results(resources, result.diagnostics)
    return Answer(
        output=list(written(resources, items if result.ok else unchanged, told)),
        words=as_text(told),
        diagnostics=result.diagnostics,
        is_ok=result.ok,
    )


def _emptied(
    resources: ResourceList, items: Sequence[Item], compiled: Compilation
) -> Iterator[Diagnostic]:
    """Yield an error if no items would remain; `items` are the output items."""
    if items or not resources.items or compiled.settings.allow_empty:
        return
    hint = "Set allowEmpty: true in the functionConfig to allow it."
    yield nothing_to_write(resources.document.place(("items",), on_key=True), hint)
