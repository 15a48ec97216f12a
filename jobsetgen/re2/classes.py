r"""Read RE2's escapes and bracket classes."""

from __future__ import annotations

import re

from jobsetgen.re2.characters import (
    PERL,
    POSIX,
    Ranges,
    folded,
    negated,
    unicode_class,
    united,
)
from jobsetgen.re2.error import PatternError

_HEX = re.compile(r"x(?:[0-9A-Fa-f]{2}|\{([0-9A-Fa-f]+)\})")
_OCTAL = re.compile(r"0[0-7]{0,2}|[1-7][0-7]{1,2}")
_PROPERTY = re.compile(r"([pP])(?:\{(\^?)([^}]*)\}|(.))", re.DOTALL)
_POSIX = re.compile(r"\[:(\^?)(.*?):\]", re.DOTALL)
_CHARACTERS = {"a": "\a", "f": "\f", "t": "\t", "n": "\n", "r": "\r", "v": "\v"}


class ClassReader:
    """Reads a pattern from left to right; `here` is the current position."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.here = 0

    @property
    def ignores_case(self) -> bool:
        """Whether the flag i is on at the current position."""
        return False

    def error(self, reason: str, at: int | None = None) -> PatternError:
        """Return an error with its position, by default the current one."""
        return PatternError(f"{reason}, at character {(self.here if at is None else at) + 1}")

    def peek(self, length: int = 1) -> str:
        """Return the next characters without consuming them."""
        return self.pattern[self.here : self.here + length]

    def take(self, expression: re.Pattern[str]) -> re.Match[str] | None:
        """Consume and return a match at the current position, or return None."""
        found = expression.match(self.pattern, self.here)
        if found:
            self.here = found.end()
        return found

    def folded(self, members: Ranges) -> Ranges:
        """Return characters, under the flag i with those that differ only in their case."""
        return folded(members) if self.ignores_case else members

    def cased(self, low: str, high: str) -> Ranges:
        """Return the characters from one to another, under the flag i in every case."""
        return self.folded(((ord(low), ord(high)),))

    def escaped(self, start: int) -> str | Ranges:
        """Read an escape after the backslash: a character, or a set of characters."""
        character = self.peek()
        if character.lower() in PERL:
            self.here += 1
            members = self.folded(PERL[character.lower()])
            return members if character.islower() else negated(members)
        if found := self.take(_PROPERTY):
            return self._property(found, start)

        if found := self.take(_HEX):
            code = int(found[1] or found[0][1:], 16)
            if code <= 0x10FFFF:
                return chr(code)
        elif found := self.take(_OCTAL):
            return chr(int(found[0], 8))
        elif character in _CHARACTERS:
            self.here += 1
            return _CHARACTERS[character]
        elif character and character.isascii() and not character.isalnum():
            self.here += 1
            return character

        # Not an escape, or not a valid code point.
        what = "back-reference" if character.isdigit() else "escape"
        raise self.error(f"RE2 has no {what} \\{character}", start)

    def _property(self, found: re.Match[str], start: int) -> Ranges:
        members = unicode_class(found[3] if found[4] is None else found[4])
        if members is None:
            raise self.error(f"RE2 has no character class \\{found[0]}", start)
        members = self.folded(members)
        return negated(members) if (found[1] == "P") != bool(found[2]) else members

    def character_class(self) -> Ranges:
        """Read a bracket class and return its characters."""
        start = self.here
        inverted = self.peek(2) == "[^"
        self.here += 2 if inverted else 1
        sets: list[Ranges] = []
        first = True
        while first or self.peek() != "]":
            first = False
            sets.append(self._posix_class() or self._characters(start))
        self.here += 1
        members = united(tuple(sets))
        return negated(members) if inverted else members

    def _posix_class(self) -> Ranges:
        start = self.here
        found = self.take(_POSIX)
        if not found:
            return ()
        if found[2] not in POSIX:
            raise self.error("unknown character class", start)
        members = self.folded(POSIX[found[2]])
        return negated(members) if found[1] else members

    def _characters(self, start: int) -> Ranges:
        """Read a character, a character range, or an escaped set.

        The class begins at `start`.
        """
        low_at = self.here
        low = self._class_character(start)
        if not isinstance(low, str):
            return low

        high: str | Ranges = low
        # After a set of characters and before the end, a dash is literal.
        if self.peek() == "-" and self.peek(2) not in ("-]", "-"):
            self.here += 1
            high = self._class_character(start)

        if not isinstance(high, str) or high < low:
            raise self.error("invalid character range", low_at)
        return self.cased(low, high)

    def _class_character(self, start: int) -> str | Ranges:
        character = self.peek()
        if not character:
            raise self.error("the character class is not closed", start)
        self.here += 1
        return self.escaped(self.here - 1) if character == "\\" else character
