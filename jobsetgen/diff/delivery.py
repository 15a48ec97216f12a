"""The objects that decide what Argo CD and Flux apply, as far as two states of files differ in them.

They are named and not evaluated: what they do depends on the cluster, and on other repositories.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from jobsetgen.diff.changes import Operation
from jobsetgen.plain import mapping, string
from jobsetgen.source.lists import opened
from jobsetgen.source.loader import load
from jobsetgen.source.text import MAX_BYTES, chunks, decoded, narrowed

_ENDINGS = (".yaml", ".yml", ".json")
_GROUPS: Mapping[str, tuple[str, ...]] = {
    "argoproj.io": ("Application", "ApplicationSet"),
    "kustomize.toolkit.fluxcd.io": ("Kustomization",),
    "source.toolkit.fluxcd.io": ("GitRepository", "OCIRepository", "Bucket"),
}
# With the version, as annotations of the same groups are in most manifests. Whatever has none of
# these is not parsed: there may be many thousand Jobs.
_API_VERSION = re.compile(rb"(?<![\w.-])(?:argoproj|(?:kustomize|source)\.toolkit\.fluxcd)\.io/v\d")
# In quotes, YAML and JSON may write any character as an escape.
_ESCAPE = re.compile(
    rb"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(/)|\r?\n[ \t]{0,100})"
)
_KIND = re.compile(r"""\bkind["']?\s{0,100}:\s{0,100}["']?([A-Za-z]{1,40})\b""")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryChange:
    """An object that decides what Argo CD or Flux applies, and that only one state has as it is.

    `name` is empty if its file cannot be parsed, and `namespace` also if the object sets none.
    `moved_from` is the file that had the object, if it has moved as it is.
    """

    kind: str
    namespace: str
    name: str
    file: str
    operation: Operation
    moved_from: str = ""

    @property
    def tool(self) -> str:
        """The tool that reads it."""
        return "Argo CD" if self.kind in _GROUPS["argoproj.io"] else "Flux"


class FileStates(NamedTuple):
    """A file in both states, at most one byte more than the size limit; empty where it is not."""

    file: str
    old: bytes
    new: bytes


class _Found(NamedTuple):
    """An object, or what a file that cannot be parsed seems to hold; that has no name."""

    kind: str
    namespace: str
    name: str
    content: str
    file: str

    @property
    def identity(self) -> Hashable:
        """What is the same for both states of an object."""
        return (self.kind, self.namespace, self.name) if self.name else self.place

    @property
    def place(self) -> Hashable:
        """The same for an object that stays in its file."""
        return (self.kind, self.namespace, self.name, self.file)

    @property
    def folder(self) -> str:
        """The folder of its file."""
        return posixpath.dirname(self.file)


def may_deliver(path: str) -> bool:
    """Whether a file of this name may hold such an object."""
    return path.endswith(_ENDINGS)


def delivery_changes(files: Iterable[FileStates]) -> tuple[DeliveryChange, ...]:
    """Return the objects that differ in some files, sorted by file.

    One that is the same is not among them, whatever else differs in its file, unless it moves to
    another folder. A file that cannot be parsed counts if it seems to hold such an object.
    """
    old: list[_Found] = []
    new: list[_Found] = []
    for each in files:
        before, after = _differing(each)
        old += before
        new += after

    _without_pairs(old, new, lambda each: (each.identity, each.content, each.folder))
    changed = _without_pairs(old, new, lambda each: each.place)
    moved = _without_pairs(old, new, lambda each: (each.identity, each.content))
    changed += _without_pairs(old, new, lambda each: each.identity)
    changes = [
        *(_change(after, "replace") for _, after in changed),
        *(_change(after, "move", before.file) for before, after in moved),
        *(_change(each, "remove") for each in old),
        *(_change(each, "add") for each in new),
    ]
    return tuple(
        sorted(changes, key=lambda each: (each.file, each.kind, each.namespace, each.name))
    )


def _change(found: _Found, operation: Operation, moved_from: str = "") -> DeliveryChange:
    return DeliveryChange(
        kind=found.kind,
        namespace=found.namespace,
        name=found.name,
        file=found.file,
        operation=operation,
        moved_from=moved_from,
    )


def _without_pairs(
    old: list[_Found], new: list[_Found], key: Callable[[_Found], Hashable]
) -> list[tuple[_Found, _Found]]:
    """Take what has the same key out of both lists, and return it in pairs."""
    known: defaultdict[Hashable, list[_Found]] = defaultdict(list)
    for each in reversed(old):
        known[key(each)].append(each)

    pairs = []
    left = []
    for each in new:
        same = known[key(each)]
        if same:
            pairs.append((same.pop(), each))
        else:
            left.append(each)

    taken = {id(before) for before, _ in pairs}
    old[:] = [each for each in old if id(each) not in taken]
    new[:] = left
    return pairs


def _differing(states: FileStates) -> tuple[list[_Found], list[_Found]]:
    """Return the objects in the parts of a file that only one state has."""
    contents = (states.old, states.new)
    if not any(map(_has_api_version, contents)):
        return [], []
    if max(map(len, contents)) > MAX_BYTES:
        # What is beyond the limit may differ, even if the rest does not.
        old, new = map(_text, contents)
        return _seeming(states.file, old, "old"), _seeming(states.file, new, "new")
    before, after = (Counter(_parts(states.file, each)) for each in contents)
    old_only, new_only = (before - after).elements(), (after - before).elements()
    return list(_objects(states.file, old_only)), list(_objects(states.file, new_only))


def _parts(file: str, content: bytes) -> Iterator[str]:
    """Yield the documents of a file as text, or all of one that cannot be decoded."""
    text, problem = decoded(file, content)
    if problem:
        yield _text(content)
    else:
        yield from (chunk for _, chunk in chunks(text))


def _objects(file: str, parts: Iterable[str]) -> Iterator[_Found]:
    for part in parts:
        if _has_api_version(part.encode()):
            yield from _objects_of(file, part)


def _objects_of(file: str, part: str) -> Iterator[_Found]:
    """Yield the objects of a document, or what it seems to hold if it cannot be parsed."""
    loaded = load(file, part.encode())
    is_wrong = any(each.is_error for each in loaded.diagnostics)
    if is_wrong and not loaded.documents:
        yield from _seeming(file, part, part)

    # A tool may read what is wrong, such as a duplicate key, differently from jobsetgen.
    source = part if is_wrong else ""
    for document in loaded.documents:
        for item in opened(document):
            yield from _found(file, item.data, source)


def _found(file: str, data: Any, source: str) -> Iterator[_Found]:
    """Yield an object if it is of one of the kinds; `source` is the text that counts as well."""
    if not isinstance(data, Mapping):
        return
    group = string(data, "apiVersion").partition("/")[0]
    kind = string(data, "kind")
    if kind in _GROUPS.get(group, ()):
        metadata = mapping(data, "metadata")
        yield _Found(
            kind=kind,
            namespace=string(metadata, "namespace"),
            name=string(metadata, "name"),
            content=json.dumps([data, source], sort_keys=True),
            file=file,
        )


def _seeming(file: str, text: str, content: str) -> list[_Found]:
    """Return the kinds of objects that text seems to hold."""
    named = frozenset(_KIND.findall(text))
    groups = [group for group in _GROUPS if f"{group}/" in text]
    kinds = [kind for group in groups for kind in _GROUPS[group] if kind in named]
    return [_Found(kind, "", "", content, file) for kind in kinds]


def _has_api_version(content: bytes) -> bool:
    """Whether one of the groups is named, however it is written."""
    narrow = narrowed(content)
    return any(map(_API_VERSION.search, (narrow, _ESCAPE.sub(_unescaped, narrow))))


def _unescaped(match: re.Match[bytes]) -> bytes:
    *codes, slash = match.groups()
    code = int(next(filter(None, codes), b"0"), 16)
    return slash or (bytes([code]) if 0 < code < 128 else b"")


def _text(content: bytes) -> str:
    return narrowed(content).decode("utf-8", "replace")
