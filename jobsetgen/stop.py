"""The one exception for "cannot go on". What it means for the exit status is decided in cli/."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

Cause = Literal["input", "usage", "machine"]


class StopError(Exception):
    """Nothing further can be done until the cause has changed.

    The cause is the input, the way a program was called, or the machine: a folder that cannot be
    written, a full disk, a program that is missing. Without a message everything has been said.
    """

    def __init__(self, cause: Cause, message: str = "") -> None:
        super().__init__(message)
        self.cause = cause
        self.message = message


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Raise StopError, with the machine as its cause, where a block cannot write a path."""
    try:
        yield
    except OSError as error:
        raise StopError("machine", f"cannot write {path}: {error.strerror}") from error
