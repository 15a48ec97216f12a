"""YAML text to documents, read as kubectl reads it, with the place of every value.

ruamel.yaml turns text into events; what the events mean (YAML 1.1 scalars, merge keys, keys that
become strings) follows sigs.k8s.io/yaml, which is what kubectl and the API machinery use.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any, NamedTuple

from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, Event, MappingStartEvent, ScalarEvent, SequenceStartEvent

from jobsetgen.diagnostics import Code, Diagnostic, Position, diagnostic
from jobsetgen.source import codes
from jobsetgen.source.documents import Document, Node
from jobsetgen.source.events import events
from jobsetgen.source.scalars import (
    KNOWN_TAGS,
    MERGE,
    MERGE_TAG,
    as_json,
    key_text,
    resolve,
    resolve_tagged,
)

MAX_BYTES = 10_000_000
MAX_DEPTH = 100
# Aliases may multiply what is written by this much (beyond a base that any small file may use)
# before it is a bomb.
_ALIAS_FACTOR, _ALIAS_BASE = 10, 100_000

_BREAK = re.compile(r"\r\n|\r|\n")
_MARKER = re.compile(r"(?:(?<=[\r\n])|\A)---(?=\s|\Z)")
_IGNORE = re.compile(r"#\s*jobsetgen:\s*ignore\[([A-Z0-9, ]+)\][ \t]*(\S?)")
_NOT_PRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")


class Loaded(NamedTuple):
    """What a file holds: its documents in order, and everything wrong with them."""

    documents: list[Document]
    diagnostics: list[Diagnostic]


class _UnreadableError(Exception):
    """Nothing further in this document can be read."""


def load(file: str, content: bytes, texts: frozenset[str] = frozenset()) -> Loaded:
    """Read one file.

    `file` is its name in diagnostics. Never raises: whatever is wrong comes back as diagnostics.

    `texts` are plain scalars that are read as texts, whatever else they could be.
    """
    text, problem = _decode(file, content)
    if problem:
        return Loaded([], [problem])
    end = _place_after(text)
    if not text.endswith("\n"):
        text += "\n"  # as kubectl's reader ends every line: a literal block at the end keeps its line break
    ignores, diagnostics = _ignores(file, text)
    documents = []
    for first_line, chunk in _chunks(text):
        builder = _Builder(file, first_line, diagnostics, texts)
        root = builder.build(chunk)
        if root is not None:
            documents.append(Document(file=file, root=root, ignores=ignores))
    return Loaded(documents, [_within(end, item) for item in diagnostics])


def _within(end: Position, item: Diagnostic) -> Diagnostic:
    """Return a diagnostic with its place in the file as it is written, without a line break that was added to it."""
    return item if item.line <= end.line else replace(item, line=end.line, column=end.column)


def _decode(file: str, content: bytes) -> tuple[str, Diagnostic | None]:
    start = Position(1, 1)
    if len(content) > MAX_BYTES:
        message = f"the file has {len(content):,} bytes; at most {MAX_BYTES:,} are read"
        return "", diagnostic(codes.TOO_LARGE, file, start, message)
    encoding = (
        "utf-16" if content[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig"
    )
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        before = content[: error.start].decode(encoding, "replace")
        message = f"byte 0x{content[error.start]:02x} is not {error.encoding.upper()}"
        return "", diagnostic(
            codes.NOT_TEXT, file, _place_after(before), message, "Save the file as UTF-8."
        )
    if bad := _NOT_PRINTABLE.search(text):
        place = _place_after(text[: bad.start()])
        message = f"the control character U+{ord(bad[0]):04X} is not allowed in YAML"
        hint = "Write it as an escape in a double-quoted string, or take it out."
        return "", diagnostic(codes.NOT_TEXT, file, place, message, hint)
    return text, None


def _place_after(before: str) -> Position:
    lines = _BREAK.split(before)
    return Position(len(lines), len(lines[-1]) + 1)


def _ignores(file: str, text: str) -> tuple[dict[int, frozenset[str]], list[Diagnostic]]:
    """Find the comments that silence a warning on their line."""
    ignores: dict[int, frozenset[str]] = {}
    diagnostics: list[Diagnostic] = []
    if "jobsetgen:" not in text:
        return ignores, diagnostics
    for number, line in enumerate(_BREAK.split(text), start=1):
        if found := _IGNORE.search(line):
            if found[2]:
                ignores[number] = frozenset(code.strip() for code in found[1].split(","))
            else:
                place = Position(number, found.start() + 1)
                message = "this comment silences nothing without a reason after the bracket"
                diagnostics.append(diagnostic(codes.IGNORE_REASON, file, place, message))
    return ignores, diagnostics


def _chunks(text: str) -> Iterator[tuple[int, str]]:
    """Split a file at its `---` lines, as kubectl does, so that one broken document does not hide the others."""
    starts = [0, *(m.start() for m in _MARKER.finditer(text) if m.start()), len(text)]
    line, pending, pending_line = 1, "", 1
    for begin, end in pairwise(starts):
        chunk = text[begin:end]
        if not pending:
            pending_line = line
        line += len(_BREAK.findall(chunk))
        pending += chunk
        # A part of directives and comments alone belongs to the document after it.
        if chunk.startswith("%") and end != len(text):
            continue
        yield pending_line, pending
        pending = ""


class _Builder:
    """Builds the nodes of one document from its events."""

    def __init__(
        self, file: str, first_line: int, diagnostics: list[Diagnostic], texts: frozenset[str]
    ) -> None:
        self.file = file
        self.first_line = first_line
        self.diagnostics = diagnostics
        self.texts = texts
        self.anchors: dict[str, Node | None] = {}
        self.written = 0

    def build(self, text: str) -> Node | None:
        """Return the document's root, or None for an empty or an unreadable one."""
        try:
            return self._document(events(text))
        except _UnreadableError:
            return None
        except MarkedYAMLError as error:
            self._syntax(error)
        except (YAMLError, ValueError, OverflowError, AssertionError) as error:
            self._report(
                codes.SYNTAX,
                Position(self.first_line, 1),
                f"this is not YAML: {_sentence(str(error))}",
            )
        return None

    def _document(self, events: Iterator[Event]) -> Node | None:
        root = None
        for event in events:
            if isinstance(event, (ScalarEvent, AliasEvent, SequenceStartEvent, MappingStartEvent)):
                if root is not None:
                    place = self._place(event)
                    self._report(
                        codes.SYNTAX, place, "a second document begins here without a '---' line"
                    )
                    raise _UnreadableError
                root = self._node(event, events, 1)
        if root is not None and root.data is None:
            return None
        return root

    def _syntax(self, error: MarkedYAMLError) -> None:
        mark = error.problem_mark or error.context_mark
        place = (
            Position(mark.line + self.first_line, mark.column + 1)
            if mark
            else Position(self.first_line, 1)
        )
        reason = ", ".join(_sentence(part) for part in (error.context, error.problem) if part)
        self._report(codes.SYNTAX, place, f"this is not YAML: {reason}")

    def _report(self, code: Code, place: Position, message: str, hint: str = "") -> None:
        self.diagnostics.append(diagnostic(code, self.file, place, message, hint))

    def _place(self, event: Event) -> Position:
        return Position(event.start_mark.line + self.first_line, event.start_mark.column + 1)

    def _node(self, event: Event, events: Iterator[Event], depth: int) -> Node:
        if depth > MAX_DEPTH:
            self._report(
                codes.TOO_LARGE, self._place(event), f"more than {MAX_DEPTH} levels of nesting"
            )
            raise _UnreadableError
        self.written += 1
        if isinstance(event, AliasEvent):
            return self._alias(event)
        anchor = getattr(event, "anchor", None)
        if anchor:
            self.anchors[anchor] = (
                None  # known, but not yet complete: an alias inside would contain itself
            )
        if isinstance(event, ScalarEvent):
            node = self._scalar(event)
        elif isinstance(event, SequenceStartEvent):
            node = self._sequence(event, events, depth)
        else:
            node = self._mapping(event, events, depth)
        if anchor:
            self.anchors[anchor] = node
        if node.size > _ALIAS_BASE + _ALIAS_FACTOR * self.written:
            self._report(
                codes.TOO_LARGE,
                node.position,
                "the aliases here multiply into far more than is written",
            )
            raise _UnreadableError
        return node

    def _alias(self, event: AliasEvent) -> Node:
        node = self.anchors.get(event.anchor)
        if node is not None:
            return node
        inside = event.anchor in self.anchors
        message = (
            f"the anchor '{event.anchor}' contains itself"
            if inside
            else f"no anchor '{event.anchor}' before it"
        )
        self._report(codes.ALIAS, self._place(event), message)
        raise _UnreadableError

    def _scalar(self, event: ScalarEvent) -> Node:
        place = self._place(event)
        tag = str(event.tag) if event.tag else ""
        try:
            data = as_json(self._scalar_data(event, tag))
        except ValueError as error:
            self._report(codes.UNKNOWN_TAG if tag else codes.BAD_VALUE, place, str(error))
            data = event.value
        if isinstance(data, str) and _SURROGATE.search(data):
            data = _paired(data)
        if isinstance(data, str) and _SURROGATE.search(data):
            self._report(
                codes.BAD_VALUE,
                place,
                "the string holds half of a surrogate pair, which is no character",
            )
            raise _UnreadableError
        return Node(data, place)

    def _scalar_data(self, event: ScalarEvent, tag: str) -> Any:
        if tag:
            if tag not in KNOWN_TAGS:
                raise ValueError(f"the tag {_short_tag(tag)} is not known to Kubernetes tools")
            return resolve_tagged(tag, event.value)
        is_plain = event.implicit[0] and event.value not in self.texts
        return resolve(event.value) if is_plain else event.value

    def _collection_tag(self, event: Event, expected: str) -> None:
        tag = str(getattr(event, "tag", None) or "")
        if tag and tag not in ("!", f"tag:yaml.org,2002:{expected}"):
            message = f"the tag {_short_tag(tag)} is not known to Kubernetes tools"
            self._report(codes.UNKNOWN_TAG, self._place(event), message)

    def _sequence(self, event: Event, events: Iterator[Event], depth: int) -> Node:
        self._collection_tag(event, "seq")
        items: list[Node] = []
        for inner in events:
            if not isinstance(
                inner, (ScalarEvent, AliasEvent, SequenceStartEvent, MappingStartEvent)
            ):
                break  # the end of the sequence
            items.append(self._node(inner, events, depth + 1))
        size = 1 + sum(item.size for item in items)
        return Node([item.data for item in items], self._place(event), items, size=size)

    def _mapping(self, event: Event, events: Iterator[Event], depth: int) -> Node:
        self._collection_tag(event, "map")
        node = Node({}, self._place(event), {})
        written: dict[str, Position] = {}
        for key in events:
            if not isinstance(
                key, (ScalarEvent, AliasEvent, SequenceStartEvent, MappingStartEvent)
            ):
                break  # the end of the mapping
            if (
                isinstance(key, ScalarEvent)
                and key.value == MERGE
                and (key.implicit[0] or key.tag == MERGE_TAG)
            ):
                self._merge(node, self._node(next(events), events, depth + 1))
                continue
            place = self._place(key)
            name = self._key(key, events, depth)
            value = self._node(next(events), events, depth + 1)
            if name in written:
                first = written[name].line
                self._report(
                    codes.DUPLICATE_KEY,
                    place,
                    f"the key '{name}' is here twice; the first is on line {first}",
                )
                continue
            written[name] = place
            self._put(node, name, place, value)
        return node

    @staticmethod
    def _put(node: Node, name: str, place: Position, value: Node) -> None:
        assert isinstance(node.children, dict)
        node.data[name] = value.data
        node.children[name] = value
        node.keys[name] = place
        node.size += value.size

    def _key(self, event: Event, events: Iterator[Event], depth: int) -> str:
        node = self._node(event, events, depth + 1)
        try:
            if isinstance(node.data, (dict, list)):
                raise ValueError("a list or a mapping cannot be a key")
            if isinstance(event, ScalarEvent) and isinstance(node.data, (int, float)):
                # As a key a float keeps its form, which as a value JSON takes from it.
                return key_text(self._scalar_data(event, str(event.tag or "")))
            return key_text(node.data)
        except ValueError as error:
            self._report(codes.BAD_VALUE, self._place(event), str(error))
            return str(node.data)

    def _merge(self, node: Node, source: Node) -> None:
        """Take over the keys of a `<<` value; of several, the earlier wins."""
        sources = (
            source.children
            if isinstance(source.data, list) and isinstance(source.children, list)
            else [source]
        )
        for merged in reversed(sources):
            if not isinstance(merged.children, dict):
                self._report(
                    codes.ALIAS,
                    merged.position,
                    "only a mapping, or a list of mappings, can be merged with '<<'",
                )
                continue
            for name, value in merged.children.items():
                self._put(node, name, merged.keys[name], value)


def _paired(text: str) -> str:
    """Return a text with the halves of surrogate pairs, as JSON escapes them, put together where both are there."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def _short_tag(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!")


def _sentence(text: str) -> str:
    return " ".join(text.split())
