"""Build the values of a document from the events of its text, each with its place.

ruamel.yaml turns text into events. Their interpretation (YAML 1.1 scalars, merge keys, keys that
become strings) follows sigs.k8s.io/yaml, which is what kubectl and the API machinery use.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NoReturn

from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, Event, MappingStartEvent, ScalarEvent, SequenceStartEvent

from jobsetgen.diagnostics import Code, Diagnostic, Place, diagnostic
from jobsetgen.source import codes, templates
from jobsetgen.source.allowance import ALIAS_FACTOR, Allowance
from jobsetgen.source.blocks import literal_begin
from jobsetgen.source.documents import Node
from jobsetgen.source.events import end_column, events, is_empty, is_template, short_tag, tag_of
from jobsetgen.source.scalars import (
    KNOWN_TAGS,
    MERGE,
    MERGE_TAG,
    SURROGATE,
    as_json,
    key_text,
    paired,
    resolve,
    resolve_tagged,
)
from jobsetgen.source.templates import has_mark, template_in

MAX_DEPTH = 100
# A long string counts as several values.
_CHARACTERS_PER_VALUE = 100

_NO_KEY = "a list or a mapping cannot be a key"


# A name in a sentence of the YAML library; single characters tell nothing.
_QUOTED = re.compile(r""" (['"])[^'"]{2,}\1""")


class _UnreadableError(Exception):
    """The rest of this document cannot be read."""


class Builder:
    """Builds the nodes of one document from its events."""

    def __init__(
        self,
        first_line: int,
        end: Place,
        diagnostics: list[Diagnostic],
        texts: frozenset[str],
        allowance: Allowance,
    ) -> None:
        self.file = end.file
        self.first_line = first_line
        self.end = end
        self.diagnostics = diagnostics
        self.texts = texts
        self.allowance = allowance
        self.anchors: dict[str, Node | None] = {}
        self.marked: dict[Place, str] = {}
        self.written = 0
        self.most = 0
        self.may_be_secret = False

    def build(self, text: str) -> Node | None:
        """Return the document's root, or None if it is empty or unreadable."""
        self.most = self.allowance.left + ALIAS_FACTOR * len(text)
        # What is written may be the value of a Secret, without the quotes that it needs.
        self.may_be_secret = "Secret" in text
        try:
            root = self._document(events(text))
            if root:
                self.allowance.left -= max(root.size - ALIAS_FACTOR * self.written, 0)
            if root and (place := template_in(root, self.marked)):
                self._report_template(place)
            return root
        except _UnreadableError:
            return None
        except MarkedYAMLError as error:
            self._syntax(error, text)
        except (YAMLError, ValueError, OverflowError, AssertionError) as error:
            self._report(
                codes.SYNTAX,
                Place(self.file, self.first_line),
                f"invalid YAML: {_sentence(str(error))}",
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

    def _syntax(self, error: MarkedYAMLError, text: str) -> None:
        # Text that is YAML needs none of it.
        from jobsetgen.source.hints import place_of_template, syntax_hint

        if found := place_of_template(error, text):
            line, column = found
            self._report_template(Place(self.file, line + self.first_line, column + 1))
            return
        mark = error.problem_mark or error.context_mark
        place = (
            Place(self.file, mark.line + self.first_line, mark.column + 1)
            if mark
            else Place(self.file, self.first_line)
        )
        reason = ", ".join(_sentence(part) for part in (error.context, error.problem) if part)
        if self.may_be_secret:
            reason = _QUOTED.sub("", reason)
        hint = syntax_hint(error, text, self.first_line)
        self._report(codes.SYNTAX, place, f"invalid YAML: {reason}", hint)

    def _report(self, code: Code, place: Place, message: str, hint: str = "") -> None:
        self.diagnostics.append(diagnostic(code, place, message, hint))

    def _place(self, event: Event, last: Event | None = None) -> Place:
        """Return the place of a value, in the file; `last` is the event that ends a collection."""
        start = event.start_mark
        line = start.line + self.first_line
        if line > self.end.line:
            return self.end
        return Place(self.file, line, start.column + 1, end_column(event, last or event))

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
            self.anchors[anchor] = None  # not complete yet: an alias inside would contain itself
        if isinstance(event, ScalarEvent):
            node = self._scalar(event)
            if anchor:
                # The scalar would seem to be as long as its anchor and itself.
                node.place = node.place._replace(end_column=None)
        elif isinstance(event, SequenceStartEvent):
            node = self._sequence(event, events, depth)
        else:
            node = self._mapping(event, events, depth)
        if anchor:
            self.anchors[anchor] = node
        if node.size > self.allowance.left + ALIAS_FACTOR * self.written:
            self._too_many_aliases(node)
        return node

    def _too_many_aliases(self, node: Node) -> NoReturn:
        message = "the aliases expand to far more values than the file contains"
        self._report(codes.TOO_LARGE, node.place, message)
        raise _UnreadableError

    def _alias(self, event: AliasEvent) -> Node:
        node = self.anchors.get(event.anchor)
        if node is not None:
            return node
        inside = event.anchor in self.anchors
        message = (
            f"the anchor '{event.anchor}' contains itself"
            if inside
            else f"no anchor{self._named(event.anchor)} is defined before this alias"
        )
        self._report(codes.ALIAS, self._place(event), message)
        raise _UnreadableError

    def _scalar(self, event: ScalarEvent) -> Node:
        place = self._place(event)
        tag = tag_of(event)
        try:
            data = as_json(self._scalar_data(event, tag))
            if event.implicit[0] and has_mark(event.value):
                self.marked[place] = event.value
        except ValueError as error:
            self._report(codes.UNKNOWN_TAG if tag else codes.BAD_VALUE, place, str(error))
            data = event.value
        data = paired(data)
        if isinstance(data, str) and SURROGATE.search(data):
            self._report(
                codes.BAD_VALUE,
                place,
                "the string contains an unpaired surrogate, which is not a character",
            )
            raise _UnreadableError
        more = len(event.value) // _CHARACTERS_PER_VALUE
        self.written += more
        begin = literal_begin(event, place)
        return Node(data, place, size=1 + more, text=begin)

    def _scalar_data(self, event: ScalarEvent, tag: str) -> Any:
        if tag:
            if tag not in KNOWN_TAGS:
                raise ValueError(self._unknown_tag(tag))
            return resolve_tagged(tag, event.value)
        is_plain = event.implicit[0] and event.value not in self.texts
        return resolve(event.value) if is_plain else event.value

    def _collection_tag(self, event: Event, expected: str) -> None:
        tag = tag_of(event)
        if tag and tag not in ("!", f"tag:yaml.org,2002:{expected}"):
            self._report(codes.UNKNOWN_TAG, self._place(event), self._unknown_tag(tag))

    def _unknown_tag(self, tag: str) -> str:
        return "unknown tag" if self.may_be_secret else f"unknown tag {short_tag(tag)}"

    def _named(self, name: str) -> str:
        return "" if self.may_be_secret else f" '{name}'"

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
        return Node([item.data for item in items], self._place(event, inner), items, size=size)

    def _mapping(self, event: Event, events: Iterator[Event], depth: int) -> Node:
        self._collection_tag(event, "map")
        node = Node({}, self._place(event), {})
        last = event
        written: dict[str, Place] = {}
        for key in events:
            if not isinstance(
                key, (ScalarEvent, AliasEvent, SequenceStartEvent, MappingStartEvent)
            ):
                last = key
                break
            if (
                isinstance(key, ScalarEvent)
                and key.value == MERGE
                and (key.implicit[0] or tag_of(key) == MERGE_TAG)
            ):
                self._merge(node, self._node(next(events), events, depth + 1))
                continue
            place = self._place(key)
            if is_template(event, key):
                self._template(self._place(event))
            name = self._key(key, events, depth)
            value_event = next(events)
            value = self._node(value_event, events, depth + 1)
            if is_empty(value_event):
                value.place = place._replace(end_column=None)
            self._enlarge(node, name, value)
            if name in written:
                first = written[name].line
                self._report(
                    codes.DUPLICATE_KEY,
                    place,
                    f"duplicate key '{name}' (first defined on line {first})",
                    "Remove one of the two, or merge their values.",
                )
                continue
            written[name] = place
            self._put(node, name, place, value)
        node.place = self._place(event, last)
        return node

    def _template(self, place: Place) -> None:
        """Report a `{{ … }}`, which is a mapping as the key of a mapping.

        Nothing else in the document is read: its values are not those that will be there.
        """
        self._report_template(place)
        raise _UnreadableError

    def _report_template(self, place: Place) -> None:
        self._report(codes.TEMPLATE, place, templates.MESSAGE, templates.HINT)

    def _enlarge(self, node: Node, name: str, value: Node) -> None:
        """Count an entry of a mapping, whether it is kept or not.

        What the mapping may have is known at its end; what no text of this length may have is
        refused at once.
        """
        node.size += value.size + len(name) // _CHARACTERS_PER_VALUE
        if node.size > self.most:
            self._too_many_aliases(node)

    @staticmethod
    def _put(node: Node, name: str, place: Place, value: Node) -> None:
        assert isinstance(node.children, dict)
        node.data[name] = value.data
        node.children[name] = value
        node.keys[name] = place

    def _key(self, event: Event, events: Iterator[Event], depth: int) -> str:
        node = self._node(event, events, depth + 1)
        try:
            if isinstance(node.data, (dict, list)):
                raise ValueError(_NO_KEY)
            if isinstance(event, ScalarEvent) and isinstance(node.data, (int, float)):
                # A float keeps its form as a key, unlike as a value in JSON.
                return key_text(self._scalar_data(event, tag_of(event)))
            return key_text(node.data)
        except ValueError as error:
            self._report(codes.BAD_VALUE, self._place(event), str(error))
            return str(node.data)

    def _merge(self, node: Node, source: Node) -> None:
        """Add the entries of a `<<` value to a mapping; of several sources, the earlier wins."""
        sources = (
            source.children
            if isinstance(source.data, list) and isinstance(source.children, list)
            else [source]
        )
        for merged in reversed(sources):
            if not isinstance(merged.children, dict):
                self._report(
                    codes.ALIAS,
                    merged.place,
                    "only a mapping, or a list of mappings, can be merged with '<<'",
                )
                continue
            for name, value in merged.children.items():
                self._enlarge(node, name, value)
                self._put(node, name, merged.keys[name], value)


def _sentence(text: str) -> str:
    return " ".join(text.split())
