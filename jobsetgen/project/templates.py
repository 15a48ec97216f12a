"""Fill the templates among a project's resources with the values of all projects and flags."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from jobsetgen.diagnostics import Diagnostic
from jobsetgen.overlays.budget import Budget
from jobsetgen.overlays.filling import fill_templates
from jobsetgen.overlays.unused_values import unused_values
from jobsetgen.overlays.values import NO_VALUES, Given, Values, merged
from jobsetgen.overlays.values_schema import validated
from jobsetgen.project.inputs import Inputs
from jobsetgen.project.layer import Layer
from jobsetgen.source.documents import mapping_node
from jobsetgen.source.text import Source


def values_for(layers: Sequence[Layer], given: Given | None) -> Values:
    """Return the values of projects, the strongest last, under those of the command line.

    Without any, they have the place of the last project, which may set some. Raises StopError for
    an assignment to an item that a list does not have.
    """
    values = NO_VALUES
    if layers:
        values = Values(mapping_node({}, layers[-1].document.root.place))
    for layer in layers:
        own = layer.document.root.child("values")
        if own is not None and isinstance(own.data, dict):
            values = merged(values, Values(own))
    return given.over(values) if given else values


def filled_inputs(sources: Sequence[Source], values: Values, budget: Budget) -> list[Inputs]:
    """Return the documents of each template, and what is wrong with it."""
    found = fill_templates(sources, values, budget)
    return [
        Inputs(documents=each.documents, diagnostics=each.diagnostics, sources=(source,))
        for source, each in zip(sources, found, strict=True)
    ]


def unused(
    layers: Sequence[Layer], given: Given | None, templates: Iterable[Source]
) -> Iterator[Diagnostic]:
    """Yield a warning for each value of the last layer or the command line that is not used."""
    bases = {each.document.root.place.file for each in layers[:-1]}
    return unused_values(values_for(layers, given), templates, bases)


def mismatches(values: Values, schema: Source, budget: Budget) -> list[Diagnostic]:
    """Return what is wrong with values by the schema of a project."""
    return validated(values, schema, budget)
