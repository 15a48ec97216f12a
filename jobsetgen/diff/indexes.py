"""The indexes of Jobs in words."""

from __future__ import annotations

from collections.abc import Sequence

_RANGES = 5


def index_text(indexes: Sequence[int]) -> str:
    """Return the indexes of Jobs as ranges: Job 3, or Jobs 0-15, 20."""
    ranges = _ranges(sorted(indexes))
    shown = [f"{low}-{high}" if low < high else str(low) for low, high in ranges[:_RANGES]]
    text = f"{'Job' if len(indexes) == 1 else 'Jobs'} {', '.join(shown)}"
    left = sum(high - low + 1 for low, high in ranges[_RANGES:])
    return f"{text} and {left:,} more" if left else text


def _ranges(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Return sorted numbers as ranges of consecutive ones."""
    ranges: list[tuple[int, int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    return ranges
