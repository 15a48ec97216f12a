"""Patterns that Python's re could search for too long: programs, run in linear time.

A program is a pattern that the compiler has compiled: instructions over characters (contract). All
ways to match are followed at once, as in Pike's machine: the state of a search is the set of those
instructions that have just taken a character, as bits. Where a state leads to by a character is
kept in the state, so that most of a search is one look-up a character.
"""

from __future__ import annotations

import functools
import operator
import re
from bisect import bisect_right
from collections.abc import Iterator

from .contract import Program

# States, and steps of eight instructions, that a matcher keeps before it drops all of them.
STATES = 4000
STEPS = 10_000

# Kinds of characters, by what they are to the places beside them.
_EDGE, _NEWLINE, _WORD, _OTHER = range(4)
_WORDS = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz")
_PLACES = "AzbB^$"
_SURROGATES = re.compile("[\ud800-\udfff]")


def searchable(text: str) -> str:
    """Return a text as Go has it: half a surrogate pair is no character there."""
    return _SURROGATES.sub("\ufffd", text)


@functools.lru_cache(maxsize=256)
def _matcher(classes: tuple[str, ...], code: str) -> Matcher:
    """Return the matcher of a program. It keeps what it has found out for the next search."""
    return Matcher(classes, code)


def is_found(program: Program, text: str) -> bool:
    """Whether a program matches anywhere in a text."""
    if program["literal"] not in text:
        return False
    return _matcher(tuple(program["classes"]), program["code"]).search(text)


def strays(program: Program) -> Iterator[str]:
    """Yield the instructions of a program that name a class or an instruction that it has not."""
    instructions = program["code"].split()
    for instruction in instructions:
        kind, number = _instruction(instruction)
        most = len(instructions) if kind else len(program["classes"]) - 1
        if number > most:
            yield instruction


class Matcher:
    """A program, ready to search."""

    def __init__(self, classes: tuple[str, ...], code: str) -> None:
        """Read a program."""
        self._code = [_instruction(text) for text in code.split()]
        self._has_places = any(kind in _PLACES for kind, _ in self._code if kind)
        self._takers = [at for at, (kind, _) in enumerate(self._code) if not kind]
        self._bits = {at: 1 << number for number, at in enumerate(self._takers)}
        self._matched = 1 << len(self._takers)
        self._classes = [_borders(text) for text in classes]
        self._borders = sorted({border for borders in self._classes for border in borders})
        self._masks: dict[int, int] = {}
        self._gaps: dict[tuple[int, int], _Gap] = {}
        self._states: dict[tuple[int, int], _State] = {}
        self._kept = 0
        self.found = _Found()

    def search(self, text: str) -> bool:
        """Whether the program matches anywhere in a text."""
        last: _State = functools.reduce(operator.getitem, text, self._state(0, _EDGE))
        return last is self.found or self._has_matched(last)

    def after(self, state: _State, character: str) -> _State:
        """Return the state that a character leads to."""
        kind = self._kind(character)
        reached = self._reach(state.bits, state.kind, kind)
        if reached & self._matched:
            return self.found
        self._make_room()
        return self._state(reached & self._mask(ord(character)), kind)

    def _has_matched(self, state: _State) -> bool:
        """Whether the program has matched at the end of the text."""
        return bool(self._reach(state.bits, state.kind, _EDGE) & self._matched)

    def _state(self, bits: int, kind: int) -> _State:
        """Return the state of instructions that took a character of a kind."""
        if not self._has_places:
            kind = _OTHER
        key = bits, kind
        if key not in self._states:
            self._states[key] = _State(self, bits, kind)
        return self._states[key]

    def _make_room(self) -> None:
        """Drop the states when there are too many, or too many characters that lead to them."""
        self._kept += 1
        if self._kept <= STATES:
            return
        for state in self._states.values():
            state.clear()
        self._states.clear()
        self._kept = 0

    def _kind(self, character: str) -> int:
        """Return the kind of a character, if a place of the program asks for it."""
        if not self._has_places:
            return _OTHER
        if character == "\n":
            return _NEWLINE
        return _WORD if character in _WORDS else _OTHER

    # --- Which instructions take a character ------------------------------------------------------
    def _mask(self, character: int) -> int:
        """Return the instructions whose class has a character."""
        interval = bisect_right(self._borders, character)
        if interval not in self._masks:
            self._masks[interval] = self._takers_of(character)
        return self._masks[interval]

    def _takers_of(self, character: int) -> int:
        """Find out the instructions whose class has a character."""
        # An odd number of borders is behind what is in a class.
        has = [bisect_right(borders, character) % 2 for borders in self._classes]
        mask = 0
        for at, bit in self._bits.items():
            if has[self._code[at][1]]:
                mask |= bit
        return mask

    # --- Which instructions are reached without a character ---------------------------------------
    def _reach(self, bits: int, before: int, after: int) -> int:
        """Return what is reached between two kinds of characters.

        It is reached from the begin of the program, and from behind what has taken the first
        character.
        """
        if not self._has_places:
            before = after = _OTHER
        if (before, after) not in self._gaps:
            self._gaps[before, after] = self._gap(before, after)
        return self._gaps[before, after].reached(bits)

    def _gap(self, before: int, after: int) -> _Gap:
        """Return where every instruction leads to between two kinds of characters."""
        first = self._closure(0, before, after)
        return _Gap(first, [self._closure(at + 1, before, after) for at in self._takers])

    def _closure(self, start: int, before: int, after: int) -> int:
        """Follow the jumps from one instruction, and return which characters they lead to."""
        reached = 0
        seen: set[int] = set()
        waiting = [start]
        while waiting:
            at = waiting.pop()
            if at in seen:
                continue
            seen.add(at)
            if at == len(self._code):
                reached |= self._matched
                continue
            kind, number = self._code[at]
            if not kind:
                reached |= self._bits[at]
            elif kind == ">":
                waiting.append(number)
            elif kind == "|":
                waiting += (at + 1, number)
            elif _is_at(kind, before, after):
                waiting.append(at + 1)
        return reached


