"""Align two sequences: find what they have in common, in order, in nearly linear time.

The lines that are unique on both sides are aligned first, as patience diff does, then those that
are unique between them, and so on. Where nothing is unique, a small rest is aligned as well as can be,
and in a large one the nth of an item with the nth. The result is not always the longest common
subsequence, and no input takes quadratic time.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import NamedTuple

# How often a range is searched again for what is unique in it.
_ROUNDS = 32
# The product of the sizes of a rest that is aligned as well as can be.
_SMALL = 1024


class Block(NamedTuple):
    """Items that are equal: `size` of them, from `old` and from `new` on."""

    old: int
    new: int
    size: int


class Gap(NamedTuple):
    """What stands between two blocks: the ranges of both sides, of which one may be empty."""

    old_begin: int
    old_end: int
    new_begin: int
    new_end: int

    @property
    def is_open(self) -> bool:
        """Whether both sides have items in it."""
        return self.old_begin < self.old_end and self.new_begin < self.new_end


Items = Sequence[Hashable]
_Pairs = list[tuple[int, int]]


def equal_blocks(old: Items, new: Items) -> list[Block]:
    """Return the blocks that both sequences have in common, in order."""
    blocks: list[Block] = []
    rests: list[Gap] = []
    pending = [Gap(0, len(old), 0, len(new))]
    for _ in range(_ROUNDS):
        pending = [each for gap in pending for each in _split(old, new, gap, blocks, rests)]
    for gap in (*rests, *pending):
        blocks += [Block(i, j, 1) for i, j in _without_unique(old, new, gap)]
    return list(_joined(sorted(blocks)))


def gaps(blocks: Iterable[Block], old_size: int, new_size: int) -> Iterator[Gap]:
    """Yield what stands between the blocks of two sequences."""
    old_end = new_end = 0
    for block in (*blocks, Block(old_size, new_size, 0)):
        if (old_end, new_end) != (block.old, block.new):
            yield Gap(old_end, block.old, new_end, block.new)
        old_end = block.old + block.size
        new_end = block.new + block.size


def unmoved(positions: Sequence[int]) -> set[int]:
    """Return the positions that keep their order: a longest increasing subsequence."""
    return {position for _, position in _increasing(list(enumerate(positions)))}


def _split(
    old: Items, new: Items, gap: Gap, blocks: list[Block], rests: list[Gap]
) -> Iterator[Gap]:
    """Yield the gaps between the blocks in a gap, and add those to `blocks`.

    A gap without unique items is added to `rests`.
    """
    gap = _trimmed(old, new, gap, blocks)
    if not gap.is_open:
        return
    pairs = _unique(old, new, gap)
    if not pairs:
        rests.append(gap)
        return
    old_begin, new_begin = gap.old_begin, gap.new_begin
    for i, j in _increasing(pairs):
        blocks.append(Block(i, j, 1))
        yield from _open(Gap(old_begin, i, new_begin, j))
        old_begin, new_begin = i + 1, j + 1
    yield from _open(Gap(old_begin, gap.old_end, new_begin, gap.new_end))


def _open(gap: Gap) -> Iterator[Gap]:
    if gap.is_open:
        yield gap


def _trimmed(old: Items, new: Items, gap: Gap, blocks: list[Block]) -> Gap:
    """Return a gap without its common beginning and end, which are added to `blocks`."""
    old_begin, old_end, new_begin, new_end = gap
    shorter = min(old_end - old_begin, new_end - new_begin)
    head = 0
    while head < shorter and old[old_begin + head] == new[new_begin + head]:
        head += 1
    tail = 0
    while tail < shorter - head and old[old_end - tail - 1] == new[new_end - tail - 1]:
        tail += 1

    if head:
        blocks.append(Block(old_begin, new_begin, head))
    if tail:
        blocks.append(Block(old_end - tail, new_end - tail, tail))
    return Gap(old_begin + head, old_end - tail, new_begin + head, new_end - tail)


def _unique(old: Items, new: Items, gap: Gap) -> _Pairs:
    """Return the positions of the items that each side has once in a gap, in the old order."""
    before = _positions(old, gap.old_begin, gap.old_end)
    after = _positions(new, gap.new_begin, gap.new_end)
    return [
        (at[0], after[item][0])
        for item, at in before.items()
        if len(at) == 1 and len(after.get(item, ())) == 1
    ]


def _without_unique(old: Items, new: Items, gap: Gap) -> _Pairs:
    """Return the positions of the common items of a gap, in the order of both sides."""
    before = old[gap.old_begin : gap.old_end]
    after = new[gap.new_begin : gap.new_end]
    if len(before) * len(after) > _SMALL:
        return _increasing(_by_occurrence(old, new, gap))
    return [(gap.old_begin + i, gap.new_begin + j) for i, j in _longest(before, after)]


def _longest(old: Items, new: Items) -> Iterator[tuple[int, int]]:
    """Yield the positions of a longest common subsequence, which takes quadratic time."""
    lengths = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            skipped = max(lengths[i + 1][j], lengths[i][j + 1])
            lengths[i][j] = lengths[i + 1][j + 1] + 1 if old[i] == new[j] else skipped

    i = j = 0
    while i < len(old) and j < len(new):
        if old[i] == new[j]:
            yield i, j
            i, j = i + 1, j + 1
        elif lengths[i + 1][j] >= lengths[i][j + 1]:
            i += 1
        else:
            j += 1


def _by_occurrence(old: Items, new: Items, gap: Gap) -> _Pairs:
    """Return the positions of the nth of an item on both sides, in the old order."""
    before = _positions(old, gap.old_begin, gap.old_end)
    after = _positions(new, gap.new_begin, gap.new_end)
    pairs = (zip(at, after.get(item, ()), strict=False) for item, at in before.items())
    return sorted(pair for each in pairs for pair in each)


def _positions(items: Items, begin: int, end: int) -> dict[Hashable, list[int]]:
    found: defaultdict[Hashable, list[int]] = defaultdict(list)
    for position in range(begin, end):
        found[items[position]].append(position)
    return found


def _increasing(pairs: _Pairs) -> _Pairs:
    """Return a longest subsequence of pairs whose second parts increase, by patience sorting."""
    tops: list[int] = []
    chosen: list[int] = []
    previous: list[int] = []
    for index, (_, position) in enumerate(pairs):
        pile = bisect_left(tops, position)
        previous.append(chosen[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [position]
        chosen[pile : pile + 1] = [index]

    at = chosen[-1] if chosen else -1
    found: _Pairs = []
    while at >= 0:
        found.append(pairs[at])
        at = previous[at]
    return found[::-1]


def _joined(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield blocks, with those that touch joined."""
    whole: Block | None = None
    for block in blocks:
        if whole and (whole.old + whole.size, whole.new + whole.size) == block[:2]:
            whole = whole._replace(size=whole.size + block.size)
            continue
        if whole:
            yield whole
        whole = block
    if whole:
        yield whole
