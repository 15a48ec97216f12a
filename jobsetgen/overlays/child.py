"""Run untrusted work in a child process with limits on time, memory and output.

A template or a pattern can take any time and any memory, and no sandbox of the language bounds
either. The child can open no files and start no processes; it only writes to its pipe.
"""

from __future__ import annotations

import gc
import math
import os
import resource
import select
import signal
import time
import warnings
from collections.abc import Callable
from types import FrameType
from typing import Literal, NamedTuple, NoReturn

MOST_OUTPUT = 10_000_000
"""The maximum number of bytes that a child may write."""

_MORE_MEMORY = 150_000_000
# Where the system does not tell how much the parent uses.
_MEMORY = 300_000_000
# A busy machine may give the child a small share of its time; beyond this it hangs.
_WALL_SECONDS = 60.0
_POLL_SECONDS = 0.005
_CHUNK = 65_536
# Parents with more open files than this are unheard of.
_HIGHEST_FILE = 65_536
_OUT_OF_MEMORY, _FAILED = 3, 4
# A timer of zero would not be one.
_LEAST_SECONDS = 0.01
# The timer sends SIGPROF, the soft limit SIGXCPU, the hard one SIGKILL.
_SIGNALS_OF_TIME = (signal.SIGPROF, signal.SIGXCPU, signal.SIGKILL)

Write = Callable[[bytes], None]
"""What work in a child writes its result with."""

ChildError = Literal["time", "memory", "output", "died"]
"""Why a child did not finish: a limit, or anything else that ended it."""


MORE_SECONDS = 0.1
"""By how much the time of a child should exceed that which `limit_time` sets in it."""


class TimeUpError(BaseException):
    """The time that `limit_time` has set is used up; no code that catches an Exception stops it."""


class Outcome(NamedTuple):
    """What a child has written before its end, why it did not finish, and its CPU time."""

    output: bytes
    error: ChildError | None
    seconds: float


def run_in_child(work: Callable[[Write], None], seconds: float) -> Outcome:
    """Run work in a child with at most so many seconds of CPU time.

    The work must import nothing, because a child cannot open files. Whatever happens to the child,
    this returns, and no process remains.
    """
    reader, writer = os.pipe()
    child = _fork()
    if child == 0:
        _run_and_exit(work, writer, seconds)
    os.close(writer)
    deadline = time.monotonic() + _WALL_SECONDS
    error: ChildError | None = "died"
    output = b""
    try:
        output, error = _read_all(reader, deadline)
    finally:
        os.close(reader)
        status, used = _reap(child, 0.0 if error else deadline)
    return Outcome(output, error or _error_of(status), used)


def limit_time(seconds: float) -> None:
    """Let TimeUpError be raised in this child once its code has run for so many seconds.

    So the work can tell where it was. The limit of the child itself says nothing, but also ends a
    single operation that takes too long.
    """
    signal.signal(signal.SIGVTALRM, _raise_time_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, max(seconds, _LEAST_SECONDS))


def _raise_time_up(_number: int, _frame: FrameType | None) -> NoReturn:
    raise TimeUpError


def end_by_time() -> NoReturn:
    """End this child as its own limit of time would."""
    signal.raise_signal(signal.SIGPROF)
    raise TimeUpError


def _fork() -> int:
    with warnings.catch_warnings():
        # Python warns of threads. The child takes no lock that one of them could hold.
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _read_all(reader: int, deadline: float) -> tuple[bytes, ChildError | None]:
    """Return what a child writes, and the limit that it has reached, if any."""
    chunks: list[bytes] = []
    size = 0
    # select() would refuse a descriptor above 1,023, which a process with many open files has.
    poll = select.poll()
    poll.register(reader, select.POLLIN)
    while True:
        left = deadline - time.monotonic()
        if left <= 0 or not poll.poll(left * 1000):
            return b"".join(chunks), "time"
        chunk = os.read(reader, _CHUNK)
        if not chunk:
            return b"".join(chunks), None
        chunks.append(chunk)
        size += len(chunk)
        if size > MOST_OUTPUT:
            return b"".join(chunks), "output"


def _reap(child: int, deadline: float) -> tuple[int, float]:
    """Wait for a child to end, kill it at the deadline; return its status and its CPU time."""
    while time.monotonic() < deadline:
        ended, status, usage = os.wait4(child, os.WNOHANG)
        if ended:
            return status, usage.ru_utime + usage.ru_stime
        time.sleep(_POLL_SECONDS)
    os.kill(child, signal.SIGKILL)
    _, status, usage = os.wait4(child, 0)
    return status, usage.ru_utime + usage.ru_stime


def _error_of(status: int) -> ChildError | None:
    """Return why a child has not finished, by its exit status; None if it has."""
    if os.WIFSIGNALED(status):
        return "time" if os.WTERMSIG(status) in _SIGNALS_OF_TIME else "died"
    if os.WEXITSTATUS(status) == _OUT_OF_MEMORY:
        return "memory"
    return "died" if os.WEXITSTATUS(status) else None


def _run_and_exit(work: Callable[[Write], None], writer: int, seconds: float) -> NoReturn:
    """Be the child: do the work and exit, without a word of the parent's."""
    status = _FAILED
    try:
        _restrict(writer, seconds)
        work(_writer(writer))
        status = 0
    except MemoryError:
        status = _OUT_OF_MEMORY
    except BaseException:
        # Nothing may return into the code of the parent; the status tells what happened.
        status = _FAILED
    finally:
        os._exit(status)


def _writer(pipe: int) -> Write:
    def write(data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(pipe, view) :]

    return write


def _restrict(writer: int, seconds: float) -> None:
    """Give up everything that the work does not need."""
    gc.disable()
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, *_SIGNALS_OF_TIME[:2]):
        signal.signal(each, signal.SIG_DFL)
    # Standard error would show the parent's users why a child died.
    os.closerange(0, writer)
    os.closerange(writer + 1, max(_HIGHEST_FILE, writer + 1))

    # Limits are whole seconds; the timer ends the child before.
    whole = max(math.ceil(seconds), 1)
    signal.setitimer(signal.ITIMER_PROF, max(seconds, _LEAST_SECONDS))
    memory = _memory()
    limits = {
        resource.RLIMIT_CPU: (whole, whole + 1),
        resource.RLIMIT_AS: (memory, memory),
        resource.RLIMIT_FSIZE: (0, 0),
        resource.RLIMIT_CORE: (0, 0),
        resource.RLIMIT_NOFILE: (0, 0),
        resource.RLIMIT_NPROC: (0, 0),
    }
    for limit, (soft, hard) in limits.items():
        _limit(limit, soft, hard)


def _limit(limit: int, soft: int, hard: int) -> None:
    """Set a limit, or keep one that is lower; not every system has every limit."""
    highest = resource.getrlimit(limit)[1]
    if highest != resource.RLIM_INFINITY:
        soft, hard = min(soft, highest), min(hard, highest)
    try:
        resource.setrlimit(limit, (soft, hard))
    except (OSError, ValueError):
        # On macOS a limit of memory can be refused; time and output are limited all the same.
        return


def _memory() -> int:
    """Return how much address space a child may use: what the parent uses, and some more."""
    try:
        with open("/proc/self/statm", "rb") as file:
            pages = int(file.read().split()[0])
    except (OSError, ValueError):
        return _MEMORY
    return pages * resource.getpagesize() + _MORE_MEMORY
