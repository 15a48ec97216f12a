"""Patterns that match whole names, in time linear in the name's length.

A pattern is compiled to a program (re2.compiler). All ways to match are followed at once, and what
a character leads to is kept for the next name, so that no pattern can take exponentially long.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Any

from jobsetgen import re2

_LITERAL = re.compile(r"[A-Za-z0-9_/-]*\Z")
_WORD = re.compile(r"\w", re.ASCII)
# Names in Kubernetes have at most 253 characters; nothing longer matches a pattern.
_LONGEST_NAME = 253


class Pattern:
    """A pattern in RE2's syntax, ready to match whole texts.

    Raises re2.PatternError for invalid syntax, and re2.TooLargeError for a pattern that is too
    large. `work` is how many instructions have been followed so far.
    """

    def __init__(self, text: str) -> None:
        """Compile a pattern; most are plain names, and need no program."""
        self.literal = text if _LITERAL.match(text) else None
        self.work = 0
        self._known: dict[str, bool] = {}
        self._steps: dict[tuple[frozenset[int], str, str], frozenset[int]] = {}
        if self.literal is None:
            program: dict[str, Any] = re2.program(text)
            self._code = program["code"].split()
            self._classes = [_borders(ranges) for ranges in program["classes"]]

    def matches(self, text: str) -> bool:
        """Whether the whole text matches."""
        if self.literal is not None:
            return text == self.literal
        if text not in self._known:
            self._known[text] = len(text) <= _LONGEST_NAME and self._search(text)
        return self._known[text]

    def _search(self, text: str) -> bool:
        """Follow all ways to match."""
        states = frozenset([0])
        before = ""
        for character in text:
            states = self._after(states, before, character)
            before = character
        return len(self._code) in self._reached(states, before, "")

    def _after(self, states: frozenset[int], before: str, character: str) -> frozenset[int]:
        """Return the instructions behind those that take a character."""
        step = states, before, character
        if step not in self._steps:
            reached = self._reached(states, before, character)
            self.work += len(reached)
            self._steps[step] = frozenset(at + 1 for at in reached if self._takes(at, character))
        return self._steps[step]

    def _takes(self, at: int, character: str) -> bool:
        instruction = self._code[at] if at < len(self._code) else ""
        if not instruction.isdigit():
            return False
        # An odd number of borders is behind what is in a class.
        return bisect_right(self._classes[int(instruction)], ord(character)) % 2 == 1

    def _reached(self, states: frozenset[int], before: str, after: str) -> set[int]:
        """Return the instructions that are reached between two characters, or at an end."""
        seen: set[int] = set()
        waiting = list(states)
        while waiting:
            at = waiting.pop()
            if at in seen:
                continue
            seen.add(at)
            instruction = self._code[at] if at < len(self._code) else ""
            if instruction.startswith(">"):
                waiting.append(int(instruction[1:]))
            elif instruction.startswith("|"):
                waiting += (at + 1, int(instruction[1:]))
            elif instruction and not instruction.isdigit() and _is_at(instruction, before, after):
                waiting.append(at + 1)
        return seen


def _is_at(place: str, before: str, after: str) -> bool:
    """Whether a place (re2.tree.Place) is between two characters; "" is an end of the text."""
    if place in "A^":
        return not before or (place == "^" and before == "\n")
    if place in "z$":
        return not after or (place == "$" and after == "\n")
    is_border = bool(_WORD.match(before)) != bool(_WORD.match(after))
    return is_border == (place == "b")


def _borders(ranges: str) -> list[int]:
    """Return where the ranges of a class begin, and where they are over."""
    borders = []
    for pair in ranges.split():
        low, _, high = pair.partition("-")
        borders += [int(low, 16), int(high or low, 16) + 1]
    return borders
