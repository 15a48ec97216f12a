"""The assignments of --set: KEY=VALUE, where KEY is a path of keys with dots between them."""

from __future__ import annotations

import re
from typing import NamedTuple

from jobsetgen.diagnostics import Place
from jobsetgen.source.documents import Node, mapping_node, sequence_node
from jobsetgen.source.loader import load
from jobsetgen.source.scalars import as_json, resolve
from jobsetgen.stop import FlagError

FLAG = "--set"
MOST_KEYS = 50

_KEY = re.compile(r"(?:\\.|[^.\\])+")
_HELM_INDEX = re.compile(r"\[([0-9]+)\]")
_ESCAPE = re.compile(r"\\(.)")


class Assignment(NamedTuple):
    """A value for the key at a path; `text` is what was written."""

    text: str
    path: tuple[str, ...]
    value: Node

    def applied(self, root: Node) -> Node:
        """Return values with this one set.

        A key that is missing is added; a number is the index of an item if it stands for a list.
        Raises FlagError for an item that the list does not have.
        """
        return self._set(root, 0)

    def _set(self, node: Node | None, depth: int) -> Node:
        if depth == len(self.path):
            return self.value
        step = self.path[depth]
        if node is not None and isinstance(node.data, list):
            return self._set_item(node, step, depth)

        place = self.value.place
        # A scalar gives way to a mapping.
        mapping = node if node is not None and isinstance(node.children, dict) else None
        below = _entries(mapping)
        children = dict(below)
        changed = self._set(below.get(step), depth + 1)
        if changed.data is None and step in below:
            del children[step]
        else:
            children[step] = changed
        keys = mapping.keys if mapping else {}
        return mapping_node(children, mapping.place if mapping else place, {**keys, step: place})

    def _set_item(self, node: Node, step: str, depth: int) -> Node:
        assert isinstance(node.children, list)
        items = list(node.children)
        index = int(step) if re.fullmatch("[0-9]{1,9}", step) else len(items)
        if index >= len(items):
            where = ".".join(self.path[:depth])
            message = f"{FLAG} {self.text}: the list '{where}' has no item {step}"
            raise FlagError(f"{message}; it has {len(items):,}, and the first is 0")
        items[index] = self._set(items[index], depth + 1)
        return sequence_node(items, node.place)


def _entries(mapping: Node | None) -> dict[str, Node]:
    """Return the entries of a mapping, none if there is none."""
    return mapping.children if mapping and isinstance(mapping.children, dict) else {}


def assignment(text: str) -> Assignment:
    r"""Return an assignment that is written as KEY=VALUE.

    The keys of the path have dots between them; `\.` is a dot in a key. The value is a YAML scalar:
    `4` is a number, `"4"` a string, and nothing is the empty string. Raises ValueError.
    """
    key, equals, value = text.partition("=")
    if not equals:
        raise ValueError(f"'{text}' has no value; write KEY=VALUE")
    steps = _KEY.findall(key)
    if _HELM_INDEX.search(key):
        written = _HELM_INDEX.sub(r".\1", key)
        raise ValueError(f"'{key}' has an index in brackets; write {written}")
    if not steps or len(_KEY.sub("", key)) != len(steps) - 1:
        raise ValueError(f"'{key}' is not a path of keys, such as image.tag")
    if len(steps) > MOST_KEYS:
        raise ValueError(f"the path has {len(steps):,} keys; at most {MOST_KEYS} are allowed")
    path = tuple(_ESCAPE.sub(r"\1", step) for step in steps)
    place = Place(FLAG, end_column=1 + len(value))
    return Assignment(text=text, path=path, value=Node(scalar_of(value), place))


def escaped(key: str) -> str:
    """Return a key as a step of a path is written."""
    return re.sub(r"[\\.]", r"\\\g<0>", key)


def scalar_of(text: str) -> object:
    """Return the value of a YAML scalar. Raises ValueError."""
    text = text.strip(" ")
    if not text:
        return ""
    if text[0] not in "\"'":
        return as_json(resolve(text))
    documents, diagnostics = load(FLAG, text.encode("utf-8", "surrogateescape"))
    if diagnostics or len(documents) != 1 or not isinstance(documents[0].data, str):
        raise ValueError(f"invalid quoted string {text}")
    return documents[0].data
