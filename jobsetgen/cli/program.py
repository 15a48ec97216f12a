"""The installed program: a process that runs one command and ends with it.

A small build takes as long as its imports. A fifth of its time went to looking for garbage among
modules that are needed to the end, and to freeing them one by one afterwards.
"""

from __future__ import annotations

import gc
import os
import sys
from typing import NoReturn

INTERRUPTED = 130
"""The status of an interrupted program, as in `exits`, whose import may be what is interrupted."""

_ALLOCATIONS = 200_000
"""How many objects may be added before Python looks for garbage among them; its default is 700."""


def main() -> NoReturn:
    """Run the command line, and end the process without freeing what the system takes back."""
    gc.set_threshold(_ALLOCATIONS)
    status = 0
    try:
        from jobsetgen.cli.main import main as run

        run()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except KeyboardInterrupt:
        status = INTERRUPTED
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)
