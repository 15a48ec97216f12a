"""The progress of long work on a terminal: one line on standard error, gone before anything else."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from jobsetgen.cli import printing
from jobsetgen.progress import observed

_DELAY = 1.0
"""The seconds before there is anything to see."""

_INTERVAL = 0.1
_BAR = 24


@contextmanager
def shown_progress(clock: Callable[[], float] = time.monotonic) -> Iterator[None]:
    """Show the progress of a block that takes longer than a second."""
    line = _Line(clock)
    with printing.status_line(), observed(line.update):
        yield


class _Line:
    """The line, drawn at most ten times a second."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._next = clock() + _DELAY

    def update(self, work: str, done: int, total: int) -> None:
        """Draw the line if it is time."""
        now = self._clock()
        if now >= self._next:
            self._next = now + _INTERVAL
            printing.show_status(_text(work, done, total))


def _text(work: str, done: int, total: int) -> str:
    filled = _BAR * done // max(total, 1)
    return f"{work} [{'#' * filled}{'.' * (_BAR - filled)}] {done:,} of {total:,}"
