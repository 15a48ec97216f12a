"""How a command ends: its exit status tells who has to change something, and only a wrong call shows how to call."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner, Result

from jobsetgen.cli.exits import STATUS, Command, Group
from jobsetgen.stop import Cause, StopError

CAUSES: list[tuple[Cause, int]] = [("input", 1), ("usage", 2), ("machine", 3), ("different", 4)]
BANNER = "Usage: tool [OPTIONS]\nTry 'tool --help' for help.\n\nError: "


def test_a_command_that_has_not_enough_memory_says_so():
    def run() -> None:
        raise MemoryError

    done = CliRunner().invoke(Command("tool", callback=run))
    assert done.exit_code == 3
    assert done.stderr.startswith("jobsetgen: not enough memory")


def ended(stop: StopError | None, *arguments: str, is_below: bool = False) -> Result:
    """Return how a command ends that stops, or one of that kind in a group."""

    def run() -> None:
        click.echo("printed before")
        if stop is not None:
            raise stop

    command: click.Command = Command("tool", callback=run)
    if is_below:
        group = Group("group")
        group.command("tool")(run)
        command, arguments = group, ("tool", *arguments)
    return CliRunner().invoke(command, list(arguments), prog_name="group" if is_below else "tool")


def test_every_cause_has_a_status_of_its_own():
    assert list(STATUS.items()) == CAUSES


@pytest.mark.parametrize("is_below", [False, True], ids=["command", "in a group"])
@pytest.mark.parametrize(("cause", "status"), CAUSES)
def test_the_cause_decides_the_status(cause, status, is_below):
    assert ended(StopError(cause, "no way"), is_below=is_below).exit_code == status


@pytest.mark.parametrize("cause", ["input", "machine", "different"])
def test_a_right_call_ends_with_a_sentence_and_nothing_about_calls(cause):
    result = ended(StopError(cause, "the disk is full"))
    assert (result.stdout, result.stderr) == ("printed before\n", "jobsetgen: the disk is full\n")


def test_a_wrong_call_shows_how_to_call():
    result = ended(StopError("usage", "no such folder"))
    assert result.stderr == f"{BANNER}no such folder\n"


def test_so_does_one_that_the_command_line_itself_refuses():
    result = ended(None, "--fast")
    assert (result.exit_code, result.stdout) == (STATUS["usage"], "")
    assert result.stderr.startswith(BANNER)


def test_a_command_in_a_group_shows_how_it_is_called_itself():
    result = ended(StopError("usage", "no such folder"), is_below=True)
    assert result.stderr.startswith("Usage: group tool [OPTIONS]\n")


@pytest.mark.parametrize("cause", ["input", "machine", "different"])
def test_where_everything_has_been_said_nothing_more_is(cause):
    result = ended(StopError(cause))
    assert (result.exit_code, result.stderr) == (STATUS[cause], "")


def test_a_command_that_does_not_stop_is_done():
    assert (ended(None).exit_code, ended(None).stderr) == (0, "")


def test_a_mistake_of_ours_is_not_hidden():
    def run() -> None:
        raise ZeroDivisionError

    assert isinstance(CliRunner().invoke(Command("tool", callback=run)).exception, ZeroDivisionError)
