"""The exception that stops a command. cli/ maps it to an exit status."""

from __future__ import annotations

from typing import Literal

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


class FlagError(StopError):
    """A flag cannot be followed, whatever is being read while that is found out."""

    def __init__(self, message: str) -> None:
        super().__init__("usage", message)
