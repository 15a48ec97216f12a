"""Lists inside of sentences."""

from __future__ import annotations

import pytest

from jobsetgen.words import listed


@pytest.mark.parametrize(
    ("parts", "expected"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_a_list(parts, expected):
    assert listed(parts) == expected


def test_a_choice():
    assert listed(["a", "b", "c"], "or") == "a, b or c"
