"""Insert values into the documents of a rendered template, as data.

The documents are read while they hold marks instead of values. So no value, whatever is in it, can
change their structure; what it becomes depends on the style of the scalar that it is in.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import NamedTuple

from jobsetgen.diagnostics import Diagnostic, Place, diagnostic
from jobsetgen.overlays.folded_scalars import Edges, edges_of, fold_line
from jobsetgen.overlays.plain_scalars import harm_in_flow, harm_of, text_of_scalar
from jobsetgen.overlays.template_lines import MARK, Rendered
from jobsetgen.overlays.value_codes import CHANGED_NUMBER, CHANGED_YAML
from jobsetgen.source.codes import DUPLICATE_KEY
from jobsetgen.source.documents import Node, Origins, mapping_node, sequence_node
from jobsetgen.source.scalars import Scalar, as_json, key_text, resolve

_MARK = re.compile(f"{MARK}([0-9]+){MARK}")
_ALONE = re.compile(rf"([ \t]*){MARK}([0-9]+){MARK}[ \t]*")
# The names of tags and anchors, of which longer ones would make the search slow.
_PROPERTIES = re.compile(r"(?:[&!][^\s,\[\]{}]{0,300}\s+)*")
_QUOTE = "Quote the scalar in the template."
_QUOTE_VALUE = "Quote the value, so that it stays as it is written."
_CHARACTERS_PER_VALUE = 100


class Inserted(NamedTuple):
    """What a `{{ … }}` has yielded.

    `place` is that of the `{{ … }}`, and `origin` that of the value, if it is one of the values as
    it is. `is_word` is whether it has been quoted for a shell.
    """

    node: Node
    place: Place
    expression: str
    origin: Place | None = None
    is_word: bool = False


class _HarmError(Exception):
    """A value that cannot be inserted, and why."""

    def __init__(self, inserted: Inserted, reason: str, hint: str = "") -> None:
        super().__init__(reason)
        self.inserted = inserted
        self.reason = reason
        self.hint = hint


class Insertion:
    """The insertion of values into the documents of one rendered template.

    `origins` are the places of the values, by the place in the template of the scalar that they
    are in; `diagnostics` are about values that cannot be inserted, and `warnings` about numbers
    that change, by their places.
    """

    def __init__(self, rendered: Rendered, values: list[Inserted]) -> None:
        self.diagnostics: list[Diagnostic] = []
        self.warnings: dict[Place, Diagnostic] = {}
        self._rendered = rendered
        self._values = values
        self._origins: dict[Place, dict[Place, None]] = {}
        self._nodes: dict[int, tuple[Node, tuple[Place, ...]]] = {}
        # Aliases share a value, which is filled once.
        self._done: dict[int, Node] = {}

    @property
    def origins(self) -> Origins:
        """The places of the values that each scalar of the template was filled with."""
        places = {place: tuple(each) for place, each in self._origins.items()}
        return Origins(places, self._nodes)

    def filled(self, node: Node, *, in_flow: bool = False) -> Node:
        """Return a value of the rendered text with its values, and its place in the template.

        `in_flow` is whether it is within brackets or braces.
        """
        done = self._done.get(id(node))
        if done is None:
            done = self._done[id(node)] = self._filled(node, in_flow)
        return done

    def _filled(self, node: Node, in_flow: bool) -> Node:
        place = self._rendered.place(node.place)
        if isinstance(node.data, dict):
            is_flow = in_flow or self._style(node.place) == "{"
            return self._mapping(node, place, is_flow)

        if isinstance(node.data, list):
            is_flow = in_flow or self._style(node.place) == "["
            return self._sequence(node, place, is_flow)

        has_values = isinstance(node.data, str) and MARK in node.data
        if not has_values:
            return Node(node.data, place, size=node.size)
        filled = self._scalar(node, place, in_flow)
        self._remember(node.data, filled)
        return filled

    def _sequence(self, node: Node, place: Place, in_flow: bool) -> Node:
        assert isinstance(node.children, list)
        items = [self.filled(each, in_flow=in_flow) for each in node.children]
        return sequence_node(items, place)

    def _mapping(self, node: Node, place: Place, in_flow: bool) -> Node:
        assert isinstance(node.children, dict)
        children: dict[str, Node] = {}
        keys: dict[str, Place] = {}
        for name, child in node.children.items():
            key_place = self._rendered.place(node.key(name))
            key = self._key(name, node.key(name), in_flow) if MARK in name else name
            value = self.filled(child, in_flow=in_flow)
            if key in children:
                message = f"duplicate key '{key}' (first defined on line {keys[key].line})"
                hint = "Remove one of the two, or merge their values."
                self.diagnostics.append(diagnostic(DUPLICATE_KEY, key_place, message, hint))
                continue
            children[key] = value
            keys[key] = key_place
        return mapping_node(children, place, keys)

    def _key(self, name: str, place: Place, in_flow: bool) -> str:
        """Return a key with the values in it."""
        style = self._style(place)
        try:
            whole = self._whole(name)
            if whole and not style:
                return _key_of(whole)
            if style:
                return self._text(name)
            return _as_key(self._plain(name, in_flow))
        except _HarmError as error:
            self._report(error)
            return name

    def _scalar(self, node: Node, place: Place, in_flow: bool) -> Node:
        """Return a scalar with the values in it."""
        style = self._style(node.place)
        try:
            whole = self._whole(node.data)
            if whole and not style:
                found = whole.node
                return Node(found.data, place, found.children, found.keys, found.size)
            data: Scalar
            if style in ("|", ">"):
                data = self._block(node.data, is_folded=style == ">")
            elif style:
                data = self._text(node.data)
            else:
                data = self._plain(node.data, in_flow)
        except _HarmError as error:
            self._report(error)
            return Node(None, place)
        more = len(data) // _CHARACTERS_PER_VALUE if isinstance(data, str) else 0
        return Node(data, place, size=1 + more)

    def _style(self, place: Place) -> str:
        """Return the character that a scalar or a collection begins with if it is not plain.

        A scalar with a tag is treated as a quoted one.
        """
        text = self._rendered.text
        found = _PROPERTIES.match(text, self._rendered.offset(place))
        end = found.end() if found else 0
        style = text[end : end + 1]
        if style in ("'", '"', "|", ">", "{", "["):
            return style
        return '"' if found and "!" in found[0] else ""

    def _whole(self, text: str) -> Inserted | None:
        """Return the value that is all of a scalar, or None."""
        found = _MARK.fullmatch(text)
        return self._value(found[1]) if found else None

    def _value(self, number: str) -> Inserted:
        """Return the value of a mark."""
        # An escape in a quoted scalar can forge a mark.
        index = int(number) if len(number) < 10 else len(self._values)
        if index < len(self._values):
            return self._values[index]
        return Inserted(Node("", Place("")), self._rendered.source.place(0), "")

    def _text(self, text: str) -> str:
        """Return a quoted scalar, or a line of a block scalar, with the values in it."""
        return _MARK.sub(lambda found: self._text_of_number(found[1]), text)

    def _block(self, text: str, *, is_folded: bool) -> str:
        """Return a block scalar with the values in it.

        A value alone on its line keeps the indentation of that line in all of its lines, and does
        not add an empty line at its end.
        """
        return "\n".join(self._block_line(line, is_folded) for line in text.split("\n"))

    def _block_line(self, line: str, is_folded: bool) -> str:
        alone = _ALONE.fullmatch(line)
        if alone is None and is_folded:
            return fold_line(line, self._edges, self._text_of_number)
        if alone is None:
            return self._text(line)
        indentation, number = alone.groups()
        value = self._value(number)
        part = self._part(value)
        if value.is_word:
            return indentation + part
        lines = part.removesuffix("\n").split("\n")
        return "\n".join(f"{indentation}{each}" if each else "" for each in lines)

    @cached_property
    def _edges(self) -> Edges:
        return edges_of(self._rendered.text)

    def _text_of_number(self, number: str) -> str:
        return self._part(self._value(number))

    def _part(self, value: Inserted) -> str:
        """Return a value as a part of a text; a number that changes on the way is a warning.

        Raises _HarmError for a list or a mapping.
        """
        text = _text_of(value)
        origin = value.origin
        if origin is not None and _is_written_otherwise(value.node, origin, text):
            used = f"{value.place.file}:{value.place.line}"
            message = f"this number becomes '{text}' in the text that it is inserted into ({used})"
            self.warnings[origin] = diagnostic(CHANGED_NUMBER, origin, message, _QUOTE_VALUE)
        return text

    def _plain(self, text: str, in_flow: bool) -> Scalar:
        """Return a plain scalar with values among other text.

        Raises _HarmError for a value that would change the YAML around it.
        """
        parts = _MARK.split(text)
        values = [self._value(number) for number in parts[1::2]]
        texts = [self._part(each) for each in values]
        for index, value in enumerate(texts):
            before, after = parts[2 * index][-1:], parts[2 * index + 2][:1]
            is_first = index == 0 and not before
            is_last = index == len(texts) - 1 and not after
            reason = harm_of(value, before, after, is_first=is_first, is_last=is_last)
            if in_flow:
                reason = reason or harm_in_flow(value)
            if reason:
                raise _HarmError(values[index], f"contains {reason}", _QUOTE)
        parts[1::2] = texts
        return self._resolved("".join(parts), values[0])

    @staticmethod
    def _resolved(text: str, first: Inserted) -> Scalar:
        if reason := harm_of(text, "", "", is_first=True, is_last=True):
            raise _HarmError(first, f"makes the scalar contain {reason}", _QUOTE)
        try:
            return as_json(resolve(text))
        except ValueError as error:
            raise _HarmError(first, f"makes the scalar a number: {error}", _QUOTE) from error

    def _remember(self, text: str, filled: Node) -> None:
        """Remember where the values of a scalar are from."""
        values = [self._value(found[1]) for found in _MARK.finditer(text)]
        origins = dict.fromkeys(each.origin for each in values if each.origin)
        if origins:
            self._origins.setdefault(filled.place, {}).update(origins)
            self._nodes[id(filled)] = filled, tuple(origins)

    def _report(self, error: _HarmError) -> None:
        inserted = error.inserted
        origin = inserted.origin
        message = f"the value of {inserted.expression} {error.reason}"
        if origin is not None:
            message += f" (set at {origin.file}:{origin.line})"
        self.diagnostics.append(diagnostic(CHANGED_YAML, inserted.place, message, error.hint))


def _is_written_otherwise(node: Node, place: Place, text: str) -> bool:
    """Whether a number is written in another way than a text; only the lengths are known."""
    if isinstance(node.data, str) or place.end_column is None:
        return False
    return place.end_column - place.column != len(text)


def _text_of(inserted: Inserted) -> str:
    """Return a value as a part of a text. Raises _HarmError for a list or a mapping."""
    data = inserted.node.data
    text = text_of_scalar(data)
    if text is not None:
        return text
    hint = "Make it the whole value, without quotes, or convert it with the filter to_json."
    kind = "mapping" if isinstance(data, dict) else "list"
    raise _HarmError(inserted, f"is a {kind}, which cannot be a part of a text", hint)


def _key_of(inserted: Inserted) -> str:
    """Return a value as a key. Raises _HarmError for what cannot be one."""
    data = inserted.node.data
    if isinstance(data, (dict, list)) or data is None:
        kind = "null" if data is None else "a mapping" if isinstance(data, dict) else "a list"
        raise _HarmError(inserted, f"is {kind}, which cannot be a key")
    return _as_key(data)


def _as_key(data: Scalar) -> str:
    return "null" if data is None else key_text(data)
