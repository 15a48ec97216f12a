"""Write many new files to the disk at once."""

from __future__ import annotations

import os
import sys

FEW = 16
"""As many files are synced one by one; beyond, their file system is, which takes as long as a few.

Syncing 1,000 files one by one takes seconds on a disk that a cloud rents out, and 10,000 a minute.
"""

CAN_SYNC_FILE_SYSTEMS = sys.platform == "linux"
"""Whether `sync_file_system` works. Elsewhere, each file is synced."""


def sync_file_system(descriptor: int) -> None:
    """Write all of a file system to its disk. Raises OSError.

    `descriptor` is a file or a folder on it.
    """
    # Only where many files have changed: its import takes as long as that of a small module of ours.
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syncfs(descriptor) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
