"""The exit statuses, and command classes that exit with them."""

from __future__ import annotations

from typing import IO, Any

import click

from jobsetgen.cli.printing import complain
from jobsetgen.stop import Cause, StopError

STATUS: dict[Cause, int] = {"input": 1, "usage": 2, "machine": 3, "different": 4}
"""The exit status by cause. 0 is success."""


class Command(click.Command):
    """A command that exits with the status of the StopError that stopped it."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except StopError as stop:
            raise _click_exception(stop, ctx) from stop


class Group(click.Group):
    """A group of such commands."""

    command_class = Command


class _StoppedError(click.ClickException):
    """A StopError of a command that was called correctly."""

    def __init__(self, stop: StopError) -> None:
        super().__init__(stop.message)
        self.exit_code = STATUS[stop.cause]  # type: ignore[misc]

    def show(self, file: IO[Any] | None = None) -> None:
        if self.message:
            complain(self.message)


def _click_exception(stop: StopError, ctx: click.Context) -> click.ClickException:
    if stop.cause == "usage":
        return click.UsageError(stop.message, ctx)
    return _StoppedError(stop)
