"""Character sets as ranges: the meaning of RE2's classes, and their form in Python's `re`."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any

from jobsetgen.assets import asset

Ranges = tuple[tuple[int, int], ...]
"""Pairs of first and last characters, sorted and not adjacent."""

LAST = 0x10FFFF
_ESCAPES = {"\t": r"\t", "\n": r"\n", "\v": r"\v", "\f": r"\f", "\r": r"\r"}
_NEVER_SPECIAL = " _'\",:;<>=@!%/`"
# A pattern may have a class a thousand times, and a class thousands of ranges.
_CLASSES = 64
# Of so many characters each is looked up; of more, each of those that have two cases.
_FEW = 1000


def ranges(pairs: Iterable[tuple[int, int]]) -> Ranges:
    """Return pairs in any order as ranges."""
    merged: list[tuple[int, int]] = []
    for low, high in sorted(pairs):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = merged[-1][0], max(high, merged[-1][1])
        else:
            merged.append((low, high))
    return tuple(merged)


@lru_cache(maxsize=_CLASSES)
def united(sets: tuple[Ranges, ...]) -> Ranges:
    """Return the characters that are in any of several sets."""
    return ranges(pair for members in sets for pair in members)


def _of(written: str) -> Ranges:
    """Return the ranges of a class given as pairs of characters."""
    return ranges(
        (ord(low), ord(high)) for low, high in zip(written[::2], written[1::2], strict=True)
    )


# In RE2, these contain only ASCII, and white space excludes the vertical tab.
PERL = {"d": _of("09"), "w": _of("09AZ__az"), "s": _of("\t\n\f\r  ")}
POSIX = {
    "alnum": _of("09AZaz"),
    "alpha": _of("AZaz"),
    "ascii": _of("\0\x7f"),
    "blank": _of("\t\t  "),
    "cntrl": _of("\0\x1f\x7f\x7f"),
    "digit": _of("09"),
    "graph": _of("!~"),
    "lower": _of("az"),
    "print": _of(" ~"),
    "punct": _of("!/:@[`{~"),
    "space": _of("\t\r  "),
    "upper": _of("AZ"),
    "word": _of("09AZ__az"),
    "xdigit": _of("09AFaf"),
}


@lru_cache(maxsize=_CLASSES)
def negated(members: Ranges) -> Ranges:
    """Return all other characters."""
    found, low = [], 0
    for first, last in members:
        if first > low:
            found.append((low, first - 1))
        low = last + 1
    return (*found, (low, LAST)) if low <= LAST else tuple(found)


@lru_cache(maxsize=_CLASSES)
def folded(members: Ranges) -> Ranges:
    """Return characters plus all that differ from them only in case, as in Go's case folding."""
    count = sum(high - low + 1 for low, high in members)
    more = _cases_of_few(members) if count <= _FEW else _cases_of_many(members)
    return ranges([*members, *((each, each) for each in more)])


def _cases_of_few(members: Ranges) -> list[int]:
    """Return all cases of the members that have several, looking up each member."""
    of = _orbit_of()
    every = (each for low, high in members for each in range(low, high + 1))
    return [each for one in every for each in of.get(one, ())]


def _cases_of_many(members: Ranges) -> list[int]:
    """Return the same, looking for a member in each set of cases."""
    lows = [low for low, _ in members]

    def is_member(character: int) -> bool:
        at = bisect_right(lows, character) - 1
        return at >= 0 and character <= members[at][1]

    return [each for orbit in _orbits() if any(map(is_member, orbit)) for each in orbit]


@lru_cache(maxsize=_CLASSES)
def unicode_class(name: str) -> Ranges | None:
    r"""Return the characters of `\p{name}` in Go's regexp, or None for an unknown class."""
    if not name.isascii():
        return None
    # Go removes separators before the lookup, and therefore finds no script whose name contains
    # one.
    key = re.sub("[_ -]", "", name).lower()
    classes = _tables()["classes"]
    distances = classes.get(_tables()["aliases"].get(key, key))
    if distances is None:
        return None
    ends, last = [], 0
    for distance in distances.split():
        last += int(distance, 16)
        ends.append(last)
    return tuple(zip(ends[::2], ends[1::2], strict=True))


@cache
def _tables() -> dict[str, Any]:
    tables: dict[str, Any] = json.loads(asset("re2", "unicode.json").read_text(encoding="utf-8"))
    return tables


@cache
def _orbits() -> list[list[int]]:
    return [[int(each, 16) for each in orbit.split()] for orbit in _tables()["orbits"]]


@cache
def _orbit_of() -> dict[int, list[int]]:
    return {each: orbit for orbit in _orbits() for each in orbit}


@lru_cache(maxsize=_CLASSES)
def written(members: Ranges, *, inverted: bool = False) -> str:
    """Return a set, or its complement, as one item of a Python pattern."""
    if members and members[-1][1] == LAST:
        members, inverted = negated(members), not inverted  # the complement is shorter
    if not members:
        return "(?s:.)" if inverted else "(?!)"
    if not inverted and len(members) == 1 and members[0][0] == members[0][1]:
        return _character(members[0][0])
    return f"[{'^' if inverted else ''}{''.join(_range(low, high) for low, high in members)}]"


def _range(low: int, high: int) -> str:
    dash = "-" if high > low + 1 else ""
    return _character(low) if low == high else f"{_character(low)}{dash}{_character(high)}"


def _character(number: int) -> str:
    """Return a character escaped so that it is literal inside and outside a set.

    Characters other than ASCII are written as code points.
    """
    text = chr(number)
    if text in _ESCAPES:
        return _ESCAPES[text]
    if text.isascii() and text.isprintable():
        return text if text.isalnum() or text in _NEVER_SPECIAL else f"\\{text}"
    if number <= 0xFF:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"
