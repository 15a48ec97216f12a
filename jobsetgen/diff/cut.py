"""Fit text into a number of characters: whole parts in order, and the number of the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence


def first_parts(parts: Iterable[str], count: int, room: int, more: Callable[[int], str]) -> str:
    """Return the first of `count` parts that fit in `room`, then `more(n)` for the n others.

    Parts are taken from the iterable only as long as they fit. If not even `more(count)` fits,
    nothing is returned.
    """
    shown: list[str] = []
    used = 0
    for part in parts:
        used += len(part)
        left = count - len(shown) - 1
        if used + len(_rest(left, more)) > room:
            break
        shown.append(part)

    text = "".join([*shown, _rest(count - len(shown), more)])
    return text if len(text) <= room else ""


def _rest(left: int, more: Callable[[int], str]) -> str:
    return more(left) if left else ""


def rows_that_leave_room(
    rows: Sequence[str], critical: Sequence[str], room: int, frame: Callable[[int], int]
) -> int:
    """Return how many rows of a table fit so that the critical names without a row fit as well.

    `rows` are those of the first sets, and `critical` the names of the first sets that must be
    named. `frame(n)` are the characters that n rows or names take besides their own.
    """
    used = sum(map(len, rows))
    named = sum(map(len, critical[len(rows) :]))
    for count in range(len(rows), 0, -1):
        if used + named + frame(max(len(critical) - count, 0)) <= room:
            return count
        used -= len(rows[count - 1])
        if count <= len(critical):
            named += len(critical[count - 1])
    return 0
