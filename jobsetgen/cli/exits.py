"""The exit statuses, and how a command ends with one of them."""

from __future__ import annotations

from typing import IO, Any

import click

from jobsetgen.cli.printing import complain
from jobsetgen.stop import Cause, StopError

STATUS: dict[Cause, int] = {"input": 1, "usage": 2, "machine": 3}
"""The exit status by what has to change. 0 is success."""


class Command(click.Command):
    """A command that ends with the status of what stopped it."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except StopError as stop:
            raise _ending(stop, ctx) from stop


class Group(click.Group):
    """A group of such commands."""

    command_class = Command


class _Ended(click.ClickException):
    """The end of a command that was called in the right way."""

    def __init__(self, stop: StopError) -> None:
        super().__init__(stop.message)
        self.exit_code = STATUS[stop.cause]  # type: ignore[misc]

    def show(self, file: IO[Any] | None = None) -> None:
        if self.message:
            complain(self.message)


def _ending(stop: StopError, ctx: click.Context) -> click.ClickException:
    if stop.cause == "usage":
        return click.UsageError(stop.message, ctx)
    return _Ended(stop)
