"""Fill the templates that a functionConfig holds, with the values and the schema beside them.

A function reads no files, so all of them are inline: `templates` are texts, and `valuesSchema` is
the schema itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from jobsetgen.diagnostics import Diagnostic, Finding, Place
from jobsetgen.overlays.budget import Budget
from jobsetgen.overlays.filling import Filled, fill_templates
from jobsetgen.overlays.value_codes import UNEXPECTED_VALUE
from jobsetgen.overlays.values import Values
from jobsetgen.overlays.values_schema import validated_by
from jobsetgen.project.codes import NO_RESOURCE
from jobsetgen.project.inputs import Inputs
from jobsetgen.project.layer import Layer
from jobsetgen.project.templates import values_for
from jobsetgen.schema import WRONG_TYPE
from jobsetgen.source.documents import Document, Node, Origins
from jobsetgen.source.embedded import moved, mover
from jobsetgen.source.text import Source

_TEMPLATES, _VALUES, _SCHEMA = "templates", "values", "valuesSchema"

INLINE = (_TEMPLATES, _SCHEMA)
"""The fields of a functionConfig that a jobsetgen.yaml does not have, or not with this content."""


def has_templates(config: Document) -> bool:
    """Whether a functionConfig has templates."""
    return config.root.child(_TEMPLATES) is not None


def filled_inputs(layer: Layer) -> Inputs:
    """Return the objects that the templates of a functionConfig yield, and what is wrong."""
    config = layer.document
    wrong = list(_misshapen(config))
    if wrong or not has_templates(config):
        return Inputs(diagnostics=tuple(wrong))
    budget = Budget()
    values = values_for([layer], None)
    found = _mismatches(config, values, budget)
    if any(item.is_error for item in found):
        return Inputs(diagnostics=tuple(found))
    documents: list[Document] = []
    for part in _filled(config, values, budget):
        documents += part.documents
        found += part.diagnostics
    return Inputs(documents=tuple(documents), diagnostics=tuple(found))


def _misshapen(config: Document) -> Iterator[Diagnostic]:
    """Yield the errors of fields with the wrong type, and of those without effect."""
    schema = config.root.child(_SCHEMA)
    if schema is not None and not isinstance(schema.data, dict):
        message = "a KRM function reads no files: write the schema itself, as a mapping"
        yield config.diagnostic(NO_RESOURCE, Finding(path=(_SCHEMA,), message=message))
    elif not has_templates(config):
        yield from _without_effect(config)
    templates = config.root.child(_TEMPLATES)
    if templates is not None:
        yield from _misshapen_templates(config, templates)


def _without_effect(config: Document) -> Iterator[Diagnostic]:
    """Yield the error of values or a schema without a template."""
    name = next((each for each in (_VALUES, _SCHEMA) if config.root.child(each)), None)
    if name is not None:
        message = f"{name} has no effect without templates"
        hint = "Write the templates themselves, as a list of texts in 'templates'."
        finding = Finding(path=(name,), message=message, hint=hint, on_key=True)
        yield config.diagnostic(NO_RESOURCE, finding)


def _misshapen_templates(config: Document, templates: Node) -> Iterator[Diagnostic]:
    """Yield the errors of templates that are no texts."""
    if not isinstance(templates.data, list):
        message = "templates must be a list of texts"
        yield config.diagnostic(WRONG_TYPE, Finding(path=(_TEMPLATES,), message=message))
        return
    for index, text in enumerate(templates.data):
        if not isinstance(text, str):
            message = "a template must be a text, such as a block scalar that begins with '|'"
            finding = Finding(path=(_TEMPLATES, index), message=message)
            yield config.diagnostic(WRONG_TYPE, finding)


def _mismatches(config: Document, values: Values, budget: Budget) -> list[Diagnostic]:
    """Return what is wrong with the values by the schema, and with the schema."""
    if config.root.child(_SCHEMA) is None:
        return []
    found = validated_by(values, config.item(_SCHEMA), budget)
    return [_in_config(config, item) for item in found]


def _in_config(config: Document, item: Diagnostic) -> Diagnostic:
    """Return a diagnostic of the values or the schema with its path in the functionConfig."""
    if item.code == UNEXPECTED_VALUE.id:
        return replace(item, path=(*config.base, _VALUES, *item.path))
    return item if item.path else replace(item, path=(*config.base, _SCHEMA))


def _filled(config: Document, values: Values, budget: Budget) -> Iterator[Inputs]:
    """Yield what each template yields, with places in the functionConfig."""
    templates = config.root.child(_TEMPLATES)
    nodes: Sequence[Node] = templates.children if templates else []  # type: ignore[assignment]
    sources = [
        Source(f"{_TEMPLATES}[{index}]", node.data.encode("utf-8", "surrogatepass"))
        for index, node in enumerate(nodes)
    ]
    found = fill_templates(sources, values, budget)
    for index, (node, source, each) in enumerate(zip(nodes, sources, found, strict=True)):
        yield _Text(config, index, node, source.name).placed(each)


class _Text:
    """The text of a template, whose places become those of the functionConfig."""

    def __init__(self, config: Document, index: int, node: Node, name: str) -> None:
        self._base = (*config.base, _TEMPLATES, index)
        self._ignores = config.ignores
        self._name = name
        self._in_file = mover(node)

    def placed(self, filled: Filled) -> Inputs:
        """Return what the template yields with its places."""
        return Inputs(
            documents=tuple(map(self._document, filled.documents)),
            diagnostics=tuple(map(self._diagnostic, filled.diagnostics)),
        )

    def _place(self, place: Place) -> Place:
        # What was inserted keeps its place among the values.
        return self._in_file(place) if place.file == self._name else place

    def _document(self, document: Document) -> Document:
        known: dict[int, Node] = {}
        root = moved(document.root, self._place, known)
        places = {self._place(at): found for at, found in document.origins.places.items()}
        nodes = {
            id(known[key]): (known[key], found)
            for key, (_, found) in document.origins.nodes.items()
            if key in known
        }
        origins = Origins(places, nodes)
        # The comments of the ResourceList count, and those in its block scalars are among them.
        return Document(root, self._ignores, self._base, origins)

    def _diagnostic(self, item: Diagnostic) -> Diagnostic:
        # Who runs a function sees no ResourceList, and so none of its lines.
        is_in_text = item.place.file == self._name
        lead = f"line {item.line} of {self._name}: " if is_in_text else ""
        place = self._place(item.place)
        return replace(item, place=place, path=self._base, message=f"{lead}{item.message}")
