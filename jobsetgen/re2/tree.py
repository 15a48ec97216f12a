"""What a pattern consists of, as data: from this it is judged, translated and compiled."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias, Union

from jobsetgen.re2.characters import Ranges, written
from jobsetgen.re2.error import MOST_CHARACTERS, TooLargeError

Node: TypeAlias = Union["Characters", "Place", "Repeat", "Group"]

# Python's \B does not match an empty text, its $ matches before a final line break, and its \Z is
# RE2's \z.
_PLACES = {
    "A": r"\A",
    "z": r"\Z",
    "^": "(?m:^)",
    "$": "(?m:$)",
    "b": r"\b",
    "B": r"(?!\b)",
}


class Characters(NamedTuple):
    """One character of a set."""

    members: Ranges


class Place(NamedTuple):
    """A place between two characters.

    `kind` is A (begin of the text), z (its end), ^ (begin of a line), $ (its end), b or B.
    """

    kind: str


class Repeat(NamedTuple):
    """A repetition; `most` is None without a limit, and `text` is how it is written."""

    item: Node
    least: int
    most: int | None
    text: str


class Group(NamedTuple):
    """Alternatives, each a sequence; the whole pattern is one, too."""

    branches: tuple[tuple[Node, ...], ...]


def translation(group: Group) -> str:
    """Return the whole of a pattern in the syntax of Python's `re`.

    Raises TooLargeError where its classes make it too long.
    """
    characters = 0
    branches = []
    for branch in group.branches:
        texts = []
        for node in branch:
            text = _text(node)
            characters += len(text)
            if characters > MOST_CHARACTERS:
                raise TooLargeError(
                    f"with its classes written out, it has more than {MOST_CHARACTERS:,} characters"
                )
            texts.append(text)
        branches.append("".join(texts))
    return "|".join(branches)


def _text(node: Node) -> str:
    """Return a part of a pattern in the syntax of Python's `re`."""
    if isinstance(node, Characters):
        return written(node.members)
    if isinstance(node, Place):
        return _PLACES[node.kind]
    if isinstance(node, Group):
        return f"(?:{translation(node)})"
    item = _text(node.item)
    is_whole = isinstance(node.item, Characters | Group)
    return f"{item if is_whole else f'(?:{item})'}{node.text}"
