"""Parts are cut as a whole, the last ones first, and counted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobsetgen.diff.cut import first_parts, rows_that_leave_room


def more(left: int) -> str:
    return f"+{left}"


@pytest.mark.parametrize(
    ("room", "text"),
    [
        (12, "aaaabbbbcccc"),
        (11, "aaaabbbb+1"),
        (10, "aaaabbbb+1"),
        (9, "aaaa+2"),
        (6, "aaaa+2"),
        (5, "+3"),
        (2, "+3"),
        (1, ""),
    ],
)
def test_as_many_parts_as_fit_and_the_number_of_the_others(room, text):
    assert first_parts(["aaaa", "bbbb", "cccc"], 3, room, more) == text


def test_parts_beyond_the_room_are_never_made():
    def parts():
        yield "aaaa"
        yield "bbbb"
        raise AssertionError("a third part was asked for")

    assert first_parts(parts(), 1_000, 9, more) == "aaaa+999"


@given(st.lists(st.text(alphabet="x", max_size=9), max_size=9), st.integers(0, 60))
def test_no_cut_is_longer_than_its_room(parts, room):
    assert len(first_parts(parts, len(parts), room, more)) <= room


@pytest.mark.parametrize(("room", "count"), [(40, 4), (39, 3), (30, 3), (29, 2), (20, 2), (19, 1), (15, 1), (14, 0)])
def test_rows_make_room_for_names_that_must_be_shown(room, count):
    # Four rows of ten; two names of two that need no place of their own as long as their sets have rows.
    rows, names = ["r" * 10] * 4, ["n" * 2] * 2
    assert rows_that_leave_room(rows, names, room, lambda named: 3 if named else 0) == count
