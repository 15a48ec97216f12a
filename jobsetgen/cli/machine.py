"""What the machine refuses, though input and usage are right."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import click

STATUS = 3
"""The exit status where the machine is what has to be changed."""


class MachineError(click.ClickException):
    """A folder that cannot be written, a full disk, a program that is missing. Ends the command with status 3."""

    exit_code = STATUS

    def show(self, file: IO[Any] | None = None) -> None:
        """Print one line, without the usage: that was right."""
        (file or sys.stderr).write(f"jobsetgen: {self.format_message()}\n")


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Raise MachineError where a block cannot write a path."""
    try:
        yield
    except OSError as error:
        raise MachineError(f"cannot write {path}: {error.strerror}") from error
