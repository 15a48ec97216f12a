"""The values for templates: those of projects, of files and of --set, each with its place."""

from __future__ import annotations

from typing import NamedTuple

from jobsetgen.diagnostics import Diagnostic, Place, diagnostic
from jobsetgen.overlays.assignments import Assignment
from jobsetgen.schema.codes import WRONG_TYPE
from jobsetgen.source.documents import Document, Node, mapping_node
from jobsetgen.source.loader import load
from jobsetgen.source.text import Source


class Values(NamedTuple):
    """Values for templates: a mapping, in which every value has its place."""

    root: Node


NO_VALUES = Values(mapping_node({}, Place("values")))


def values_of(document: Document) -> tuple[Values, list[Diagnostic]]:
    """Return a document as values, or the error of one that is not a mapping."""
    if isinstance(document.root.children, dict):
        return Values(document.root), []
    message = "the values are a list or a scalar, but must be a mapping"
    return NO_VALUES, [diagnostic(WRONG_TYPE, document.root.place, message)]


def read_values(source: Source) -> tuple[Values, list[Diagnostic]]:
    """Return the values in a YAML or JSON file, and what is wrong with it.

    An empty file has no values.
    """
    documents, diagnostics = load(source.name, source.content)
    if len(documents) > 1:
        message = f"a file of values must contain one document, not {len(documents)}"
        place = documents[1].root.place
        return NO_VALUES, [*diagnostics, diagnostic(WRONG_TYPE, place, message)]
    if not documents:
        return NO_VALUES, diagnostics
    values, wrong = values_of(documents[0])
    return values, [*diagnostics, *wrong]


def merged(below: Values, above: Values) -> Values:
    """Return values with others laid over them, as Helm does.

    Mappings are merged key by key; a scalar or a list replaces what is below it. A null removes a
    key that is below it.
    """
    return Values(_merged(below.root, above.root))


def _merged(below: Node, above: Node) -> Node:
    if not isinstance(below.children, dict) or not isinstance(above.children, dict):
        return above
    if not above.children:
        # What lays nothing over the values does not have them.
        return below
    children = dict(below.children)
    keys = dict(below.keys)
    for name, value in above.children.items():
        old = below.children.get(name)
        if old is not None and value.data is None:
            del children[name]
            continue
        children[name] = value if old is None else _merged(old, value)
        keys[name] = above.key(name)
    return mapping_node(children, above.place, {name: keys[name] for name in children})


class Given(NamedTuple):
    """What the command line gives: files of values and assignments, the strongest last."""

    values: Values = NO_VALUES
    assignments: tuple[Assignment, ...] = ()

    def over(self, values: Values) -> Values:
        """Return the values of projects with everything that is given laid over them.

        Raises StopError for an assignment to an item that a list does not have.
        """
        whole = merged(values, self.values)
        for each in self.assignments:
            whole = Values(each.applied(whole.root))
        return whole
