"""A child process is limited in time, memory, output and what it may do, and its parent always goes on."""

from __future__ import annotations

import os
import resource
import signal

import pytest

from jobsetgen.overlays import child
from jobsetgen.overlays.child import MOST_OUTPUT, run_in_child

MANY_FILES = 1_300


def test_the_output_of_the_work_is_returned():
    outcome = run_in_child(lambda write: write(b"done"), 1)
    assert (outcome.output, outcome.error) == (b"done", None)


def spin(write):
    write(b"begun")
    while True:
        pass


def test_work_without_end_is_stopped_and_what_it_wrote_is_kept():
    outcome = run_in_child(spin, 1)
    assert (outcome.output, outcome.error) == (b"begun", "time")
    assert 0.5 < outcome.seconds < 2.5


def sleep(write):
    write(b"begun")
    signal.pause()


def test_a_child_that_waits_for_ever_is_killed(monkeypatch):
    monkeypatch.setattr(child, "_WALL_SECONDS", 0.2)
    assert run_in_child(sleep, 1).error == "time"


def closed_and_asleep(write):
    write(b"begun")
    os.closerange(0, 100)
    signal.pause()


def test_a_child_that_closes_its_pipe_and_waits_is_killed(monkeypatch):
    monkeypatch.setattr(child, "_WALL_SECONDS", 0.2)
    assert run_in_child(closed_and_asleep, 1).error == "time"


def test_memory_is_limited():
    outcome = run_in_child(lambda write: write(b"x" * 10**9), 1)
    assert (outcome.output, outcome.error) == (b"", "memory")


def flood(write):
    while True:
        write(b"x" * 100_000)


def test_output_is_limited():
    outcome = run_in_child(flood, 5)
    assert outcome.error == "output"
    assert len(outcome.output) < 1.1 * MOST_OUTPUT


@pytest.mark.parametrize(
    "work",
    [
        lambda write: open("/etc/hostname", "rb").close(),
        lambda write: os.pipe(),
        lambda write: os.execv("/bin/true", ["/bin/true"]),
        lambda write: os.kill(os.getpid(), signal.SIGSEGV),
        lambda write: os._exit(1),
        lambda write: 1 / 0,
    ],
    ids=["file", "pipe", "program", "crash", "exit", "exception"],
)
def test_whatever_else_ends_a_child_is_an_error(work):
    assert run_in_child(work, 1).error == "died"


def test_no_process_remains():
    run_in_child(spin, 1)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_no_file_remains_open():
    before = os.listdir("/proc/self/fd")
    run_in_child(lambda write: write(b"a"), 1)
    assert os.listdir("/proc/self/fd") == before


def test_a_parent_may_have_more_open_files_than_select_can_name():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < MANY_FILES:
        pytest.skip(f"at most {hard} open files are allowed here")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, MANY_FILES), hard))
    held = [os.open(os.devnull, os.O_RDONLY) for _ in range(MANY_FILES - 100)]
    try:
        assert run_in_child(lambda write: write(b"done"), 1).output == b"done"
    finally:
        for each in held:
            os.close(each)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
