"""A program in a terminal of its own."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import time
from pathlib import Path
from types import TracebackType

import pytest

_PATIENCE = 60


class Terminal:
    """A program that somebody watches and types to. `shown` is all that has appeared so far."""

    def __init__(self, command: list[str | Path], folder: Path, columns: int = 80, **variables: str) -> None:
        self._own, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        # CI sets variables that turn off what is shown to people.
        inherited = {name: text for name, text in os.environ.items() if name not in ("CI", "COLUMNS", "LINES")}
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**inherited, "TERM": "xterm", **variables},
            start_new_session=True,
            # The terminal that Ctrl-C comes from.
            preexec_fn=lambda: fcntl.ioctl(theirs, termios.TIOCSCTTY, 0),
        )
        os.close(theirs)
        self.shown = ""

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._own)

    def type(self, text: str) -> None:
        """Type text."""
        os.write(self._own, text.encode())

    def wait_for(self, text: str) -> None:
        """Wait until a text has appeared."""
        end = time.monotonic() + _PATIENCE
        while text not in self.shown:
            if time.monotonic() > end or not self._read():
                pytest.fail(f"no {text!r} in {self.shown!r}")

    def wait(self) -> int:
        """Wait for the program to end; return its status."""
        while self._read():
            pass
        return self.process.wait(_PATIENCE)

    def _read(self) -> bool:
        """Read what appears next; return whether anything may follow."""
        ready, _, _ = select.select([self._own], [], [], _PATIENCE)
        assert ready, f"nothing happens after {self.shown!r}"
        try:
            content = os.read(self._own, 65536)
        except OSError:  # Linux's way to say that the program has closed the terminal
            return False
        self.shown += content.decode(errors="replace")
        return bool(content)
