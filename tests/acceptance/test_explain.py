"""`explain` on a terminal."""

from __future__ import annotations

from tests.acceptance.processes import PROGRAM, run
from tests.acceptance.terminals import Terminal


def test_facts_are_wrapped_to_the_terminal_and_nowhere_else(app):
    command = ("explain", "-n", "training", "jobset.yaml")
    with Terminal([PROGRAM, *command], app, columns=60) as terminal:
        assert terminal.wait() == 0
    piped = run(*command, folder=app).stdout.decode()
    words = piped.split()
    # A terminal also shows the summary, which is on standard error.
    assert terminal.shown.split()[: len(words)] == words
    assert max(map(len, piped.splitlines())) > 100
    too_long = [line for line in terminal.shown.splitlines() if len(line) > 60]
    # Names stay whole, so that they can be copied.
    assert all(len(line.split()) == 1 for line in too_long)
