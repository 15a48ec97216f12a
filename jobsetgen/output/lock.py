"""One build at a time writes an output folder."""

from __future__ import annotations

import fcntl
import time

from jobsetgen.output.tree import Tree
from jobsetgen.stop import StopError

PATIENCE = 60.0
"""The seconds to wait for another build of the same folder."""

_INTERVAL = 0.05


def lock(tree: Tree) -> None:
    """Wait until no other build writes a folder, and lock it until the tree is left.

    The system removes the lock of a process that is killed. Raises StopError if another build does
    not end. Where the file system has no locks, nobody is kept out.
    """
    descriptor = tree.kept()
    end = time.monotonic() + PATIENCE
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                message = f"another build has been writing {tree.path} for {PATIENCE:.0f} s"
                raise StopError("machine", message) from None
            time.sleep(_INTERVAL)
        except OSError:
            return
        else:
            return
