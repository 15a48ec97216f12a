"""The exit statuses, and command classes that exit with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import IO, Any

import click

from jobsetgen.cli.printing import complain
from jobsetgen.stop import Cause, StopError

STATUS: dict[Cause, int] = {"input": 1, "usage": 2, "machine": 3, "different": 4}
"""The exit status by cause. 0 is success."""

INTERRUPTED = 130
NO_READER = 141
"""The statuses that shells report for programs ended by SIGINT and SIGPIPE."""

_NO_MEMORY = "not enough memory: compile fewer or smaller files at a time, or raise the limit"


class AbandonError(BaseException):
    """The process ends at once and quietly: it was interrupted, or nobody reads its output.

    Not an Exception, so that handlers of errors do not catch it.
    """

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class _Helpful(click.Command):
    """A command that suggests an option for a mistyped one.

    Its help ends with examples: command lines, by what they do.
    """

    def __init__(
        self, *args: Any, examples: Mapping[str, str] | None = None, **attributes: Any
    ) -> None:
        super().__init__(*args, **attributes)
        self.examples = examples or {}

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments. Raises UsageError for an unknown option."""
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            known = (name for param in self.get_params(ctx) for name in param.opts)
            ctx.fail(_unknown("option", error.option_name, known))

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples."""
        from jobsetgen.cli.help import write_examples

        super().format_epilog(ctx, formatter)
        write_examples(self.examples, formatter)


class Command(_Helpful):
    """A command that exits with the status of the StopError that stopped it."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except StopError as stop:
            raise _click_exception(stop, ctx) from stop
        except MemoryError as error:
            raise _StoppedError(StopError("machine", _NO_MEMORY)) from error


class Group(_Helpful, click.Group):
    """A group of such commands; it suggests one for a name that it does not have."""

    command_class = Command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the arguments name. Raises UsageError if there is none."""
        name = args[0]
        is_known = name.startswith("-") or self.get_command(ctx, name) is not None
        if not is_known and not ctx.resilient_parsing:
            ctx.fail(_unknown("command", name, self.list_commands(ctx)))
        return super().resolve_command(ctx, args)


def _unknown(kind: str, name: str, known: Iterable[str]) -> str:
    """Return the message for an unknown command or option, with a suggestion if one is near."""
    from jobsetgen.words import near

    return f"No such {kind} {name!r}. {near(name, known)}".rstrip()


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
