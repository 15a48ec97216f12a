"""Limits on the time and memory of a compile of untrusted input."""

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
    """Limit the time and memory of a block; raise StopError when it exceeds them.

    The memory limit covers the address space of the process, including the interpreter. Only the
    main thread can be limited.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    before = signal.signal(signal.SIGALRM, _late)
    resource.setrlimit(resource.RLIMIT_AS, (_least(megabytes * 1_000_000, hard), hard))
    # Repeated, because an exception raised in a destructor is lost.
    signal.setitimer(signal.ITIMER_REAL, seconds, 1)
    try:
        yield
    except MemoryError as error:
        # The frames of the traceback hold the objects that filled the memory.
        error.__traceback__ = None
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
        raise StopError(
            "input", f"the compile needs more than {megabytes} MB, the limit of --memory"
        ) from None
    except _LateError:
        raise StopError(
            "input", f"the compile takes longer than {seconds} s, the limit of --timeout"
        ) from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


class _LateError(BaseException):
    """Not an Exception, so that handlers of errors do not catch it."""


def _late(_number: int, _frame: FrameType | None) -> NoReturn:
    raise _LateError


def _least(wanted: int, hard: int) -> int:
    return wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
