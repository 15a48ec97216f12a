"""Fill templates with values: files *.yaml.j2 to documents whose places are in these files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from jobsetgen.diagnostics import Diagnostic, Ignores, Place, diagnostic
from jobsetgen.overlays.budget import FAILURES, SECONDS, VALUES, Budget
from jobsetgen.overlays.child import MORE_SECONDS, ChildError, Write, limit_time, run_in_child
from jobsetgen.overlays.insertion import Inserted, Insertion
from jobsetgen.overlays.rendering import render_all
from jobsetgen.overlays.template_data import Tracker
from jobsetgen.overlays.template_limits import offset_in
from jobsetgen.overlays.template_lines import MARK, Lines, Piece, Rendered
from jobsetgen.overlays.value_codes import TEMPLATE
from jobsetgen.overlays.values import Values
from jobsetgen.source.documents import Document, Node, computed
from jobsetgen.source.loader import load
from jobsetgen.source.text import Source, decoded, lines_of
from jobsetgen.words import plural

_LONGEST = 60
_ESCAPED_MARK = re.compile(r"\\U000[fF]0000")
_LINE = re.compile(r"\bline ([0-9]{1,9})\b")
_MARKED = re.compile(f"{MARK}([0-9]{{1,9}}){MARK}")


class Filled(NamedTuple):
    """The documents of one template, and what is wrong with it.

    Every value has its place in the template. The line is always exact. The column is that of the
    same character in the template; in a scalar with a `{{ … }}` before it, it is that of the scalar
    there. A list or a mapping that was inserted as a whole has the place of its `{{ … }}`, and what
    is in it keeps its places among the values. `origins` are the places of the values, by the place
    of the scalar that they were inserted into; in a loop there can be several.
    """

    documents: tuple[Document, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    origins: Mapping[Place, tuple[Place, ...]] = {}


class _Template(NamedTuple):
    """A template as text, in which every line ends with a line feed."""

    file: str
    text: str


def filled(source: Source, values: Values, budget: Budget) -> Filled:
    """Return one template, filled with values."""
    return fill_templates([source], values, budget)[0]


def fill_templates(sources: Sequence[Source], values: Values, budget: Budget) -> list[Filled]:
    """Return templates filled with values, in order; one child process renders all of them."""
    found: list[Filled] = []
    templates: list[_Template] = []
    indices: list[int] = []
    for index, source in enumerate(sources):
        template, wrong = _read(source)
        found.append(Filled(diagnostics=tuple(wrong)))
        if template is not None:
            budget.characters += len(template.text)
            templates.append(template)
            indices.append(index)

    for index, result in zip(indices, _render(templates, values, budget), strict=True):
        found[index] = result
    return found


def _read(source: Source) -> tuple[_Template | None, list[Diagnostic]]:
    """Return a file as a template, or why it cannot be one."""
    text, problem = decoded(source.name, source.content)
    if problem:
        return None, [problem]
    text = "\n".join(lines_of(text))
    reserved = text.find(MARK)
    if reserved < 0 and (found := _ESCAPED_MARK.search(text)):
        reserved = found.start()
    if reserved >= 0:
        place = Lines(source.name, text).place(reserved)
        message = "the character U+F0000 cannot be used in a template"
        return None, [diagnostic(TEMPLATE, place, message, "Put it into a value.")]
    return _Template(source.name, text), []


def _render(templates: Sequence[_Template], values: Values, budget: Budget) -> Iterable[Filled]:
    """Yield templates filled with values.

    A template that ends the child gets the error, and a new child renders those after it. Once the
    time is used up or too many have failed, nothing more is rendered; that is one error.
    """
    if not templates:
        return
    budget.values -= values.root.size
    if budget.values < 0:
        yield _too_many_projects(templates[0])
        yield from [Filled()] * (len(templates) - 1)
        return
    nodes = Tracker(values.root).nodes
    done = 0
    while done < len(templates) and budget.seconds > 0 and budget.failures > 0:
        rest = templates[done:]
        lines, error, offset = _run(rest, values, budget)
        for template, line in zip(rest, lines, strict=False):
            yield _assembled(template, json.loads(line), nodes, budget)
        done += len(lines)
        if error is None and done < len(templates) and budget.failures > 0:
            error = "died"
        if error is not None and done < len(templates):
            budget.failures -= 1
            yield _ended(templates[done], error, offset)
            done += 1
    if done < len(templates):
        yield from _rest(templates[done:], budget)


def _rest(templates: Sequence[_Template], budget: Budget) -> Iterable[Filled]:
    """Yield nothing for the templates that are not rendered, and why for the first of a compile."""
    first = Filled()
    if budget.failures <= 0 and not budget.is_abandoned:
        budget.is_abandoned = True
        first = _abandoned(templates[0])
    elif budget.failures > 0 and not budget.is_exceeded:
        budget.is_exceeded = True
        first = _ended(templates[0], "time")
    yield first
    yield from [Filled()] * (len(templates) - 1)


def _abandoned(template: _Template) -> Filled:
    message = f"{FAILURES:,} templates could not be rendered; no more are tried"
    hint = "Correct those first."
    return Filled(diagnostics=(diagnostic(TEMPLATE, Place(template.file), message, hint),))


def _too_many_projects(template: _Template) -> Filled:
    message = f"the values of all projects with templates are more than {VALUES:,}"
    hint = "Set values only in the projects whose templates use them."
    return Filled(diagnostics=(diagnostic(TEMPLATE, Place(template.file), message, hint),))


def _run(
    templates: Sequence[_Template], values: Values, budget: Budget
) -> tuple[list[bytes], ChildError | None, int | None]:
    """Return what the child has sent of each template, and why and where it did not send all."""

    def work(write: Write) -> None:
        limit_time(budget.seconds)
        texts = [each.text for each in templates]
        render_all(texts, values.root, budget.characters, budget.failures, write)

    outcome = run_in_child(work, budget.seconds + MORE_SECONDS)
    error = outcome.error
    budget.seconds -= outcome.seconds
    if error == "time":
        budget.seconds = 0.0
        budget.is_exceeded = True
    # The last line has no end if the child was killed while it wrote it, or reached a limit.
    *lines, last = outcome.output.split(b"\n")
    return lines, error, offset_in(last)


_ENDED: Mapping[ChildError, str] = {
    "time": f"rendering the templates takes more than {plural(SECONDS, 'second')} of CPU time",
    "memory": "rendering the template takes too much memory",
    "output": "rendering the template yields too many values",
    "died": "rendering the template has failed for an unknown reason",
}


def _ended(template: _Template, error: ChildError, offset: int | None = None) -> Filled:
    """Return the error of a template that has ended the child, at an offset if it is known."""
    hint = "Use smaller numbers in loops and expressions."
    place = Place(template.file)
    if offset is not None:
        place = Lines(template.file, template.text).place(offset)
    return Filled(diagnostics=(diagnostic(TEMPLATE, place, _ENDED[error], hint),))


def _assembled(
    template: _Template, sent: dict[str, Any], nodes: Sequence[Node], budget: Budget
) -> Filled:
    """Return the documents of a template from what the child has sent."""
    if "message" in sent:
        budget.failures -= 1
        place = Lines(template.file, template.text).place(sent["offset"])
        item = diagnostic(TEMPLATE, place, sent["message"], sent["hint"])
        return Filled(diagnostics=(item,))
    pieces = [Piece(*each) for each in sent["pieces"]]
    rendered = Rendered(template.file, template.text, pieces, sent["order"])
    budget.characters -= len(rendered.text)
    inserted = [
        _inserted(value, piece, rendered, nodes)
        for value, piece in zip(sent["values"], rendered.values, strict=True)
    ]
    if sum(each.node.size - 1 for each in inserted) > budget.allowance.left:
        return Filled(diagnostics=(_too_many(rendered.source.place(0)),))
    loaded = load(template.file, rendered.text.encode(), allowance=budget.allowance)
    insertion = Insertion(rendered, inserted)
    documents: list[Document] = []
    wrong = [_in_template(item, rendered) for item in loaded.diagnostics]
    for document in loaded.documents:
        root = insertion.filled(document.root)
        budget.allowance.left -= max(root.size - document.root.size, 0)
        if budget.allowance.left < 0:
            wrong.append(_too_many(root.place))
            break
        if root.data is not None:
            ignores = _ignores(document.ignores, rendered)
            documents.append(Document(root=root, ignores=ignores))
    if insertion.diagnostics:
        # What lacks a value would cause more errors.
        return Filled(diagnostics=(*wrong, *insertion.diagnostics))
    wrong += insertion.warnings.values()
    origins = insertion.origins
    filled_documents = tuple(each._replace(origins=origins) for each in documents)
    return Filled(filled_documents, tuple(wrong), origins.places)


def _too_many(place: Place) -> Diagnostic:
    message = "the inserted values expand to far more values than the files contain"
    return diagnostic(TEMPLATE, place, message)


def _inserted(
    value: tuple[str, Any], piece: Piece, rendered: Rendered, nodes: Sequence[Node]
) -> Inserted:
    """Return what a `{{ … }}` has yielded as a node, which is one of the values if possible."""
    kind, data = value
    place = rendered.source.place(piece.start, piece.end)
    expression = _expression(piece, rendered)
    if kind == "number":
        node = nodes[data]
        return Inserted(node, place, expression, origin=node.place)
    return Inserted(computed(data, place), place, expression, is_word=kind == "word")


def _expression(piece: Piece, rendered: Rendered) -> str:
    """Return a `{{ … }}` as it is written, on one line and cut if it is long."""
    text = " ".join(rendered.template[piece.start : piece.end][: 2 * _LONGEST].split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"


def _in_template(item: Diagnostic, rendered: Rendered) -> Diagnostic:
    """Return a diagnostic of the rendered text with places and names of the template."""

    def written(text: str) -> str:
        text = _MARKED.sub(lambda found: _named(int(found[1]), rendered), text)
        return _LINE.sub(lambda found: f"line {rendered.line(int(found[1]))}", text)

    place = rendered.place(item.place)
    return replace(item, place=place, message=written(item.message), hint=written(item.hint))


def _named(number: int, rendered: Rendered) -> str:
    known = rendered.values
    return _expression(known[number], rendered) if number < len(known) else ""


def _ignores(ignores: Ignores, rendered: Rendered) -> Ignores:
    """Return the codes that comments suppress, by the lines of the template."""
    found: dict[tuple[str, int], frozenset[str]] = {}
    for (file, line), codes in ignores.items():
        key = file, rendered.line(line)
        found[key] = found.get(key, frozenset()) | codes
    return found
