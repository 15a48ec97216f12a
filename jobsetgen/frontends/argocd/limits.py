"""Bounds on what a compile may take of a machine, for input that nobody has reviewed."""

from __future__ import annotations

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

from jobsetgen.stop import StopError


@contextmanager
def limited(seconds: int, megabytes: int) -> Iterator[None]:
    """Let a block take so many seconds and so much memory at most; StopError when it wants more.

    The memory is the process's address space, which the interpreter itself takes a part of. Only
    the main thread can be limited.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    before = signal.signal(signal.SIGALRM, _late)
    resource.setrlimit(resource.RLIMIT_AS, (_least(megabytes * 1_000_000, hard), hard))
    # Again and again: raised inside of a destructor, an exception is lost.
    signal.setitimer(signal.ITIMER_REAL, seconds, 1)
    try:
        yield
    except MemoryError as error:
        # What has filled the memory is held by the frames that the error came through.
        error.__traceback__ = None
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
        raise StopError(
            "input", f"the input needs more than the {megabytes} MB that it may take"
        ) from None
    except _LateError:
        raise StopError(
            "input", f"the input needs more than the {seconds} s that it may take"
        ) from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


class _LateError(BaseException):
    """Passes through whatever catches errors."""


def _late(_number: int, _frame: FrameType | None) -> NoReturn:
    raise _LateError


def _least(wanted: int, hard: int) -> int:
    return wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
