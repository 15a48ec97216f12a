"""The namespace of a base: it is that of its own objects, and a project may inherit it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from jobsetgen.diagnostics import Diagnostic, Finding
from jobsetgen.project.base_codes import BASE
from jobsetgen.project.bases import Base, lacks_namespace
from jobsetgen.project.inputs import Inputs
from jobsetgen.project.layer import Layer
from jobsetgen.source.documents import Document

NAMESPACE = "namespace"


def in_own_namespace(read: Inputs) -> Inputs:
    """Return a base with its objects in the namespace that it sets or inherits.

    An object that names its namespace keeps it. What its own bases have given is replaced.
    """
    chosen = next((layer for layer in reversed(read.layers) if layer.namespace), None)
    if chosen is None:
        return read
    namespace = chosen.document.root.child(NAMESPACE)
    given = (each._replace(given_namespace=namespace) for each in read.documents)
    return read._replace(documents=tuple(given))


def are_in_one_namespace(bases: Sequence[Base]) -> bool:
    """Whether a project inherits the namespace of its bases, because it is that of all JobSets.

    A base without JobSets sets it for the others.
    """
    setting = [base for base in bases if base.namespace]
    given = (name for base in bases for name in base.given_namespaces)
    if len({*given, *(base.namespace for base in setting)}) > 1:
        return False
    is_for_others = not all(base.has_jobsets for base in setting)
    return is_for_others or not _is_any_without(bases)


def conflict(layer: Layer, bases: Sequence[Base], own: Iterable[Document]) -> Iterator[Diagnostic]:
    """Yield an error if a JobSet should inherit a namespace, and the bases set different ones.

    `own` are the documents of the project that are not from a base.
    """
    setting = [base for base in bases if base.namespace]
    is_for_others = not all(base.has_jobsets for base in setting)
    has_heirs = lacks_namespace(own) or (is_for_others and _is_any_without(bases))
    if not has_heirs:
        return
    for first, second in pairwise(setting):
        if first.namespace != second.namespace:
            message = f"the bases {first.shown} and {second.shown} set namespace differently"
            hint = "Set namespace in this project, or in each JobSet that has none."
            yield layer.document.diagnostic(BASE, Finding(second.at, message, hint))
            return


def _is_any_without(bases: Iterable[Base]) -> bool:
    """Whether bases have a JobSet without namespace."""
    return any(lacks_namespace(base.read.documents) for base in bases)
