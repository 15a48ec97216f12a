"""Start a command as another user with limits, and write down how it ended and what it used.

Run: python launch.py RESULT USER SECONDS BYTES -- COMMAND...

It imports nothing of ours: its memory is part of what is measured, until the command has begun. USER is -1 for the
user that it has already. SECONDS are of processor time for each process; after twice as many on the clock, all of them
are killed.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys

_MOST_BYTES = 4 * 10**9
_MOST_FILES = 256
_PATIENCE = 2


def _limit(seconds: int, size: int) -> None:
    limits = {
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_AS: _MOST_BYTES,
        resource.RLIMIT_FSIZE: size,
        resource.RLIMIT_NOFILE: _MOST_FILES,
        resource.RLIMIT_CORE: 0,
    }
    for which, most in limits.items():
        _, hard = resource.getrlimit(which)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(which, (most, most))


def _become(user: int) -> None:
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)


def main() -> None:
    """Run the command, and exit with 0 whatever became of it."""
    result, user, seconds, size = sys.argv[1], *map(int, sys.argv[2:5])
    command = sys.argv[6:]
    child = os.fork()
    if child == 0:
        os.setsid()
        _limit(seconds, size)
        if user >= 0:
            _become(user)
        try:
            os.execv(command[0], command)
        except OSError as error:
            sys.exit(f"{command[0]}: {error.strerror}")
    signal.signal(signal.SIGALRM, lambda *_: os.killpg(child, signal.SIGKILL))
    signal.alarm(_PATIENCE * seconds)
    _, status, used = os.wait4(child, 0)
    signal.alarm(0)
    found = {
        "status": os.waitstatus_to_exitcode(status),
        "seconds": used.ru_utime + used.ru_stime,
        "bytes": used.ru_maxrss * 1024,
    }
    with open(result, "w", encoding="utf-8") as file:
        json.dump(found, file)


main()
