"""The choices of which an input is made: each is one draw of hypothesis, which makes failing inputs smaller."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, TypeVar

from hypothesis import strategies as st

T = TypeVar("T")


@cache
def _below(count: int) -> st.SearchStrategy[int]:
    return st.integers(0, count - 1)


class Chance:
    """Makes choices. The first of several is the simplest, and a failing input is made with many of them."""

    def __init__(self, draw: Callable[[st.SearchStrategy[int]], int]) -> None:
        self._draw = draw

    def number(self, least: int, most: int) -> int:
        """Return a whole number."""
        return least + self._draw(_below(most - least + 1))

    def pick(self, items: Sequence[T]) -> T:
        """Return one of some items."""
        return items[self._draw(_below(len(items)))] if len(items) > 1 else items[0]

    def hit(self, one_in: int) -> bool:
        """Whether something happens that happens once in so many times."""
        return self._draw(_below(one_in)) == one_in - 1

    def weighted(self, weights: dict[T, int]) -> T:
        """Return one of some items, each as often as its weight says."""
        at = self._draw(_below(sum(weights.values())))
        for item, weight in weights.items():
            at -= weight
            if at < 0:
                return item
        raise AssertionError

    def some(self, items: Sequence[Any], most: int) -> list[Any]:
        """Return a few of some items."""
        return [self.pick(items) for _ in range(self.number(0, most))]
