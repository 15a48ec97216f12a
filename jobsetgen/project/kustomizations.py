"""Find every file that kustomize reads for a folder, and what it may not do with them."""

from __future__ import annotations

import posixpath
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import NamedTuple

from jobsetgen.diagnostics import Diagnostic, Finding, Path, Place, diagnostic
from jobsetgen.project.files import KUSTOMIZATIONS, Files
from jobsetgen.project.kustomization_fields import (
    Reference,
    as_json,
    edited,
    is_inline,
    is_remote,
    references,
    refused_fields,
    refused_plugin,
)
from jobsetgen.project.kustomize_codes import UNSAFE_KUSTOMIZATION
from jobsetgen.source.allowance import Allowance
from jobsetgen.source.documents import Document
from jobsetgen.source.loader import load
from jobsetgen.source.scalars import TEXTS_OF_KYAML
from jobsetgen.source.text import MAX_BYTES, Source
from jobsetgen.stop import StopError

MOST_LEVELS = 50
"""The number of kustomizations that may name each other, one below the other."""

MOST_FILES = 10_000
"""The number of files that kustomize may read for a folder."""

MOST_BYTES = 50_000_000
"""The number of bytes in these files, taken together."""

_LOCAL = "Copy it into the repository and name its path. Begin the path of a local file with './'."
_OTHERS = ("missing", "outside", "special")


class Collected(NamedTuple):
    """The files that kustomize needs, by normalized name, or the errors.

    Names are relative to the project's folder and may lead out of it. Kustomizations and plugins
    are not the files themselves but what was read in them, as JSON. `sources` are the
    kustomizations with errors, as they are written.
    """

    contents: Mapping[str, bytes]
    diagnostics: Sequence[Diagnostic] = ()
    sources: Sequence[Source] = ()


def collect(files: Files, folder: str, about: Place) -> Collected:
    """Read a kustomization with everything that it names, through all levels.

    Nothing outside the root of `files` is read. A problem with the folder itself is reported at
    `about`, and any other at its field in a kustomization. Raises StopError if the machine fails.
    """
    walk = _Walk(files)
    message = walk.folder(folder, ())
    if message:
        walk.diagnostics.append(diagnostic(UNSAFE_KUSTOMIZATION, about, message))
    wrong = {item.file for item in walk.diagnostics}
    sources = [each for name, each in walk.sources.items() if name in wrong]
    return Collected(walk.contents, tuple(walk.diagnostics), sources)


