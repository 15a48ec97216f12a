"""Lists inside of sentences, and words that are nearly alike."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobsetgen.words import is_within, listed, nearest


@pytest.mark.parametrize(
    ("parts", "expected"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_a_list(parts, expected):
    assert listed(parts) == expected


def test_a_choice():
    assert listed(["a", "b", "c"], "or") == "a, b or c"


def distance(word: str, other: str) -> int:
    """Return the edits between two words by the textbook: a swap of neighbours counts once."""
    rows = [list(range(len(other) + 1))]
    for i, a in enumerate(word, start=1):
        row = [i]
        for j, b in enumerate(other, start=1):
            row.append(min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + (a != b)))
            if i > 1 and j > 1 and (a, word[i - 2]) == (other[j - 2], b):
                row[j] = min(row[j], rows[i - 2][j - 2] + 1)
        rows.append(row)
    return rows[-1][-1]


@settings(max_examples=500, deadline=None, derandomize=True)
@given(st.text("abc", max_size=7), st.text("abc", max_size=7), st.integers(0, 3))
def test_edits_are_counted_as_by_the_textbook(word, other, edits):
    assert is_within(word, other, edits) == (distance(word, other) <= edits)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("job-index", "job-index"),
        ("job-indx", "job-index"),
        ("jbo-index", "job-index"),
        ("job-inddexx", "job-index"),
        ("job-kex", "job-key"),
        ("job", ""),
        ("", ""),
    ],
)
def test_the_nearest_of_several(word, expected):
    assert nearest(word, {"job-key", "job-index", "jobset-name"}) == expected


def test_the_first_of_several_that_are_as_near():
    assert nearest("ab", ["ac", "aa", "b"]) == "aa"
