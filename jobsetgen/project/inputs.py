"""Read the inputs of a compile from a folder: its documents and its project's options."""

from __future__ import annotations

import posixpath
from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import NamedTuple

from jobsetgen.diagnostics import Diagnostic, Finding, Place, diagnostic
from jobsetgen.progress import counted
from jobsetgen.project.codes import NO_RESOURCE
from jobsetgen.project.file import FILE_NAME, read_project_file
from jobsetgen.project.files import KUSTOMIZATIONS, Files
from jobsetgen.project.layer import Layer
from jobsetgen.source.builder import Allowance
from jobsetgen.source.documents import Document
from jobsetgen.source.loader import load
from jobsetgen.source.text import Source
from jobsetgen.stop import StopError

# Files of kustomize, which are next to manifests in many folders, are not objects.
_NOT_MANIFESTS = frozenset([FILE_NAME, *KUSTOMIZATIONS])
_TOP = ""
"""The name of the folder itself among its files."""


class Inputs(NamedTuple):
    """The inputs of a compile: documents in order, and layers of options, the strongest last.

    `diagnostics` are the problems found while reading them. `namespace_required` means that every
    JobSet must have a namespace. `sources` are the files that were read.
    """

    documents: tuple[Document, ...] = ()
    layers: tuple[Layer, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    namespace_required: bool = False
    sources: tuple[Source, ...] = ()

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


def read_sources(sources: Iterable[Source]) -> Inputs:
    """Return the documents of files, without a project."""
    read = tuple(sources)
    allowance = Allowance()
    loaded = [load(source.name, source.content, allowance=allowance) for source in read]
    return Inputs(
        documents=tuple(document for each in loaded for document in each.documents),
        diagnostics=tuple(item for each in loaded for item in each.diagnostics),
        sources=read,
    )


def together(parts: Sequence[Inputs]) -> Inputs:
    """Return several inputs merged in order."""
    return Inputs(
        documents=tuple(document for part in parts for document in part.documents),
        layers=tuple(layer for part in parts for layer in part.layers),
        diagnostics=tuple(item for part in parts for item in part.diagnostics),
        namespace_required=any(part.namespace_required for part in parts),
        sources=tuple(source for part in parts for source in part.sources),
    )


def read_folder(files: Files) -> Inputs:
    """Read a folder: its project, or otherwise its manifests, sorted by name.

    Raises StopError for an unreadable file, and for a manifest that is a pipe or a broken link: if
    it were skipped, its objects would be missing in the output and be pruned.
    """
    return read_project(files) if has_project(files) else read_manifests(files)


def has_project(files: Files) -> bool:
    """Whether a folder is a project. Raises StopError if its project file is not a regular file."""
    entry = files.entry(FILE_NAME)
    if entry == "missing":
        if FILE_NAME in files.listing(_TOP):
            raise _not_a_file(files, FILE_NAME)
        return False
    if entry in ("folder", "special"):
        raise _not_a_file(files, FILE_NAME)
    return True


def read_project(files: Files) -> Inputs:
    """Read the project of a folder that has one.

    A missing resource, or one outside the folder, is reported in the diagnostics.
    """
    if files.entry(FILE_NAME) == "outside":
        return Inputs(diagnostics=(_left_out(files, FILE_NAME),))
    own = _source(files, FILE_NAME)
    layer, diagnostics = read_project_file(own.name, own.content)
    if layer is None:
        return Inputs(diagnostics=tuple(diagnostics), sources=(own,))
    sources = list(_resources(files, layer, diagnostics))
    read = read_sources(counted("Reading files", sources))
    return Inputs(
        documents=read.documents,
        layers=(layer,),
        diagnostics=(*diagnostics, *read.diagnostics),
        sources=(own, *read.sources),
    )


def manifests(files: Files, folder: str = _TOP) -> Iterator[str]:
    """Yield the manifests directly in a folder, sorted. Raises StopError like `read_folder`."""
    for name in files.listing(folder):
        base = posixpath.basename(name)
        is_hidden = base.startswith(".") or base in _NOT_MANIFESTS
        if is_hidden or not base.endswith((".yaml", ".yml")):
            continue
        entry = files.entry(name)
        if entry in ("missing", "special"):
            raise _not_a_file(files, name)
        if entry != "folder":
            yield name


def read_manifests(files: Files) -> Inputs:
    """Read the manifests of a folder without a project.

    If any is outside the root, none is read. Raises StopError like `read_folder`.
    """
    names = list(manifests(files))
    outside = [_left_out(files, name) for name in names if files.entry(name) == "outside"]
    if outside:
        return Inputs(diagnostics=tuple(outside))
    return read_sources(_source(files, name) for name in counted("Reading files", names))


def _resources(
    files: Files,
    layer: Layer,
    diagnostics: list[Diagnostic],
) -> Iterator[Source]:
    """Yield the files of a project; append problems with its resources to `diagnostics`."""
    named = (
        [(_TOP, ())]
        if layer.resources is None
        else [(name, (index,)) for index, name in enumerate(layer.resources)]
    )
    seen: set[Hashable] = set()
    for resource, index in named:
        for name in _members(files, resource):
            message = _refused(files, name) or _duplicate(files, name, seen)
            if message:
                hint = _MOVE if files.entry(name) == "outside" else ""
                finding = Finding(path=("resources", *index), message=message, hint=hint)
                diagnostics.append(layer.document.diagnostic(NO_RESOURCE, finding))
            else:
                yield _source(files, name)


_MOVE = "Move the file below the jobsetgen.yaml, or make one for each project with kustomize."


def _members(files: Files, resource: str) -> Iterable[str]:
    """Return the manifests of a folder, or the resource itself if it is not a folder.

    A folder outside the root is one error, however many files it contains.
    """
    return manifests(files, resource) if files.entry(resource) == "folder" else [resource]


def _refused(files: Files, name: str) -> str:
    """Return why a resource cannot be read, or an empty string."""
    shown = files.shown(name)
    reasons = {
        "outside": f"{shown} is outside the folder being compiled",
        "missing": f"file not found: {shown}",
        "folder": f"{shown} is not a file",
        "special": f"{shown} is not a file",
    }
    return reasons.get(files.entry(name), "")


def _duplicate(files: Files, name: str, seen: set[Hashable]) -> str:
    """Return an error message if a file was seen before; otherwise add it to `seen`."""
    identity = files.identity(name)
    if identity in seen:
        return f"duplicate resource {files.shown(name)}"
    seen.add(identity)
    return ""


def _source(files: Files, name: str) -> Source:
    return Source(name=files.shown(name), content=files.read(name))


def _left_out(files: Files, name: str) -> Diagnostic:
    return diagnostic(NO_RESOURCE, Place(files.shown(name)), _refused(files, name))


def _not_a_file(files: Files, name: str) -> StopError:
    return StopError(
        "usage", f"cannot read {files.shown(name)}: not a regular file, or a broken symbolic link"
    )
