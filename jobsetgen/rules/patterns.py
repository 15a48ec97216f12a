r"""Regular expressions in the syntax of RE2, as Go's regexp package takes it: a parser that tells what is wrong.

Python's own parser cannot judge: it takes what RE2 refuses (look-around, back-references, repetitions over 1000) and
refuses what RE2 takes (`\z`, `\pL`, `\Q...\E`, `\x{...}`, `(?U)`).
"""

from __future__ import annotations

import re

_MAX_REPEAT = 1000
_REPEAT = re.compile(r"\{(\d+)(?:(,)(\d*))?\}")
_FLAGS = re.compile(r"\(\?([imsU]*)(-[imsU]+)?([:)])")
_NAMED = re.compile(r"\(\?P?<(\w+)>", re.ASCII)
_HEX = re.compile(r"x(?:[0-9A-Fa-f]{2}|\{([0-9A-Fa-f]{1,6})\})")
_OCTAL = re.compile(r"0[0-7]{0,2}|[1-7][0-7]{1,2}")
_PROPERTY = re.compile(r"[pP](?:[LMNPSZC]|\{\^?(?:[LMNPSZC][a-z]?|Any|[A-Z][a-zA-Z_]{2,})\})")
_POSIX = re.compile(r"\[:\^?(alnum|alpha|ascii|blank|cntrl|digit|graph|lower|print|punct|space|upper|word|xdigit):\]")
_SETS = frozenset("dDsSwW")
_CHARACTERS = {"a": "\a", "f": "\f", "t": "\t", "n": "\n", "r": "\r", "v": "\v"}
_PLACES = frozenset("AbBz")


class PatternError(ValueError):
    """What is wrong with a pattern; the text names the character where it is."""


def parse(pattern: str) -> None:
    """Check a pattern from its first to its last character.

    Raises PatternError where Go's regexp.Compile would return an error.
    """
    parser = _Parser(pattern)
    parser.alternatives()
    if parser.here < len(pattern):
        raise parser.error("a ')' closes no group")


class _Parser:
    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.here = 0

    def error(self, reason: str, at: int | None = None) -> PatternError:
        return PatternError(f"{reason}, at character {(self.here if at is None else at) + 1}")

    def peek(self, length: int = 1) -> str:
        return self.pattern[self.here : self.here + length]

    def take(self, expression: re.Pattern[str]) -> re.Match[str] | None:
        found = expression.match(self.pattern, self.here)
        if found:
            self.here = found.end()
        return found

    def alternatives(self) -> int:
        """Read alternatives up to a closing parenthesis or the end; return the largest product of repetitions."""
        most = self.sequence()
        while self.peek() == "|":
            self.here += 1
            most = max(most, self.sequence())
        return most

    def sequence(self) -> int:
        most, product, repeatable, repeated = 1, 1, False, False
        while self.here < len(self.pattern) and self.peek() not in "|)":
            start = self.here
            times = self.repetition()
            if times is None:
                repeated = False
                inner = self.atom()
                # A change of flags is nothing that could be repeated.
                repeatable, product = (True, inner) if inner else (repeatable, product)
            elif not repeatable:
                raise self.error("nothing stands before the repetition", start)
            elif repeated:
                raise self.error("a repetition cannot be repeated", start)
            else:
                repeated = True
                product *= times
            if product > _MAX_REPEAT:
                raise self.error(f"more than {_MAX_REPEAT} repetitions", start)
            most = max(most, product)
        return most

    def repetition(self) -> int | None:
        """Read a repetition, if one stands here, and return how often it repeats (1 for an open end)."""
        start = self.here
        if self.peek() in ("*", "+", "?"):
            self.here += 1
            times = 1
        elif found := self.take(_REPEAT):
            least = int(found[1])
            most = int(found[3]) if found[3] else least
            if max(least, most) > _MAX_REPEAT:
                raise self.error(f"more than {_MAX_REPEAT} repetitions", start)
            if most < least:
                raise self.error("the repetition ends before it begins", start)
            times = max(most, 1)
        else:
            return None
        if self.peek() == "?":
            self.here += 1
        return times

    def atom(self) -> int:
        """Read one thing that can be repeated; return its product of repetitions, or 0 for a change of flags."""
        character = self.peek()
        if character == "(":
            return self.group()
        if character == "[":
            self.character_class()
        elif character == "\\":
            self.escape()
        else:
            self.here += 1
        return 1

    def group(self) -> int:
        start = self.here
        if self.peek(2) != "(?":
            self.here += 1
        elif self.take(_NAMED):
            pass
        elif found := self.take(_FLAGS):
            if found[3] == ")":
                return 0
        else:
            raise self.error(_why_not_group(self.pattern[start + 2 :]), start)
        product = self.alternatives()
        if self.peek() != ")":
            raise self.error("the group is not closed", start)
        self.here += 1
        return product

    def escape(self) -> None:
        start = self.here
        self.here += 1
        character = self.peek()
        if not character:
            raise self.error("a backslash ends the pattern", start)
        if character == "Q":
            end = self.pattern.find("\\E", self.here)
            self.here = len(self.pattern) if end < 0 else end + 2
        elif character in _PLACES:
            self.here += 1
        else:
            self.escaped(start)

    def escaped(self, start: int) -> str | None:
        """Read what stands behind a backslash; return the character that it means, or None for a set of them."""
        character = self.peek()
        if character in _SETS:
            self.here += 1
            return None
        if self.take(_PROPERTY):
            return None
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
        what = "a back-reference, which RE2 does not have" if character.isdigit() else "no escape of RE2"
        raise self.error(f"\\{character} is {what}", start)

    def character_class(self) -> None:
        start = self.here
        self.here += 2 if self.peek(2) == "[^" else 1
        first = True
        while first or self.peek() != "]":
            first = False
            low_at = self.here
            low = self.class_item(start)
            # Behind a set of characters, and before the end, a dash is a dash.
            if low is not None and self.peek() == "-" and self.peek(2) not in ("-]", "-"):
                self.here += 1
                high = self.class_item(start)
                if high is None or high < low:
                    raise self.error("a range of characters ends before it begins", low_at)
        self.here += 1

    def class_item(self, start: int) -> str | None:
        if self.here >= len(self.pattern):
            raise self.error("the character class is not closed", start)
        if self.take(_POSIX):
            return None
        if self.peek(2) == "[:" and ":]" in self.pattern[self.here :]:
            raise self.error("there is no such class of characters")
        character = self.peek()
        self.here += 1
        return self.escaped(self.here - 1) if character == "\\" else character


def _why_not_group(rest: str) -> str:
    if rest[:1] in ("=", "!") or rest[:2] in ("<=", "<!"):
        return "RE2 has no look-around"
    if rest[:1] == ">":
        return "RE2 has no atomic groups"
    return "this is no group of RE2"