class _Walk:
    """Follows kustomizations. Its methods return why something is refused, or an empty string."""

    def __init__(self, files: Files) -> None:
        self.contents: dict[str, bytes] = {}
        self.diagnostics: list[Diagnostic] = []
        self.sources: dict[str, Source] = {}
        self._files = files
        self._folders: set[str] = set()
        self._bytes = 0
        self._is_full = False
        self._allowance = Allowance()

    def folder(self, folder: str, way: tuple[Hashable, ...]) -> str:
        """Read the kustomization of a folder; `way` are the folders that led to it."""
        shown = self._files.shown(folder)
        if folder.startswith("/"):
            return f"'{folder}' is not a relative path"
        entry = self._files.entry(folder)
        if entry != "folder":
            return f"{shown} is not a folder" if entry == "file" else _unreadable(entry, shown)
        identity = self._files.identity(folder)
        if identity in way:
            return f"{shown} is its own base"
        if len(way) >= MOST_LEVELS:
            return f"more than {MOST_LEVELS} levels of kustomizations"
        position = posixpath.normpath(folder)
        if position in self._folders:
            return ""
        self._folders.add(position)

        names = [posixpath.join(folder, name) for name in KUSTOMIZATIONS]
        found = [name for name in names if self._files.entry(name) != "missing"]
        if not found:
            return f"no {KUSTOMIZATIONS[0]} in {shown}"
        if len(found) > 1:
            return f"more than one kustomization in {shown}"
        return self._kustomization(found[0], folder, (*way, identity))

    def _kustomization(self, name: str, folder: str, way: tuple[Hashable, ...]) -> str:
        content, message = self._read(name)
        if message:
            return message
        shown = self._files.shown(name)
        self.sources[shown] = Source(shown, content)
        documents, diagnostics = load(shown, content, allowance=self._allowance)
        errors = [item for item in diagnostics if item.is_error]
        self.diagnostics += errors
        if errors:
            return ""
        # kustomize would read the first document and ignore the others.
        if len(documents) != 1 or not isinstance(documents[0].data, Mapping):
            return f"{shown} must contain one Kustomization"
        self._report(documents[0], refused_fields(documents[0].data))
        edits = self._followed(documents[0], folder, way)
        return self._keep(name, as_json(edited(documents[0].data, edits)).encode())

    def _followed(
        self, document: Document, folder: str, way: tuple[Hashable, ...]
    ) -> Mapping[Path, str]:
        """Follow all references of a kustomization; return how kustomize is given them."""
        edits: dict[Path, str] = {}
        for reference in references(document.data):
            if reference.role == "plugin" and is_inline(reference.text):
                text, message = self._plugin(reference.text.encode())
                edits[reference.path] = text
            else:
                message = self._reference(reference, folder, way)
                edits[reference.path] = f"{reference.key}{_local(reference.text)}"
            if message:
                hint = _LOCAL if is_remote(reference.text) else ""
                finding = Finding(path=reference.path, message=message, hint=hint)
                self._report(document, [finding])
        return edits

    def _reference(self, reference: Reference, folder: str, way: tuple[Hashable, ...]) -> str:
        text = reference.text
        if self._is_full:
            return ""
        if is_remote(text):
            return f"kustomize would fetch '{text}'"
        if text.startswith("/"):
            return f"'{text}' is not a relative path"
        name = posixpath.join(folder, text)
        entry = self._files.entry(name)
        if entry in _OTHERS:
            return _unreadable(entry, self._files.shown(name))
        name = self._shortened(name)
        if entry == "folder":
            return self._folder_of(reference, name, way)
        if reference.role == "folder":
            return f"{self._files.shown(name)} is not a folder"
        return self._file_of(reference, name)

    def _shortened(self, name: str) -> str:
        """Return a name without detours such as `a/../b`, unless a link makes that another file."""
        short = posixpath.normpath(name)
        is_same = self._files.identity(short) == self._files.identity(name)
        return short if is_same else name

    def _folder_of(self, reference: Reference, name: str, way: tuple[Hashable, ...]) -> str:
        if reference.role in ("resource", "folder"):
            return self.folder(name, way)
        return f"{self._files.shown(name)} is not a file"

    def _file_of(self, reference: Reference, name: str) -> str:
        content, message = self._read(name)
        if message:
            return message
        if reference.role != "plugin":
            return self._keep(name, content)
        text, message = self._plugin(content)
        return message or self._keep(name, text.encode())

    def _plugin(self, content: bytes) -> tuple[str, str]:
        """Return the objects of generators or transformers as JSON, and why one of them is refused."""
        documents, diagnostics = load("plugin", content, TEXTS_OF_KYAML, self._allowance)
        if not documents or any(item.is_error for item in diagnostics):
            return "", "not the YAML of a generator or transformer"
        problems = [refused_plugin(document.data) for document in documents]
        text = "\n---\n".join(as_json(document.data) for document in documents)
        return text, next(filter(None, problems), "")

    def _read(self, name: str) -> tuple[bytes, str]:
        entry = self._files.entry(name)
        shown = self._files.shown(name)
        if entry != "file":
            return b"", _unreadable(entry, shown)
        try:
            content = self._files.read(name)
        except StopError as stop:
            if stop.cause == "machine":
                raise
            return b"", stop.message
        if len(content) > MAX_BYTES:
            return b"", f"{shown} has more than {MAX_BYTES:,} bytes"
        return content, ""

    def _keep(self, name: str, content: bytes) -> str:
        if self._is_full:
            return ""
        position = posixpath.normpath(name)
        known = self.contents.get(position)
        if known is not None:
            same = known == content
            return "" if same else f"{self._files.shown(name)} is read in two ways, or by a link"
        self.contents[position] = content
        self._bytes += len(content)
        if len(self.contents) <= MOST_FILES and self._bytes <= MOST_BYTES:
            return ""
        self._is_full = True
        return f"kustomize may read {MOST_FILES:,} files and {MOST_BYTES:,} bytes at most"

    def _report(self, document: Document, findings: Iterable[Finding]) -> None:
        self.diagnostics += [document.diagnostic(UNSAFE_KUSTOMIZATION, each) for each in findings]


def _local(text: str) -> str:
    """Return a path in the form that kustomize never takes for a URL."""
    return text if text.startswith(("./", "../")) else f"./{text}"


def _unreadable(entry: str, shown: str) -> str:
    reasons = {
        "outside": f"{shown} is outside the folder being compiled",
        "missing": f"file not found: {shown}",
    }
    return reasons.get(entry, f"{shown} is not a file")
