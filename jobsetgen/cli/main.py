"""The command `jobsetgen`.

Each subcommand is imported only when it is called: a small build must feel instant.
"""

from __future__ import annotations

import importlib
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import click

from jobsetgen.cli.exits import INTERRUPTED, NO_READER, STATUS, AbandonError, Group
from jobsetgen.cli.printing import complain, report_painted
from jobsetgen.release import VERSION
from jobsetgen.review.terminal import harmless

# In the order of the help text.
_GROUPS = {
    "Compile": {
        "build": "Compile to standard output, or to a folder with -o.",
        "validate": "Report every problem in the input.",
        "check": "Fail with a diff if committed output is out of date.",
    },
    "Review": {
        "diff": "Say what a change does to running training, set by set.",
        "explain": "Explain what will run: Jobs, pods, accelerators, names, order, restarts.",
        "graph": "Draw what will run, as Mermaid flowcharts.",
    },
    "Write specs": {
        "init": "Print a commented starter spec.",
        "domains": "List the topology domains of a saved node list.",
        "rule": "Print the documentation of a code, or list all codes.",
        "schema": "Print the JSON Schema of a kind, for editors.",
    },
    "Integrate": {
        "argocd": "Commands for the Argo CD plugin: discover, generate, parameters.",
        "krm": "Replace the JobSets of a ResourceList (KRM function).",
        "completion": "Print a completion script for bash, zsh or fish.",
    },
}
_COMMANDS = [name for commands in _GROUPS.values() for name in commands]


@contextmanager
def _own_errors() -> Iterator[None]:
    """Convert errors before click reports them.

    Messages are escaped, because they may contain the name of an untrusted file. Interrupts and
    closed pipes become AbandonErrors.
    """
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:
        # Its message is the help of a group: lines without any text of the input.
        raise
    except click.ClickException as error:
        error.message = harmless(error.message)  # type: ignore[misc]
        raise
    except KeyboardInterrupt:
        raise AbandonError(INTERRUPTED) from None
    except BrokenPipeError:
        # The reader has closed the pipe, as `head` does.
        raise AbandonError(NO_READER) from None


class _LazyGroup(Group):
    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        with _own_errors():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        with _own_errors():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return _COMMANDS

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"jobsetgen.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from jobsetgen.cli.help import write_commands

        write_commands(_GROUPS, formatter)
        click.Command.format_options(self, ctx, formatter)


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, "-V", "--version", message="%(prog)s %(version)s")
def jobsetgen() -> None:
    """Compile JobSets into plain Kubernetes Jobs, Services and placement rules.

    Exit status: 0 success; 1 the input has errors, or the output is out of date (check, build
    --fail-on-change); 2 invalid usage; 3 the environment failed: output not writable, git not
    found, disk full; 4 diff found what --exit-code or --fail-on asks for; 130 interrupted (Ctrl-C);
    141 the reader of the output closed the pipe.
    """


def main() -> None:
    """Run the command line; the entry point of the installed program."""
    _replace_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        # The same bytes on every machine, whatever its locale and line endings.
        assert isinstance(stream, io.TextIOWrapper)
        stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    try:
        _run()
    except AbandonError as error:
        _abandon_output(error.status)
    except KeyboardInterrupt:
        _abandon_output(INTERRUPTED)
    except BrokenPipeError:
        _abandon_output(NO_READER)
    except OSError as error:
        complain(_reason(error))
        _abandon_output(STATUS["machine"])


def _run() -> None:
    """Run the command, write all that it has printed, and end with SystemExit."""
    try:
        # No variable makes it complete a line: `completion` prints scripts that do not run it.
        status = jobsetgen(prog_name="jobsetgen", complete_var="", standalone_mode=False)
    except click.ClickException as error:
        _show(error)
        status = error.exit_code
    sys.stdout.flush()
    sys.exit(status)


def _show(error: click.ClickException) -> None:
    """Print an error on standard error as click does; where nothing can be written, nothing."""
    text = io.StringIO()
    error.show(text)
    report_painted(text.getvalue())


def _reason(error: OSError) -> str:
    """Return the message for an error that no command has converted."""
    try:
        os.getcwd()
    except OSError as gone:
        return f"cannot find the current folder: {gone.strerror}"
    return f"cannot write the output: {error.strerror or error}"


def _replace_closed_streams() -> None:
    """Replace standard streams that the caller has closed.

    Writing to a closed standard output is an error; other streams are replaced with empty ones.
    """
    if sys.stdin is None:
        sys.stdin = open(os.devnull)  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115
    if sys.stdout is None:
        full = "/dev/full" if os.path.exists("/dev/full") else os.devnull
        sys.stdout = open(full, "w")  # noqa: SIM115


def _abandon_output(status: int) -> None:
    """Exit with a status without letting the interpreter flush the remaining output."""
    with suppress(OSError):
        sys.stderr.flush()
    os._exit(status)
