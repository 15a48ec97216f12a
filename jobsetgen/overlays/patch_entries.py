"""Read the entries of `patches` in a project file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from jobsetgen.diagnostics import Diagnostic, Place, diagnostic
from jobsetgen.overlays.patch_codes import INVALID_PATCH
from jobsetgen.overlays.patch_expressions import expressions, with_hints
from jobsetgen.overlays.targets import Target, TargetReader
from jobsetgen.source.documents import Document, Node
from jobsetgen.source.embedded import embedded
from jobsetgen.source.lists import opened
from jobsetgen.source.loader import Loaded
from jobsetgen.words import near

Read = Callable[[str, Place], Loaded]
"""Reads a file by its path in a project file, which is written at a place."""

_FIELDS = ("path", "patch", "target")


class Patch(NamedTuple):
    """One patch: a mapping is a strategic merge patch, and a list has operations of a JSON patch.

    Without a target, it is for the object that it names.
    """

    document: Document
    target: Target | None

    @property
    def is_strategic(self) -> bool:
        """Whether it is a strategic merge patch."""
        return isinstance(self.document.data, Mapping)


class Entries(NamedTuple):
    """The patches of a project in order, and what is wrong with others."""

    patches: tuple[Patch, ...]
    diagnostics: tuple[Diagnostic, ...]


def entries(project: Document, read: Read) -> Entries:
    """Return the patches of a project file. What `read` returns for a path is kept."""
    patches: list[Patch] = []
    diagnostics: list[Diagnostic] = []
    node = project.root.child("patches")
    reader = _EntryReader(read)
    for entry in node.children if node and isinstance(node.children, list) else []:
        for each in reader.entry(entry):
            if isinstance(each, Patch):
                patches.append(each)
            else:
                diagnostics.append(each)
    return Entries(tuple(patches), tuple(diagnostics))


class _EntryReader:
    """Reads entries; each file is read once, and each pattern compiled once."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._files: dict[str, Loaded] = {}
        self._targets = TargetReader()

    def entry(self, entry: Node) -> Iterator[Patch | Diagnostic]:
        """Yield the patches of one entry, and what is wrong with it."""
        if not isinstance(entry.children, dict):
            yield _wrong(entry.place, "an entry of 'patches' must be a mapping")
            return
        for name in entry.children:
            if name not in _FIELDS:
                yield _wrong(
                    entry.key(name), f"unknown field '{name}' of a patch", near(name, _FIELDS)
                )
        if ("path" in entry.children) == ("patch" in entry.children):
            have = "both 'path' and 'patch'" if "path" in entry.children else "no patch"
            yield _wrong(entry.place, f"the entry has {have}", "Set either 'path' or 'patch'.")
            return

        target = self._target(entry)
        if isinstance(target, list):
            yield from target
        loaded = self._content(entry)
        yield from with_hints(loaded.diagnostics)
        documents = [each for each in loaded.documents if not _is_empty(each.data)]
        if not documents and not loaded.diagnostics:
            yield _wrong(_content_of(entry).place, "the patch is empty")
        if isinstance(target, list):
            return
        for document in documents:
            yield from expressions(document.root)
            yield from _patches(document, target)

    def _target(self, entry: Node) -> Target | list[Diagnostic] | None:
        """Return the target of an entry, None without one, or what is wrong with it."""
        node = entry.child("target")
        if node is None or node.data is None:
            return None
        if not isinstance(node.data, Mapping):
            return [_wrong(node.place, "the target must be a mapping")]
        return self._targets.read(node)

    def _content(self, entry: Node) -> Loaded:
        """Return the documents of an entry's patch."""
        node = _content_of(entry)
        path = entry.child("path")
        if path is not None:
            return self._file(path)
        if isinstance(node.data, str):
            return embedded(node)
        return Loaded([Document(node)], [])

    def _file(self, path: Node) -> Loaded:
        """Return the documents of a file."""
        if not isinstance(path.data, str):
            return Loaded([], [_wrong(path.place, "the path must be a string")])
        if path.data not in self._files:
            self._files[path.data] = self._read(path.data, path.place)
        return self._files[path.data]


def _is_empty(data: object) -> bool:
    """Whether a document has no field to merge and no operation, so that it changes nothing."""
    return data is None or data == {} or data == []


def _content_of(entry: Node) -> Node:
    """Return the value of `path` or `patch`."""
    node = entry.child("path") or entry.child("patch")
    assert node is not None
    return node


def _patches(document: Document, target: Target | None) -> Iterator[Patch | Diagnostic]:
    """Yield the patches of a document, which may be a List of them."""
    if isinstance(document.data, list):
        if target is None:
            message = "a JSON patch does not say which object it is for"
            yield _wrong(document.root.place, message, "Add a target to the entry of the patch.")
            return
        yield Patch(document, target)
        return
    for each in opened(document):
        if isinstance(each.data, Mapping):
            yield Patch(each, target)
        else:
            message = "a patch must be a mapping, or a list of operations"
            hint = "Set 'path' to read a file." if isinstance(each.data, str) else ""
            yield _wrong(each.root.place, message, hint)


def _wrong(place: Place, message: str, hint: str = "") -> Diagnostic:
    return diagnostic(INVALID_PATCH, place, message, hint)
