"""The exception that stops a command. cli/ maps it to an exit status."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import Path

Cause = Literal["input", "usage", "machine", "different"]


class StopError(Exception):
    """The command cannot continue.

    The cause is the input, invalid usage, the machine (output that is not writable, a full disk, a
    missing program), or a difference that was asked to stop. Without a message, the problem has
    already been reported. `file` is the file at fault, if it is one.
    """

    def __init__(self, cause: Cause, message: str = "", file: str = "") -> None:
        super().__init__(message)
        self.cause = cause
        self.message = message
        self.file = file


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Convert OSErrors in a block that writes a path to StopErrors caused by the machine."""
    try:
        yield
    except OSError as error:
        raise StopError("machine", f"cannot write {path}: {error.strerror}") from error
