"""A line of source with a mark below: the mark is under what it is about, on every terminal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobsetgen.diagnostics import Place
from jobsetgen.review.excerpts import excerpt
from jobsetgen.review.terminal import harmless, harmless_letters


def marked(line: str, column: int, end: int | None = None, width: int = 80) -> str:
    """Return an excerpt as the terminal shows it: the line, and the mark in the next."""
    found = excerpt(line, Place("f", 1, column, end), width)
    return f"{found.text}\n{' ' * found.before}{'^' * found.marked}"


@pytest.mark.parametrize(
    ("line", "column", "end", "shown"),
    [
        ("name: demo", 7, 11, "name: demo\n      ^^^^"),
        ("name: demo", 7, None, "name: demo\n      ^"),
        ("", 1, None, "\n^"),
        # Behind the end of the line, where something is missing.
        ("a: [b", 6, None, "a: [b\n     ^"),
        ("a", 9, 12, "a\n ^"),
        ("\tname: a", 1, None, "\\tname: a\n^^"),
        ("a:\tb", 4, 5, "a:\\tb\n    ^"),
        # Each of these takes two columns, and a combining accent none.
        ("名前: x", 5, 6, "名前: x\n      ^"),
        ("a: 名前", 4, 6, "a: 名前\n   ^^^^"),
        ("e\u0301: x", 5, 6, "e\u0301: x\n   ^"),
        ("a: \x1b[2J", 4, 8, "a: \\x1b[2J\n   ^^^^^^^"),
        ("::error::x", 3, 8, "\\x3a:error::x\n     ^^^^^"),
    ],
)
def test_the_mark_is_below_the_value(line, column, end, shown):
    assert marked(line, column, end) == shown


def test_a_long_line_is_cut_around_the_mark():
    line = "a" * 100 + "HERE" + "b" * 100
    assert marked(line, 101, 105, 31) == "…aaaaaaaaaHERE" + "b" * 16 + "…\n          ^^^^"


def test_a_long_line_is_cut_at_one_end_only_where_the_mark_is_at_the_other():
    line = "HERE" + "a" * 100 + "THERE"
    assert marked(line, 1, 5, 31) == f"HERE{'a' * 25}…\n^^^^"
    assert marked(line, 105, 110, 31) == f"…{'a' * 23}THERE\n{' ' * 24}^^^^^"


def test_a_value_that_is_longer_than_the_window_is_marked_as_far_as_it_is_shown():
    found = excerpt("a" * 100, Place("f", 1, 1, 101), 40)
    assert (found.text, found.marked) == ("a" * 38 + "…", 38)


@given(st.text(), st.integers(1, 90), st.integers(1, 90), st.integers(20, 60))
def test_no_excerpt_is_wider_than_the_terminal(line, column, length, width):
    line = line.replace("\n", "")
    found = excerpt(line, Place("f", 1, column, column + length), width)
    assert sum(map(_columns, found.text)) <= width
    assert found.before + found.marked <= width
    assert found.marked >= 1


def _columns(letter: str) -> int:
    import unicodedata

    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


@given(st.text(st.sampled_from("ab:#[\t\n\x1b \u202e名vso")))
def test_letters_are_escaped_as_the_whole_is(words):
    letters = harmless_letters(words)
    assert len(letters) == len(words)
    assert "".join(letters) == harmless(words)
