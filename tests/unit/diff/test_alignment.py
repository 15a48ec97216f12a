"""What two sequences have in common, and what it costs to find it."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobsetgen.diff.alignment import Block, Gap, equal_blocks, gaps, unmoved

BLOCKS = [
    ("", "", []),
    ("abc", "abc", [(0, 0, 3)]),
    ("abc", "", []),
    ("abc", "xbc", [(1, 1, 2)]),
    ("abc", "abx", [(0, 0, 2)]),
    ("abcd", "axyd", [(0, 0, 1), (3, 3, 1)]),
    ("abcde", "bcdea", [(1, 0, 4)]),
    ("aab", "abb", [(0, 0, 1), (2, 2, 1)]),
    ("a}b}c", "a}x}b}c", [(0, 0, 2), (2, 4, 3)]),
    ("xaxbx", "yaxby", [(1, 1, 3)]),
    # Nothing is unique
    ("abab", "baba", [(1, 0, 3)]),
    ("xabxab", "abyaby", [(1, 0, 2), (4, 3, 2)]),
]


@pytest.mark.parametrize(("old", "new", "blocks"), BLOCKS)
def test_blocks(old, new, blocks):
    assert equal_blocks(old, new) == blocks


def test_what_stands_between_blocks():
    assert list(gaps([Block(1, 0, 2), Block(3, 4, 1)], 4, 5)) == [Gap(0, 1, 0, 0), Gap(3, 3, 2, 4)]
    assert list(gaps([], 0, 0)) == []
    assert list(gaps([], 2, 0)) == [Gap(0, 2, 0, 0)]


@given(st.text("abc", max_size=12), st.text("abc", max_size=12))
def test_blocks_are_equal_and_in_order(old, new):
    blocks = equal_blocks(old, new)
    assert all(old[i : i + size] == new[j : j + size] and size for i, j, size in blocks)
    assert all(a.old + a.size <= b.old and a.new + a.size <= b.new for a, b in itertools.pairwise(blocks))
    # The gaps complete them: from the old sequence comes the new one.
    rebuilt = list(old)
    for gap in reversed(list(gaps(blocks, len(old), len(new)))):
        rebuilt[gap.old_begin : gap.old_end] = new[gap.new_begin : gap.new_end]
    assert "".join(rebuilt) == new


@given(st.lists(st.integers(), unique=True, max_size=12), st.randoms())
def test_what_is_unmoved_keeps_its_order_and_is_the_most(items, shuffle):
    shuffle.shuffle(items)
    kept = unmoved(items)
    assert [item for item in items if item in kept] == sorted(kept)
    longest = max(
        size
        for size in range(min(len(items), 6) + 1)
        for each in itertools.combinations(items[:6], size)
        if list(each) == sorted(each)
    )
    assert len(unmoved(items[:6])) == longest


class Line(str):
    """Counts how often lines are compared and hashed."""

    __slots__ = ()
    steps = 0

    def __eq__(self, other):
        Line.steps += 1
        return str.__eq__(self, other)

    def __hash__(self):
        Line.steps += 1
        return str.__hash__(self)


def two_sides(kind: str, size: int) -> tuple[list[str], list[str]]:
    """Return sequences of a kind that makes a simple algorithm slow."""
    chance = random.Random(0)
    old = [str(number) for number in range(size)]
    match kind:
        case "all different":
            return old, [f"x{each}" for each in old]
        case "reversed":
            return old, old[::-1]
        case "shuffled":
            return old, chance.sample(old, size)
        case "few different lines":
            return [chance.choice("ab") for _ in old], [chance.choice("ab") for _ in old]
        case "one line, often":
            return ["a"] * size, ["b", *["a"] * (size // 2), "b"]
        case "unique only between others":
            halves = [line for number in range(size // 2) for line in (f"{number}", f"{number + 1}")]
            return halves, halves[1:] + halves[:1]
    raise AssertionError(kind)


KINDS = [
    "all different", "reversed", "shuffled", "few different lines", "one line, often", "unique only between others",
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_twice_the_lines_cost_twice_the_steps(kind):
    def steps(size: int) -> int:
        old, new = ([Line(each) for each in side] for side in two_sides(kind, size))
        Line.steps = 0
        equal_blocks(old, new)
        return Line.steps

    assert steps(4000) < 2.5 * steps(2000) < 2.5 * 2000 * 100
