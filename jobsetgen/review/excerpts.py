"""A line of source with a mark below the place that a diagnostic is about."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from jobsetgen.diagnostics import Place
from jobsetgen.review.terminal import harmless_letters

_CUT = "…"
_LEAST = 20
"""The fewest columns of source that are worth showing."""


class Excerpt(NamedTuple):
    """A line as a terminal shows it, and the columns of its mark: those before it, and its own."""

    text: str
    before: int
    marked: int


def excerpt(line: str, place: Place, width: int) -> Excerpt:
    """Return a line in at most `width` columns; a longer one is cut around the place.

    Control characters, tabs among them, are shown as escapes, so that a mark below fits on every
    terminal.
    """
    line, place = _near(line, place, max(width, _LEAST))
    letters = harmless_letters(line)
    # What is missing at the end of a line is marked behind it.
    columns = [*map(_columns, letters), 1]
    start = min(place.column - 1, len(letters))
    end = max(start + 1, min((place.end_column or 0) - 1, len(letters)))
    first, last = _window(columns, start, max(width, _LEAST))

    text = "".join(letters[first:last])
    cut_before = _CUT if first > 0 else ""
    cut_after = _CUT if last < len(letters) else ""
    return Excerpt(
        text=f"{cut_before}{text}{cut_after}",
        before=len(cut_before) + sum(columns[first:start]),
        marked=max(1, sum(columns[start : min(end, last)])),
    )


def _near(line: str, place: Place, width: int) -> tuple[str, Place]:
    """Return the part of a long line that may be shown, and the place in it."""
    start = place.column - 1
    reach = 2 * width
    if len(line) <= 2 * reach or start >= len(line):
        return line, place
    begin = max(start - reach, 0)
    end_column = place.end_column and place.end_column - begin
    moved = place._replace(column=place.column - begin, end_column=end_column)
    return line[begin : start + reach], moved


def _window(columns: Sequence[int], start: int, width: int) -> tuple[int, int]:
    """Return which letters of a line to show: all, or those around a start.

    A third of the width is for what stands before the start, more if the line ends soon after it.
    """
    if sum(columns) <= width:
        return 0, len(columns)
    # One column at each end for the sign that the line is cut.
    room = width - 2 * len(_CUT)
    first = _extended(columns, start, room // 3)
    last = first
    while last < len(columns) and sum(columns[first : last + 1]) <= room:
        last += 1
    return _extended(columns, first, room - sum(columns[first:last])), last


def _extended(columns: Sequence[int], first: int, room: int) -> int:
    """Return the index of the first letter when a window grows to the left by some columns."""
    while first > 0 and columns[first - 1] <= room:
        first -= 1
        room -= columns[first]
    return first


def _columns(letter: str) -> int:
    """Return the number of columns of a terminal that a character, or its escape, takes."""
    if len(letter) > 1 or letter.isascii():
        return len(letter)
    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in ("W", "F") else 1
