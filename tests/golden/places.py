"""Where a line of YAML or JSON stands, read from the indentation of the lines above it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_LIST_ITEM = re.compile(r"( *)- ")
_OBJECT = re.compile(r"( *)[{\[]$")
_OPENING_KEY = re.compile(r'( *(?:- )?)"?([^\s":][^":]*)"?:(?: [|>][-+]?| [{\[])?$')


class Node(NamedTuple):
    """Something that lines below may stand under: a key or, without one, an item of a list.

    An item has an odd depth: it lies below its list's key, which has the same indentation, and above its
    own keys.
    """

    depth: int
    key: str | None


def place(lines: Sequence[str], number: int) -> str:
    """Return the keys and indices that a line stands under, such as `spec.containers[0]`."""
    steps: list[str] = []
    depth = _depth(lines, number)
    for above in range(number - 1, -1, -1):
        for node in reversed(list(_nodes(lines, above))):
            if node.depth < depth:
                depth = node.depth
                steps.append(f".{node.key}" if node.key else f"[{_index(lines, above, depth)}]")
    return "".join(reversed(steps)).removeprefix(".")


def _nodes(lines: Sequence[str], number: int) -> Iterator[Node]:
    """Yield what a line opens: an item, a key, or an item that begins with a key."""
    item = _item(lines, number)
    if item:
        yield Node(2 * len(item[1]) + 1, None)
    key = _OPENING_KEY.match(lines[number])
    if key:
        yield Node(2 * len(key[1]), key[2])


def _item(lines: Sequence[str], number: int) -> re.Match[str] | None:
    """Return a match with the indentation of an item of a list, if a line begins one.

    An object of JSON is an item where something of a list stands before it.
    """
    line = lines[number]
    before = lines[number - 1] if number else ""
    if before.endswith(("[", ",")):
        return _LIST_ITEM.match(line) or _OBJECT.match(line)
    return _LIST_ITEM.match(line)


def _depth(lines: Sequence[str], number: int) -> int:
    """Return how deep a line itself stands."""
    line = lines[number]
    indentation = 2 * (len(line) - len(line.lstrip(" ")))
    return indentation + 1 if _item(lines, number) else indentation


def _index(lines: Sequence[str], number: int, depth: int) -> int:
    """Return the number of items before the one on a line, in the same list."""
    count = 0
    for above in range(number - 1, -1, -1):
        is_end = lines[above].lstrip(" ").startswith(("}", "]"))
        if _depth(lines, above) < depth and not is_end:
            break
        count += Node(depth, None) in _nodes(lines, above)
    return count
