"""Count the items of long work, for whoever shows its progress."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

Observer = Callable[[str, int, int], None]
"""Called before each item with the work, the number of items done, and the number of all items."""

_T = TypeVar("_T")


class _State:
    """Who is told, and whether a loop is being counted."""

    observer: Observer | None = None
    is_counting = False


_STATE = _State()


@contextmanager
def observed(observer: Observer) -> Iterator[None]:
    """Tell an observer how far work in a block is."""
    _STATE.observer = observer
    try:
        yield
    finally:
        _STATE.observer = None
        _STATE.is_counting = False


def counted(work: str, items: Collection[_T]) -> Iterable[_T]:
    """Return items to loop over; the observer is told about each.

    Of nested loops, the outermost with several items is counted. Without an observer, the items are
    returned as they are.
    """
    return counted_of(work, items, lambda: len(items))


def counted_of(work: str, items: Iterable[_T], total: Callable[[], int]) -> Iterable[_T]:
    """Do the same with items that have no length; `total` is called only if there is an observer."""
    if _STATE.observer is None or _STATE.is_counting:
        return items
    return _told(work, items, total(), _STATE.observer)


def _told(work: str, items: Iterable[_T], total: int, observer: Observer) -> Iterator[_T]:
    _STATE.is_counting = total > 1
    try:
        for index, item in enumerate(items):
            observer(work, index, total)
            yield item
    finally:
        _STATE.is_counting = False
