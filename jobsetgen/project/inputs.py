"""The inputs of a compile, and how files and folders without a project become some."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from jobsetgen.diagnostics import Diagnostic, Place, diagnostic
from jobsetgen.progress import counted
from jobsetgen.project.codes import NO_RESOURCE
from jobsetgen.project.file import FILE_NAME
from jobsetgen.project.files import KUSTOMIZATIONS, Files
from jobsetgen.project.layer import Layer
from jobsetgen.source.allowance import Allowance
from jobsetgen.source.documents import Document
from jobsetgen.source.loader import load
from jobsetgen.source.text import Source
from jobsetgen.stop import StopError

if TYPE_CHECKING:
    from jobsetgen.overlays.changed import Removed

# Files of kustomize, which are next to manifests in many folders, are not objects.
_NOT_MANIFESTS = frozenset([FILE_NAME, *KUSTOMIZATIONS])
# Bytes, up to which a file is kept: a file of a base is read again for each overlay.
_SMALL = 20_000
_MOST_KEPT = 64

MANIFESTS = (".yaml", ".yml")
"""How the names of manifests end."""

_ROOT = "The root is the git work tree or, without one, the project folder; --root sets another."

TOP = ""
"""The name of the folder itself among its files."""


class Inputs(NamedTuple):
    """The inputs of a compile: documents in order, and layers of options, the strongest last.

    `diagnostics` are the problems found while reading them. `namespace_required` means that every
    JobSet must have a namespace. `sources` are the files that were read; `values_schemas` are those
    among them that are schemas of values, that of an overlay after that of its base. `removed` are
    the objects that patches have removed.
    """

    documents: tuple[Document, ...] = ()
    layers: tuple[Layer, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    namespace_required: bool = False
    sources: tuple[Source, ...] = ()
    values_schemas: tuple[Source, ...] = ()
    removed: tuple[Removed, ...] = ()

    def with_layers(self, layers: Iterable[Layer], wrong: Sequence[Diagnostic] = ()) -> Inputs:
        """Return the inputs with more layers on top, and the diagnostics of invalid ones.

        If any is invalid, nothing is left to compile, to avoid consequential errors.
        """
        kept = self._replace(documents=(), layers=()) if wrong else self
        return kept._replace(layers=(*kept.layers, *layers)).with_diagnostics(wrong)

    def with_layer(self, layer: Layer | None, wrong: Sequence[Diagnostic]) -> Inputs:
        """Return the inputs with one more layer on top, or the diagnostics of an invalid one."""
        return self.with_layers([layer] if layer else [], wrong)

    def with_diagnostics(self, found: Iterable[Diagnostic]) -> Inputs:
        """Return the inputs with more diagnostics."""
        return self._replace(diagnostics=(*self.diagnostics, *found))


def read_sources(sources: Iterable[Source], allowance: Allowance | None = None) -> Inputs:
    """Return the documents of files, without a project; `allowance` is shared by all of an input."""
    read = tuple(sources)
    allowance = allowance or Allowance()
    loaded = [load(source.name, source.content, allowance=allowance) for source in read]
    return Inputs(
        documents=tuple(document for each in loaded for document in each.documents),
        diagnostics=tuple(item for each in loaded for item in each.diagnostics),
        sources=read,
    )


def read_shared(source: Source, allowance: Allowance) -> Inputs:
    """Return the documents of a file that other compiles in this process may have read as well.

    A file that uses up some of the allowance is read anew.
    """
    kept = _kept(source) if len(source.content) <= _SMALL else None
    return kept or read_sources([source], allowance)


@lru_cache(maxsize=_MOST_KEPT)
def _kept(source: Source) -> Inputs | None:
    allowance = Allowance()
    full = allowance.left
    found = read_sources([source], allowance)
    return found if allowance.left == full else None


def together(parts: Sequence[Inputs]) -> Inputs:
    """Return several inputs merged in order."""
    return Inputs(
        documents=tuple(document for part in parts for document in part.documents),
        layers=tuple(layer for part in parts for layer in part.layers),
        diagnostics=tuple(item for part in parts for item in part.diagnostics),
        namespace_required=any(part.namespace_required for part in parts),
        sources=tuple(source for part in parts for source in part.sources),
        values_schemas=tuple(source for part in parts for source in part.values_schemas),
        removed=tuple(removed for part in parts for removed in part.removed),
    )


def has_project(files: Files, folder: str = TOP) -> bool:
    """Whether a folder is a project. Raises StopError if its project file is not a regular file."""
    name = posixpath.join(folder, FILE_NAME)
    entry = files.entry(name)
    if entry == "missing":
        if name in files.listing(folder):
            raise _not_a_file(files, name)
        return False
    if entry in ("folder", "special"):
        raise _not_a_file(files, name)
    return True


def manifests(files: Files, folder: str = TOP, more: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield the manifests directly in a folder, sorted. Raises StopError like `read_manifests`.

    `more` are suffixes of other files that count as manifests there.
    """
    for name in files.listing(folder):
        base = posixpath.basename(name)
        is_hidden = base.startswith(".") or base in _NOT_MANIFESTS
        if is_hidden or not base.endswith((*MANIFESTS, *more)):
            continue
        entry = files.entry(name)
        if entry in ("missing", "special"):
            raise _not_a_file(files, name)
        if entry != "folder":
            yield name


def read_manifests(files: Files) -> Inputs:
    """Read the manifests of a folder without a project.

    If any is outside the root, none is read. Raises StopError for an unreadable file, and for a
    manifest that is a pipe or a broken link: if it were skipped, its objects would be missing in
    the output and be pruned.
    """
    names = list(manifests(files))
    outside = [left_out(files, name) for name in names if files.entry(name) == "outside"]
    if outside:
        return Inputs(diagnostics=tuple(outside))
    return read_sources(source_of(files, name) for name in counted("Reading files", names))


def source_of(files: Files, name: str) -> Source:
    """Return a file with its content. Raises StopError if it cannot be read."""
    return Source(name=files.shown(name), content=files.read(name))


class Unread(NamedTuple):
    """Why a file cannot be read, and a hint."""

    message: str
    hint: str = ""


def unread(files: Files, name: str, path: str = "") -> Unread | None:
    """Return why a name is not that of a file that can be read, or None.

    `path` is what a project has for it, which may be an address.
    """
    shown = files.shown(name)
    match files.entry(name):
        case "outside":
            return Unread(f"{shown} is outside the root of the project", _ROOT)
        case "folder" | "special":
            return Unread(f"{shown} is not a file")
        case "missing":
            return _missing(shown, path)
    return None


def _missing(shown: str, path: str) -> Unread:
    # Imported here, because most compiles find every file.
    from jobsetgen.project.addresses import COPY, not_fetched

    message = not_fetched(path)
    return Unread(message, COPY) if message else Unread(f"file not found: {shown}")


def left_out(files: Files, name: str) -> Diagnostic:
    """Return the error for a file of a folder that cannot be read."""
    found = unread(files, name)
    return diagnostic(NO_RESOURCE, Place(files.shown(name)), found.message if found else "")


def _not_a_file(files: Files, name: str) -> StopError:
    return StopError(
        "usage", f"cannot read {files.shown(name)}: not a regular file, or a broken symbolic link"
    )
