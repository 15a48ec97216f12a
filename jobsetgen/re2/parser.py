r"""Parse regular expressions in RE2's syntax, as in Go.

Python's own parser cannot validate them: it accepts what RE2 rejects (look-around, back-references,
repetitions over 1000), rejects what RE2 accepts (`\z`, `\pL`, `\Q...\E`, `\x{...}`, `(?U)`), and
reads some differently (`$`, `{,3}`, `\s`). The pattern is therefore parsed to a tree, which can be
translated to a form with the same meaning under `re.ASCII`. Only whether it matches counts: groups
need not capture, and it does not matter which of several matches is preferred.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache

from jobsetgen.re2.characters import LAST, Ranges, negated
from jobsetgen.re2.classes import ClassReader
from jobsetgen.re2.tree import Characters, Group, Node, Place, Repeat

_MAX_REPEAT = 1000
# Go's limit is 1000, but Python's parser is recursive.
_MAX_DEPTH = 100
# A number with a leading zero is not a repetition; the braces and their content are then literal.
_REPEAT = re.compile(r"\{(0|[1-9][0-9]*)(,(0|[1-9][0-9]*)?)?\}")
_FLAGS = re.compile(r"\(\?([imsU]*)(?:-([imsU]+))?([:)])")
_NAMED = re.compile(r"\(\?P?<(\w+)>", re.ASCII)
_PLACES = "AbBz"
# What these mean with the flag m, and without it.
_LINE_PLACES = {"^": ("^", "A"), "$": ("$", "z")}
_SIMPLE: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
_ALL: Ranges = ((0, LAST),)
_NO_LINE_BREAK = negated(((10, 10),))


@lru_cache(maxsize=1)
def parse(pattern: str) -> Group:
    """Return the tree of a pattern.

    Raises PatternError where Go's regexp.Compile would return an error (but for an expression too
    large to compile), and where groups nest too deeply for Python.
    """
    parser = _Parser(pattern)
    while parser.here < len(pattern):
        parser.step()
    if len(parser.groups) > 1:
        raise parser.error("the group is not closed", parser.group.opened)
    return parser.group.whole()


@dataclass(frozen=True, slots=True)
class _Flags:
    """The flags that `(?ims)` sets."""

    i: bool = False
    m: bool = False
    s: bool = False


@dataclass(slots=True)
class _Group:
    """An open group, or the whole pattern, with its alternatives so far.

    `last` is the number of repetitions of the last item, including those inside it, or None if
    there is nothing to repeat; `most` is the largest such number of earlier items.
    """

    opened: int
    flags: _Flags = _Flags()
    branches: list[list[Node]] = field(default_factory=lambda: [[]])
    most: int = 0
    last: int | None = None
    repeated: bool = False

    def settle(self) -> int:
        """End the last item, so that no later repetition applies to it.

        Return the largest number of repetitions.
        """
        self.most = max(self.most, self.last or 0)
        self.last, self.repeated = None, False
        return self.most

    def add(self, node: Node, times: int = 1) -> None:
        self.settle()
        self.last = times
        self.branches[-1].append(node)

    def whole(self) -> Group:
        return Group(tuple(tuple(branch) for branch in self.branches))


class _Parser(ClassReader):
    """Keeps open groups in a list, because a pattern can nest deeper than Python's call stack."""

    def __init__(self, pattern: str) -> None:
        super().__init__(pattern)
        self.groups = [_Group(0)]

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
            self.group.add(Characters(self.character_class()))
        elif (repetition := self.repetition()) is not None:
            self.repeat(*repetition, start)
        else:
            self.here += 1
            self.plain(character)

    def plain(self, character: str) -> None:
        if character == "|":
            self.group.settle()
            self.group.branches.append([])
        elif character in _LINE_PLACES:
            self.group.add(Place(_LINE_PLACES[character][not self.group.flags.m]))
        elif character == ".":
            self.group.add(Characters(_ALL if self.group.flags.s else _NO_LINE_BREAK))
        else:
            self.literal(character)

    def literal(self, character: str) -> None:
        self.group.add(Characters(self.cased(character, character)))

    def repetition(self) -> tuple[int, int | None] | None:
        """Read a repetition at the current position; return its least and most, or None."""
        start = self.here

        if self.peek() in _SIMPLE:
            least, most = _SIMPLE[self.peek()]
            self.here += 1
        elif found := self.take(_REPEAT):
            least = int(found[1])
            most = int(found[3]) if found[3] else None if found[2] else least
            if max(least, most or 0) > _MAX_REPEAT:
                raise self.error(f"more than {_MAX_REPEAT} repetitions", start)
            if most is not None and most < least:
                raise self.error("the maximum of the repetition is below its minimum", start)
        else:
            return None
        return least, most

    def repeat(self, least: int, most: int | None, start: int) -> None:
        text = self.pattern[start : self.here]
        if self.peek() == "?":
            self.here += 1  # lazy: only prefers the shorter of two existing matches

        group = self.group
        if group.last is None:
            raise self.error("the repetition has nothing to repeat", start)
        if group.repeated:
            raise self.error("a repetition cannot be repeated", start)
        group.last *= max(least, 1) if most is None else most
        group.repeated = True
        if group.last > _MAX_REPEAT:
            raise self.error(f"more than {_MAX_REPEAT} repetitions", start)

        item = group.branches[-1].pop()
        if _repetitions(item) == _MAX_DEPTH:
            raise self.error("the repetitions nest too deeply", start)
        group.branches[-1].append(Repeat(item, least, most, text))

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
        self.group.add(inner.whole(), inner.settle())

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
            self.group.add(Place(character))
        else:
            found = self.escaped(start)
            members = self.cased(found, found) if isinstance(found, str) else found
            self.group.add(Characters(members))

    def quotation(self) -> None:
        start = self.here + 1
        end = self.pattern.find("\\E", start)
        self.here = len(self.pattern) if end < 0 else end + 2
        self.group.repeated = False
        for character in self.pattern[start : None if end < 0 else end]:
            self.literal(character)


def _repetitions(node: Node) -> int:
    """Return how many repetitions directly repeat each other, as in `a*(?i)*`."""
    count = 0
    while isinstance(node, Repeat):
        node = node.item
        count += 1
    return count


def _why_not_group(rest: str) -> str:
    if rest[:1] in ("=", "!") or rest[:2] in ("<=", "<!"):
        return "RE2 has no look-around"
    if rest[:1] == ">":
        return "RE2 has no atomic groups"
    return "RE2 has no such group"
