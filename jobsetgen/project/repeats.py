"""The objects that reach a project on two ways, such as through two overlays of one base."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from typing import NamedTuple

from jobsetgen.diagnostics import Diagnostic, Finding, Path, Place
from jobsetgen.overlays.objects import placed_identity
from jobsetgen.plain import mapping, string
from jobsetgen.project.base_codes import BASE
from jobsetgen.project.layer import Layer
from jobsetgen.source.documents import Document

_NAMES = ("name", "generateName")


class Part(NamedTuple):
    """A resource of a project: its name for people, where it is listed, and its objects."""

    shown: str
    at: Path
    documents: tuple[Document, ...]


class Repeats(NamedTuple):
    """The objects of each part without those that a part before it has, and an error for these."""

    documents: tuple[tuple[Document, ...], ...]
    diagnostics: tuple[Diagnostic, ...]


def without_repeats(layer: Layer, parts: Iterable[Part]) -> Repeats:
    """Return the objects of a project's resources, each once.

    An object that was read twice from one place, and that nothing on the way has renamed, is the
    same object. Each two resources with such objects are one error, at the second of them.
    """
    seen: dict[Hashable, Part] = {}
    kept = []
    found: dict[tuple[Path, Path], Diagnostic] = {}
    for part in parts:
        repeats = [each for each in part.documents if _key(each) in seen]
        for document in repeats:
            first = seen[_key(document)]
            finding = _finding(first, part, document)
            found.setdefault((first.at, part.at), layer.document.diagnostic(BASE, finding))
        kept.append(tuple(_without(part.documents, repeats)))
        seen.update((_key(each), part) for each in kept[-1])
    return Repeats(tuple(kept), tuple(found.values()))


def _without(documents: Iterable[Document], repeats: Iterable[Document]) -> Iterator[Document]:
    known = {id(each) for each in repeats}
    return (each for each in documents if id(each) not in known)


def _key(document: Document) -> Hashable:
    """Return what two readings of one object have in common, unless one of them is renamed."""
    return document.root.place, *_names(document)


def _names(document: Document) -> tuple[str, ...]:
    if not isinstance(document.data, dict):
        return ()
    metadata = mapping(document.data, "metadata")
    names = (string(metadata, name) for name in _NAMES)
    return (*names, placed_identity(document).namespace)


def _finding(first: Part, second: Part, document: Document) -> Finding:
    place: Place = document.root.place
    message = (
        f"the resources {first.shown} and {second.shown} both contain {_what(document)}"
        f" of {place.file}, line {place.line}"
    )
    hint = "List it once, or give one of them a namePrefix."
    return Finding(path=second.at, message=message, hint=hint)


def _what(document: Document) -> str:
    """Return an object's kind and name for a message."""
    kind = string(document.data, "kind") if isinstance(document.data, dict) else ""
    name = next((each for each in _names(document) if each), "")
    return f"{kind or 'the object'} '{name}'" if name else kind or "the object"
