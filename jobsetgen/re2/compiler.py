"""Compile a pattern to a program for the restart-watcher, which runs it without backtracking.

A program is data of three parts:

- `literal`: a text that is in everything that matches, or "".
- `classes`: sets of characters as ranges of hexadecimal code points, such as `30-39 5f`.
- `code`: instructions, numbered from 0. `3` takes a character of class 3; `>7` goes on at 7; `|7`
  goes on at the next instruction and at 7; a letter or sign is a place (tree.Place). Behind the
  last instruction the pattern has matched.
"""

from __future__ import annotations

from typing import Any

from jobsetgen.re2.characters import Ranges
from jobsetgen.re2.error import TooLargeError
from jobsetgen.re2.tree import Characters, Group, Node, Place, Repeat

MOST_INSTRUCTIONS = 4000
MOST_RANGES = 10_000
_LITERAL = 64
_SURROGATES = range(0xD800, 0xE000)


def program(pattern: Group) -> dict[str, Any]:
    """Return the program of a pattern. Raises TooLargeError where it is too large."""
    compiler = _Compiler()
    compiler.group(pattern)
    return {
        "literal": literal(pattern),
        "classes": [_hexadecimal(members) for members in compiler.classes],
        "code": " ".join(compiler.code),
    }


class _Compiler:
    """Writes instructions; a jump forward is reserved first, and written when its end is known."""

    def __init__(self) -> None:
        self.code: list[str] = []
        self.classes: dict[Ranges, int] = {}
        self.ranges = 0

    def group(self, group: Group) -> None:
        """Write alternatives."""
        *others, last = group.branches
        ends = []
        for branch in others:
            split = self.write("")
            self.sequence(branch)
            ends.append(self.write(""))
            self.code[split] = f"|{len(self.code)}"
        self.sequence(last)
        for end in ends:
            self.code[end] = f">{len(self.code)}"

    def sequence(self, branch: tuple[Node, ...]) -> None:
        """Write parts in a row."""
        for node in branch:
            self.node(node)

    def node(self, node: Node) -> None:
        """Write a part."""
        if isinstance(node, Characters):
            self.write(str(self.number_of(node.members)))
        elif isinstance(node, Place):
            self.write(node.kind)
        elif isinstance(node, Group):
            self.group(node)
        else:
            self.repeat(node)

    def repeat(self, repeat: Repeat) -> None:
        """Write a part as often as it is repeated."""
        start = len(self.code)
        for _ in range(repeat.least):
            start = len(self.code)
            self.node(repeat.item)
        if repeat.most is not None:
            self.options(repeat.item, repeat.most - repeat.least)
        elif repeat.least:
            self.write(f"|{start}")
        else:
            split = self.write("")
            self.node(repeat.item)
            self.write(f">{split}")
            self.code[split] = f"|{len(self.code)}"

    def options(self, item: Node, count: int) -> None:
        """Write a part that may come so many times more; each time needs the one before."""
        splits = []
        for _ in range(count):
            splits.append(self.write(""))
            self.node(item)
        for split in splits:
            self.code[split] = f"|{len(self.code)}"

    def write(self, instruction: str) -> int:
        """Write an instruction and return its number."""
        if len(self.code) == MOST_INSTRUCTIONS:
            raise TooLargeError(
                f"with its repetitions written out, it has more than {MOST_INSTRUCTIONS:,}"
                " instructions"
            )
        self.code.append(instruction)
        return len(self.code) - 1

    def number_of(self, members: Ranges) -> int:
        """Return the number of a class."""
        if members not in self.classes:
            self.ranges += len(members)
            self.classes[members] = len(self.classes)
        if self.ranges > MOST_RANGES:
            raise TooLargeError(f"its classes have more than {MOST_RANGES:,} ranges of characters")
        return self.classes[members]


def _hexadecimal(members: Ranges) -> str:
    pairs = (f"{low:x}" if low == high else f"{low:x}-{high:x}" for low, high in members)
    return " ".join(pairs)


# --- What every match contains --------------------------------------------------------------------
def literal(pattern: Group) -> str:
    """Return the longest text that is known to be in everything that matches."""
    return _required(pattern)[1][:_LITERAL]


def _required(node: Node) -> tuple[str | None, str]:
    """Return the only text that a part matches, or None; and the longest that is in every match."""
    if isinstance(node, Characters):
        return _of_characters(node.members)
    if isinstance(node, Place):
        return "", ""
    if isinstance(node, Group):
        return _of_branch(node.branches[0]) if len(node.branches) == 1 else (None, "")
    if not node.least:
        return None, ""
    only, longest = _required(node.item)
    if only is None:
        return None, longest
    if node.least == node.most:
        only *= node.least
        return only, only
    return None, only * node.least


def _of_characters(members: Ranges) -> tuple[str | None, str]:
    """Return the text of a class of one character. No text contains half a surrogate pair."""
    if len(members) != 1:
        return None, ""
    low, high = members[0]
    if low != high or low in _SURROGATES:
        return None, ""
    return chr(low), chr(low)


def _of_branch(branch: tuple[Node, ...]) -> tuple[str | None, str]:
    """Return what `_required` does for parts in a row."""
    is_only = True
    run = ""
    longest = ""
    for node in branch:
        only, inner = _required(node)
        if only is None:
            is_only = False
            run = ""
        else:
            run += only
        longest = max(longest, run, inner, key=len)
    return run if is_only else None, longest
