r"""Regular expressions in the syntax of RE2, as Go's regexp package takes it: a parser that tells what is wrong.

Python's own parser cannot judge: it takes what RE2 refuses (look-around, back-references, repetitions over 1000) and
refuses what RE2 takes (`\z`, `\pL`, `\Q...\E`, `\x{...}`, `(?U)`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_MAX_REPEAT = 1000
_MAX_DEPTH = 1000
# A number with a leading zero makes no repetition: the braces and all in them stand for themselves then.
_REPEAT = re.compile(r"\{(0|[1-9][0-9]*)(,(0|[1-9][0-9]*)?)?\}")
_FLAGS = re.compile(r"\(\?([imsU]*)(-[imsU]+)?([:)])")
_NAMED = re.compile(r"\(\?P?<(\w+)>", re.ASCII)
_HEX = re.compile(r"x(?:[0-9A-Fa-f]{2}|\{([0-9A-Fa-f]+)\})")
_OCTAL = re.compile(r"0[0-7]{0,2}|[1-7][0-7]{1,2}")
_PROPERTY = re.compile(r"[pP](?:\{\^?([^}]*)\}|(.))", re.DOTALL)
_POSIX = re.compile(r"\[:\^?(.*?):\]", re.DOTALL)
_POSIX_CLASSES = re.compile("alnum|alpha|ascii|blank|cntrl|digit|graph|lower|print|punct|space|upper|word|xdigit")
_SETS = frozenset("dDsSwW")
_CHARACTERS = {"a": "\a", "f": "\f", "t": "\t", "n": "\n", "r": "\r", "v": "\v"}
_PLACES = frozenset("AbBz")


class PatternError(ValueError):
    """What is wrong with a pattern; the text names the character where it is."""


def parse(pattern: str) -> None:
    """Check a pattern from its first to its last character.

    Raises PatternError where Go's regexp.Compile would return an error, but for an expression too large to compile.
    """
    parser = _Parser(pattern)
    while parser.here < len(pattern):
        parser.step()
    if len(parser.groups) > 1:
        raise parser.error("the group is not closed", parser.group.opened)


@dataclass(slots=True)
class _Group:
    """A group that is being read, or the whole pattern.

    `last` tells how often the thing that was read last is repeated, all repetitions in it counted, or is None where
    there is nothing to repeat; `most` is the largest such number of what stands before.
    """

    opened: int
    most: int = 0
    last: int | None = None
    repeated: bool = False

    def settle(self) -> int:
        """Let nothing that comes repeat what stands here; return the largest number of repetitions."""
        self.most = max(self.most, self.last or 0)
        self.last, self.repeated = None, False
        return self.most

    def add(self, times: int) -> None:
        self.settle()
        self.last = times


class _Parser:
    """Keeps the groups that are open in a list: a pattern can nest them deeper than Python nests calls."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.here = 0
        self.groups = [_Group(0)]

    @property
    def group(self) -> _Group:
        return self.groups[-1]

    def error(self, reason: str, at: int | None = None) -> PatternError:
        return PatternError(f"{reason}, at character {(self.here if at is None else at) + 1}")

    def peek(self, length: int = 1) -> str:
        return self.pattern[self.here : self.here + length]

    def take(self, expression: re.Pattern[str]) -> re.Match[str] | None:
        found = expression.match(self.pattern, self.here)
        if found:
            self.here = found.end()
        return found

    def step(self) -> None:
        """Read the next thing: a parenthesis, a bar, a repetition, or one thing that can be repeated."""
        start, character = self.here, self.peek()
        if character == "(":
            self.open_group()
        elif character == ")":
            self.close_group()
        elif character == "\\":
            self.escape()
        elif character == "[":
            self.character_class()
            self.group.add(1)
        elif (times := self.repetition()) is not None:
            self.repeat(times, start)
        else:
            self.here += 1
            if character == "|":
                self.group.settle()
            else:
                self.group.add(1)

    def repetition(self) -> int | None:
        """Read a repetition, if one stands here, and return how often it repeats (its least for an open end)."""
        start = self.here
        if self.peek() in ("*", "+", "?"):
            self.here += 1
            times = 1
        elif found := self.take(_REPEAT):
            least = int(found[1])
            times = int(found[3]) if found[3] else least
            if max(least, times) > _MAX_REPEAT:
                raise self.error(f"more than {_MAX_REPEAT} repetitions", start)
            if times < least:
                raise self.error("the repetition ends before it begins", start)
            if found[2] == ",":
                times = max(times, 1)
        else:
            return None
        if self.peek() == "?":
            self.here += 1
        return times

    def repeat(self, times: int, start: int) -> None:
        group = self.group
        if group.last is None:
            raise self.error("nothing stands before the repetition", start)
        if group.repeated:
            raise self.error("a repetition cannot be repeated", start)
        group.last *= times
        group.repeated = True
        if group.last > _MAX_REPEAT:
            raise self.error(f"more than {_MAX_REPEAT} repetitions", start)

    def open_group(self) -> None:
        start = self.here
        if self.peek(2) != "(?":
            self.here += 1
        elif found := self.take(_FLAGS):
            if found[3] == ")":
                # A change of flags is no group, and nothing that could be repeated.
                self.group.repeated = False
                return
        elif not self.take(_NAMED):
            raise self.error(_why_not_group(self.pattern[start + 2 :]), start)
        if len(self.groups) == _MAX_DEPTH:
            raise self.error("the groups nest too deeply", start)
        self.groups.append(_Group(start))

    def close_group(self) -> None:
        if len(self.groups) == 1:
            raise self.error("a ')' closes no group")
        self.here += 1
        inner = self.groups.pop()
        self.group.add(inner.settle())

    def escape(self) -> None:
        start = self.here
        self.here += 1
        character = self.peek()
        if not character:
            raise self.error("a backslash ends the pattern", start)
        if character == "Q":
            self.quotation()
            return
        if character in _PLACES:
            self.here += 1
        else:
            self.escaped(start)
        self.group.add(1)

    def quotation(self) -> None:
        start = self.here + 1
        end = self.pattern.find("\\E", start)
        self.here = len(self.pattern) if end < 0 else end + 2
        if self.pattern[start : None if end < 0 else end]:
            self.group.add(1)
        else:
            self.group.repeated = False

    def escaped(self, start: int) -> str | None:
        """Read what stands behind a backslash; return the character that it means, or None for a set of them."""
        character = self.peek()
        if character in _SETS:
            self.here += 1
            return None
        if found := self.take(_PROPERTY):
            if not _is_unicode_class(found[1] if found[2] is None else found[2]):
                raise self.error(f"\\{found[0]} is no class of characters of RE2", start)
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
            if not self.posix_class():
                self.characters(start)
        self.here += 1

    def posix_class(self) -> bool:
        start = self.here
        found = self.take(_POSIX)
        if found and not _POSIX_CLASSES.fullmatch(found[1]):
            raise self.error("there is no such class of characters", start)
        return found is not None

    def characters(self, start: int) -> None:
        """Read a character, a range of them, or an escaped set, in the class that begins at `start`."""
        low_at = self.here
        low = self.class_character(start)
        # Behind a set of characters, and before the end, a dash is a dash.
        if low is not None and self.peek() == "-" and self.peek(2) not in ("-]", "-"):
            self.here += 1
            high = self.class_character(start)
            if high is None or high < low:
                raise self.error("a range of characters ends before it begins", low_at)

    def class_character(self, start: int) -> str | None:
        character = self.peek()
        if not character:
            raise self.error("the character class is not closed", start)
        self.here += 1
        return self.escaped(self.here - 1) if character == "\\" else character


def _is_unicode_class(name: str) -> bool:
    from jobsetgen.re2.unicode_classes import CLASSES  # few patterns have one

    return name.isascii() and re.sub("[_ -]", "", name).lower() in CLASSES


def _why_not_group(rest: str) -> str:
    if rest[:1] in ("=", "!") or rest[:2] in ("<=", "<!"):
        return "RE2 has no look-around"
    if rest[:1] == ">":
        return "RE2 has no atomic groups"
    return "this is no group of RE2"
