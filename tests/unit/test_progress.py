"""Progress: which loop is counted, when the line is drawn, and that it is gone before anything is printed."""

from __future__ import annotations

import io
from contextlib import contextmanager, redirect_stderr, redirect_stdout

import pytest

from jobsetgen.cli import printing
from jobsetgen.cli.progress_line import shown_progress
from jobsetgen.progress import counted, counted_of, observed


@pytest.fixture
def told():
    """What an observer is told while a test runs."""
    found = []
    with observed(lambda work, done, total: found.append((work, done, total))):
        yield found


def test_each_item_is_told_before_it_is_taken(told):
    seen = [(item, len(told)) for item in counted("Reading", ["a", "b"])]
    assert seen == [("a", 1), ("b", 2)]
    assert told == [("Reading", 0, 2), ("Reading", 1, 2)]


def test_of_nested_loops_the_outer_one_is_counted(told):
    for _ in counted("Compiling", [1, 2]):
        assert list(counted("Reading", ["a", "b", "c"])) == ["a", "b", "c"]
    assert {work for work, _, _ in told} == {"Compiling"}


def test_a_loop_over_one_item_leaves_the_count_to_the_loops_inside(told):
    for _ in counted("Compiling", [1]):
        list(counted("Reading", ["a", "b"]))
    assert told == [("Compiling", 0, 1), ("Reading", 0, 2), ("Reading", 1, 2)]


def test_after_a_loop_that_was_left_early_the_next_is_counted(told):
    with pytest.raises(ZeroDivisionError):
        read_and_fail()
    list(counted("Reading", ["a", "b"]))
    assert ("Reading", 1, 2) in told


def test_without_an_observer_nothing_is_counted():
    items = ["a", "b"]
    assert counted("Reading", items) is items
    assert counted_of("Reading", items, lambda: 1 // 0) is items


@pytest.fixture(autouse=True)
def columns(monkeypatch):
    monkeypatch.setenv("COLUMNS", "50")


@contextmanager
def screen(*seconds):
    """Yield what appears on a terminal while a clock reads these times, one after another."""
    stream = io.StringIO()
    with redirect_stdout(stream), redirect_stderr(stream), shown_progress(iter(seconds).__next__):
        yield stream


def test_the_line_appears_after_a_second_and_then_every_tenth():
    with screen(10, 10.9, 11, 11.05, 11.2) as shown:
        list(counted("Reading files", range(4)))
    assert shown.getvalue() == (
        "\rReading files [######..................] 1 of 4\x1b[K"
        "\rReading files [##################......] 3 of 4\x1b[K"
        "\r\x1b[K"
    )


@pytest.mark.parametrize("say", [printing.complain, printing.report, printing.show, printing.give])
def test_it_is_gone_before_anything_is_printed(say):
    with screen(0, 5) as shown:
        next(iter(counted("Reading files", range(2))))
        say("words\n")
    before, after = shown.getvalue().split("words")
    assert before.startswith("\rReading files [")
    assert before.removesuffix("jobsetgen: ").endswith("2\x1b[K\r\x1b[K")
    assert "\x1b[K" not in after


@pytest.mark.parametrize(
    ("say", "comes_back"),
    [(printing.complain, True), (printing.report, True), (printing.show, False), (printing.give, False)],
)
def test_it_comes_back_after_a_message_but_not_into_the_output(say, comes_back):
    with screen(0, 5, 6) as shown:
        loop = iter(counted("Reading files", range(2)))
        next(loop)
        say("words\n")
        next(loop)
    assert ("1 of 2" in shown.getvalue()) is comes_back


def read_and_fail():
    for _ in counted("Reading files", range(2)):
        raise ZeroDivisionError


def test_it_is_gone_after_an_error():
    with pytest.raises(ZeroDivisionError), screen(0, 5) as shown:
        read_and_fail()
    assert shown.getvalue().endswith("2\x1b[K\r\x1b[K")


def test_it_is_cut_to_the_width_of_the_terminal(monkeypatch):
    monkeypatch.setenv("COLUMNS", "20")
    with screen(0, 5) as shown:
        next(iter(counted("Reading files", range(2))))
    assert shown.getvalue() == "\rReading files [....\x1b[K\r\x1b[K"


class ATerminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("stream", "variables", "is_shown"),
    [
        (ATerminal, {"TERM": "xterm", "CI": ""}, True),
        (ATerminal, {"TERM": "xterm", "CI": "true"}, False),
        (ATerminal, {"TERM": "dumb", "CI": ""}, False),
        (io.StringIO, {"TERM": "xterm", "CI": ""}, False),
    ],
)
def test_only_somebody_who_watches_is_shown_the_progress(stream, variables, is_shown, monkeypatch):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with redirect_stderr(stream()):
        assert printing.can_show_status() is is_shown
