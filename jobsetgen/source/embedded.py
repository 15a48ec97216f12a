"""Load YAML that stands as text in a value of another file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from jobsetgen.diagnostics import Place
from jobsetgen.source.documents import Document, Node
from jobsetgen.source.loader import Loaded, load

Move = Callable[[Place], Place]


def embedded(node: Node) -> Loaded:
    """Return the documents in a string, and their diagnostics, with places in the string's file.

    A line of a literal block scalar is a line of the file. In any other string, the place of every
    value is that of the string.
    """
    loaded = load(node.place.file, node.data.encode("utf-8", "surrogatepass"))
    move = mover(node)
    return Loaded(
        # The comments of the file itself count, and those in its block scalars are among them.
        [Document(moved(document.root, move, {})) for document in loaded.documents],
        [replace(item, place=move(item.place)) for item in loaded.diagnostics],
    )


def mover(node: Node) -> Move:
    """Return what turns a place in the text of a string into one in the string's file."""
    begin = node.text

    def move(place: Place) -> Place:
        if begin is None:
            return node.place
        right = begin.column - 1
        end = None if place.end_column is None else place.end_column + right
        return Place(begin.file, begin.line + place.line - 1, place.column + right, end)

    return move


def moved(node: Node, move: Move, known: dict[int, Node]) -> Node:
    """Return a copy of a node with other places; `known` has the nodes that aliases share."""
    if id(node) not in known:
        children: dict[str, Node] | list[Node]
        if isinstance(node.children, dict):
            children = {key: moved(child, move, known) for key, child in node.children.items()}
        else:
            children = [moved(child, move, known) for child in node.children]
        keys = {key: move(place) for key, place in node.keys.items()}
        known[id(node)] = Node(node.data, move(node.place), children, keys, node.size)
    return known[id(node)]
