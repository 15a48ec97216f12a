r"""Parse regular expressions in RE2's syntax, as in Go, and translate them to Python.

Python's own parser cannot validate them: it accepts what RE2 rejects (look-around, back-references,
repetitions over 1000), rejects what RE2 accepts (`\z`, `\pL`, `\Q...\E`, `\x{...}`, `(?U)`), and
reads some differently (`$`, `{,3}`, `\s`). The pattern is therefore translated to a form with the
same meaning under `re.ASCII`. Only whether it matches counts: groups need not capture, and it does
not matter which of several matches is preferred.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from jobsetgen.re2.characters import written
from jobsetgen.re2.classes import ClassReader

_MAX_REPEAT = 1000
# Go's limit is 1000, but Python's parser is recursive.
_MAX_DEPTH = 100
# A number with a leading zero is not a repetition; the braces and their content are then literal.
_REPEAT = re.compile(r"\{(0|[1-9][0-9]*)(,(0|[1-9][0-9]*)?)?\}")
_FIXED = re.compile(r"\{[0-9]+\}")
_FLAGS = re.compile(r"\(\?([imsU]*)(?:-([imsU]+))?([:)])")
_NAMED = re.compile(r"\(\?P?<(\w+)>", re.ASCII)
# Python's \B does not match an empty text, its $ matches before a final line break, and its \Z is
# RE2's \z.
_PLACES = {"A": r"\A", "b": r"\b", "B": r"(?!\b)", "z": r"\Z"}
_LINE_PLACES = {"^": ("(?m:^)", r"\A"), "$": ("(?m:$)", r"\Z")}


def translate(pattern: str) -> str:
    """Return a pattern for Python's `re` that matches what RE2 matches.

    It needs the flag `re.ASCII`. Raises PatternError where Go's regexp.Compile would return an
    error (but for an expression too large to compile), and where groups nest too deeply for Python.
    """
    return "".join(_parsed(pattern).group.items)


def runs_away(pattern: str) -> bool:
    """Whether Python may need time exponential in the text's length, unlike RE2.

    This is the case if an ambiguous group (with a repetition or a bar in it) is itself repeated:
    each round doubles the ways that a backtracking search tries. Some such patterns do no harm, but
    none is needed to match a message. Raises PatternError like `translate`.
    """
    return _parsed(pattern).runs_away


def _parsed(pattern: str) -> _Parser:
    parser = _Parser(pattern)
    while parser.here < len(pattern):
        parser.step()
    if len(parser.groups) > 1:
        raise parser.error("the group is not closed", parser.group.opened)
    return parser


@dataclass(frozen=True, slots=True)
class _Flags:
    """The flags that `(?ims)` sets."""

    i: bool = False
    m: bool = False
    s: bool = False


@dataclass(slots=True)
class _Group:
    """An open group, or the whole pattern, with its translation so far.

    `last` is the number of repetitions of the last item, including those inside it, or None if
    there is nothing to repeat; `most` is the largest such number of earlier items. `is_whole` says
    whether a repetition can directly follow the last item; `varies` says whether the group is
    ambiguous, and `last_varies` whether the last item is.
    """

    opened: int
    flags: _Flags = _Flags()
    items: list[str] = field(default_factory=list)
    most: int = 0
    last: int | None = None
    repeated: bool = False
    is_whole: bool = True
    varies: bool = False
    last_varies: bool = False

    def settle(self) -> int:
        """End the last item, so that no later repetition applies to it.

        Return the largest number of repetitions.
        """
        self.most = max(self.most, self.last or 0)
        self.last, self.repeated = None, False
        return self.most

    def add(
        self, item: str, times: int = 1, *, is_whole: bool = True, varies: bool = False
    ) -> None:
        self.settle()
        self.last = times
        self.items.append(item)
        self.is_whole, self.last_varies = is_whole, varies
        self.varies = self.varies or varies


class _Parser(ClassReader):
    """Keeps open groups in a list, because a pattern can nest deeper than Python's call stack."""

    def __init__(self, pattern: str) -> None:
        super().__init__(pattern)
        self.groups = [_Group(0)]
        self.runs_away = False

    @property
    def ignores_case(self) -> bool:
        return self.group.flags.i

    @property
    def group(self) -> _Group:
        return self.groups[-1]

    def step(self) -> None:
        """Read the next token: a parenthesis, a bar, a repetition, or an item."""
        start, character = self.here, self.peek()

        if character == "(":
            self.open_group()
        elif character == ")":
            self.close_group()
        elif character == "\\":
            self.escape()
        elif character == "[":
            self.group.add(self.character_class())
        elif (repetition := self.repetition()) is not None:
            self.repeat(*repetition, start)
        else:
            self.here += 1
            self.plain(character)

    def plain(self, character: str) -> None:
        if character == "|":
            self.group.settle()
            self.group.items.append("|")
            self.group.varies = True
        elif character in _LINE_PLACES:
            self.group.add(_LINE_PLACES[character][not self.group.flags.m], is_whole=False)
        elif character == ".":
            self.group.add("(?s:.)" if self.group.flags.s else r"[^\n]")
        else:
            self.literal(character)

    def literal(self, character: str) -> None:
        self.group.add(written(self.cased(character, character)))

    def repetition(self) -> tuple[int, str] | None:
        """Read a repetition at the current position, or return None.

        Return its number of repetitions (the minimum if it has no maximum) and its text.
        """
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
                raise self.error("the maximum of the repetition is below its minimum", start)
            if found[2] == ",":
                times = max(times, 1)
        else:
            return None

        text = self.pattern[start : self.here]
        if self.peek() == "?":
            self.here += 1  # lazy: only prefers the shorter of two existing matches
        return times, text

    def repeat(self, times: int, text: str, start: int) -> None:
        group = self.group
        if group.last is None:
            raise self.error("the repetition has nothing to repeat", start)
        if group.repeated:
            raise self.error("a repetition cannot be repeated", start)
        group.last *= times
        group.repeated = True

        # Each round is ambiguous.
        self.runs_away = self.runs_away or (
            group.last_varies and (times > 1 or text[-2:] in ("*", "+", ",}"))
        )
        group.varies = group.varies or not _FIXED.fullmatch(text)
        if group.last > _MAX_REPEAT:
            raise self.error(f"more than {_MAX_REPEAT} repetitions", start)

        item = group.items.pop()
        group.items.append(f"{item if group.is_whole else f'(?:{item})'}{text}")
        group.is_whole = False

    def open_group(self) -> None:
        start, flags = self.here, self.group.flags

        if self.peek(2) != "(?":
            self.here += 1
        elif found := self.take(_FLAGS):
            known = {
                letter: letter in found[1]
                for letter in "ims"
                if letter in found[1] or letter in (found[2] or "")
            }
            flags = replace(flags, **known)
            if found[3] == ")":
                # A change of flags is not a group and cannot be repeated.
                self.group.flags = flags
                self.group.repeated = False
                return
        elif not self.take(_NAMED):
            raise self.error(_why_not_group(self.pattern[start + 2 :]), start)

        if len(self.groups) == _MAX_DEPTH:
            raise self.error("the groups nest too deeply", start)
        self.groups.append(_Group(start, flags))

    def close_group(self) -> None:
        if len(self.groups) == 1:
            raise self.error("unmatched ')'")
        self.here += 1
        inner = self.groups.pop()
        self.group.add(f"(?:{''.join(inner.items)})", inner.settle(), varies=inner.varies)

    def escape(self) -> None:
        start = self.here
        self.here += 1
        character = self.peek()
        if not character:
            raise self.error("trailing backslash", start)
        if character == "Q":
            self.quotation()
        elif character in _PLACES:
            self.here += 1
            self.group.add(_PLACES[character], is_whole=False)
        else:
            found = self.escaped(start)
            self.group.add(written(self.cased(found, found) if isinstance(found, str) else found))

    def quotation(self) -> None:
        start = self.here + 1
        end = self.pattern.find("\\E", start)
        self.here = len(self.pattern) if end < 0 else end + 2
        self.group.repeated = False
        for character in self.pattern[start : None if end < 0 else end]:
            self.literal(character)


def _why_not_group(rest: str) -> str:
    if rest[:1] in ("=", "!") or rest[:2] in ("<=", "<!"):
        return "RE2 has no look-around"
    if rest[:1] == ">":
        return "RE2 has no atomic groups"
    return "RE2 has no such group"
