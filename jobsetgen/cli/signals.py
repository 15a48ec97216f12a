"""Signals that end the process: what writes files first removes what is not finished."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from jobsetgen.cli.exits import AbandonError

_ENDING = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)
_BY_SHELLS = 128


@contextmanager
def cleaning_up() -> Iterator[None]:
    """Let the first signal that ends the process raise AbandonError in a block; ignore others.

    Signals that the process ignores, as under nohup, stay ignored.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {each: signal.getsignal(each) for each in _ENDING}
    ending = [each for each in _ENDING if before[each] not in (signal.SIG_IGN, None)]

    def end(number: int, _frame: FrameType | None) -> None:
        for each in ending:
            # Python complains about SIG_IGN if a second signal has already arrived.
            signal.signal(each, _ignore)
        raise AbandonError(_BY_SHELLS + number)

    try:
        for each in ending:
            signal.signal(each, end)
        yield
    finally:
        for each in ending:
            signal.signal(each, before[each])


def _ignore(_number: int, _frame: FrameType | None) -> None:
    """Do nothing about a signal."""


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Let signals that end the process wait for the end of a block."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
