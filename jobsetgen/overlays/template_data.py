"""The values as templates see them, and what an expression of a template yields as JSON data.

A template computes with strings, numbers, lists and mappings of Python. Those that come from the
values as they are remember which value they are, so that its place is known where it is inserted.
"""

from __future__ import annotations

from collections.abc import ItemsView, Iterable, Iterator, KeysView, Mapping, ValuesView
from typing import Any

from jinja2 import Undefined

from jobsetgen.overlays.plain_scalars import text_of_scalar
from jobsetgen.source.documents import Node
from jobsetgen.source.scalars import SURROGATE, as_json, key_text

_INT64 = 2**63
_MOST_DEPTH = 100


class TemplateError(Exception):
    """What is wrong with a template, as a message and a hint."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class _Tracked:
    """A value that knows its number, and the collection that it is in."""

    # Templates cannot read attributes that begin with an underscore.
    _number: int
    _parent: Any
    _key: str | int


class Text(_Tracked, str):
    """A string among the values."""


class Whole(_Tracked, int):
    """A whole number among the values."""


class Real(_Tracked, float):
    """A number with a fraction among the values."""


class Table(_Tracked, dict[str, Any]):
    """A mapping among the values."""


class Row(_Tracked, list[Any]):
    """A list among the values."""


class ShellWord(str):
    """A string in the quotes that a shell needs; no white space may be added to it."""

    __slots__ = ()


class Tracker:
    """Converts values to what templates see. `nodes` are the values by their numbers."""

    def __init__(self, root: Node) -> None:
        self.nodes: list[Node] = []
        # Aliases share a value: what is converted once is converted for all of them.
        self._known: dict[int, Any] = {}
        self.variables: dict[str, Any] = self.data(root)

    def data(self, node: Node, parent: Any = None, key: str | int = "") -> Any:
        """Return a value as a template sees it."""
        known = self._known.get(id(node))
        if known is not None:
            return known
        found = self._tracked(node)
        if isinstance(found, _Tracked):
            found._number = len(self.nodes)
            found._parent = parent
            found._key = key
            self.nodes.append(node)
            self._known[id(node)] = found
        self._fill(found, node)
        return found

    def _fill(self, found: Any, node: Node) -> None:
        if isinstance(found, Table) and isinstance(node.children, dict):
            for name, child in node.children.items():
                found[name] = self.data(child, found, name)
        elif isinstance(found, Row) and isinstance(node.children, list):
            for index, child in enumerate(node.children):
                found.append(self.data(child, found, index))

    @staticmethod
    def _tracked(node: Node) -> Any:
        data = node.data
        if isinstance(data, bool) or data is None:
            return data
        kinds = {str: Text, int: Whole, float: Real}
        if isinstance(data, dict):
            return Table()
        return Row() if isinstance(data, list) else kinds[type(data)](data)


def path_of(value: Any) -> str:
    """Return the path of a value among the values, such as `workers[0].image`, or an empty string."""
    steps: list[str] = []
    while isinstance(value, _Tracked) and value._parent is not None:
        key = value._key
        steps.append(f"[{key}]" if isinstance(key, int) else f".{key}")
        value = value._parent
    return "".join(reversed(steps)).lstrip(".")


def number_of(value: Any) -> int | None:
    """Return the number of a value that is one of the values as it is, or None."""
    return value._number if isinstance(value, _Tracked) else None


def json_data(value: Any, depth: int = 0) -> Any:
    """Return what an expression yields as JSON data.

    Raises TemplateError for anything else, and UndefinedError for a value that is undefined.
    """
    if isinstance(value, Undefined):
        str(value)
    if depth > _MOST_DEPTH:
        raise TemplateError(f"the value has more than {_MOST_DEPTH} levels of nesting")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, (int, float)):
        return _number(value)
    if isinstance(value, Mapping):
        return {_key(name): json_data(item, depth + 1) for name, item in value.items()}
    if is_sequence(value):
        return [json_data(item, depth + 1) for item in value]
    if callable(value):
        raise TemplateError("the expression yields a function, not a value", "Call it with ().")
    raise TemplateError("the expression yields no string, number, boolean, list or mapping")


def is_sequence(value: Any) -> bool:
    """Whether a value is a list, or something that Jinja2 computes lists with."""
    return isinstance(value, (list, tuple, range, Iterator, KeysView, ValuesView, ItemsView))


def _string(value: str) -> str:
    if SURROGATE.search(value):
        raise TemplateError("the string contains an unpaired surrogate, which is not a character")
    # A copy: of a subclass, JSON would need its own kind of string.
    return str.__str__(value)


def _number(value: float) -> int | float:
    try:
        number = as_json(value)
    except ValueError:
        number = None
    if not isinstance(number, (int, float)) or not -_INT64 <= number < 2 * _INT64:
        raise TemplateError("the number is out of range: it must fit into 64 bits")
    return number


def _key(name: Any) -> str:
    try:
        return key_text(json_data(name))
    except ValueError as error:
        raise TemplateError(f"the key of a mapping is invalid: {error}") from error


def text_of(value: Any) -> str:
    """Return a value as text within other text. Raises TemplateError for a list or a mapping."""
    data = json_data(value)
    text = text_of_scalar(data)
    if text is not None:
        return text
    kind = "mapping" if isinstance(data, dict) else "list"
    hint = "Insert it as a whole value, or convert it with the filter to_json."
    raise TemplateError(f"a {kind} cannot be a part of a text", hint)


def joined(values: Iterable[Any], separator: Any = "") -> str:
    """Return values joined to one text."""
    return text_of(separator).join(text_of(each) for each in values)