class _Gap:
    """Where each instruction that has taken a character leads to, between two kinds of them."""

    def __init__(self, first: int, following: list[int]) -> None:
        """Take what is reached from the begin, and from behind each instruction."""
        self._first = first
        self._following = following
        self._width = len(following) // 8 + 1
        self._steps: dict[tuple[int, int], int] = {}
        # Most instructions lead to the next one alone: these need no look-up.
        nexts = (1 << at for at, reached in enumerate(following) if reached == 2 << at)
        self._to_next = functools.reduce(operator.or_, nexts, 0)

    def reached(self, bits: int) -> int:
        """Return what is reached from the begin and from some instructions, eight at a time."""
        to_next = bits & self._to_next
        reached = self._first | to_next << 1
        bits ^= to_next
        if not bits:
            return reached
        for step in enumerate(bits.to_bytes(self._width, "little")):
            if step[1]:
                reached |= self._steps.get(step) or self._step(step)
        return reached

    def _step(self, step: tuple[int, int]) -> int:
        """Return what eight instructions reach, of which a byte says whether they count."""
        at, byte = step
        reached = 0
        for number, following in enumerate(self._following[at * 8 : at * 8 + 8]):
            if byte >> number & 1:
                reached |= following
        if len(self._steps) == STEPS:
            self._steps.clear()
        self._steps[step] = reached
        return reached


class _State(dict[str, "_State"]):
    """A state of a search, and those that characters lead to from it, as far as they are known."""

    def __init__(self, owner: Matcher, bits: int, kind: int) -> None:
        """Know nothing yet of where characters lead to."""
        super().__init__()
        self.owner = owner
        self.bits = bits
        self.kind = kind

    def __missing__(self, character: str) -> _State:
        """Return the state that a character leads to, and keep it."""
        following = self.owner.after(self, character)
        self[character] = following
        return following


class _Found(_State):
    """The state of a search that has matched."""

    def __init__(self) -> None:
        """Be empty for ever."""
        dict.__init__(self)

    def __missing__(self, character: str) -> _State:
        """Return itself: nothing undoes a match."""
        return self


def _is_at(place: str, before: int, after: int) -> bool:
    """Whether a place is between two kinds of characters."""
    if place in "A^":
        return before <= (_EDGE if place == "A" else _NEWLINE)
    if place in "z$":
        return after <= (_EDGE if place == "z" else _NEWLINE)
    is_border = (before == _WORD) != (after == _WORD)
    return is_border == (place == "b")


def _instruction(text: str) -> tuple[str, int]:
    """Return the kind of an instruction and its number; what takes a character has no kind."""
    if text.isdigit():
        return "", int(text)
    return text[0], int(text[1:] or 0)


def _borders(text: str) -> list[int]:
    """Return where the ranges of a class begin, and where they are over."""
    borders = []
    for pair in text.split():
        low, _, high = pair.partition("-")
        borders += [int(low, 16), int(high or low, 16) + 1]
    return borders
