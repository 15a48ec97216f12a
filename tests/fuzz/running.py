"""Run a command in this process, as the program would, or in a process of its own."""

from __future__ import annotations

import contextlib
import io
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple, NoReturn

from jobsetgen.cli.main import jobsetgen
from jobsetgen.project import discovery
from tests.fuzz.case import Case, Command

_CACHES: list[Any] = [each for each in vars(discovery).values() if hasattr(each, "cache_clear")]

MEMORY = 2_000_000_000
"""Bytes of address space that a process may have."""


class Done(NamedTuple):
    """How a command ended: its status, what it printed, and the processor time that it took."""

    command: Command
    status: int
    out: bytes
    err: bytes
    seconds: float = 0.0


class RunawayError(BaseException):
    """A command takes more processor time than any input of its size does."""


@contextlib.contextmanager
def in_folder(folder: Path, case: Case) -> Iterator[None]:
    """Make a folder the current one, with the files of a case and nothing else, and set the variables of the case."""
    os.chdir(folder)
    _empty(folder)
    for name, content in case.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    before = dict(os.environ)
    for name in [name for name in os.environ if name.startswith(("ARGOCD_", "GIT_", "PRE_COMMIT", "KUBE_VERSION"))]:
        del os.environ[name]
    # No repository that this folder happens to be in counts.
    os.environ.update({"GIT_CEILING_DIRECTORIES": str(folder.parent), **case.environment})
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _empty(folder: Path) -> None:
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            _empty(Path(entry.path))
            os.rmdir(entry.path)
        else:
            os.unlink(entry.path)


def run(command: Command, stdin: bytes = b"", seconds: float = 30.0) -> Done:
    """Run a command in this process. Raises RunawayError after so much processor time."""
    # A process finds the projects of a folder once; here, the next input is in the same folder.
    for cached in _CACHES:
        cached.cache_clear()
    before = sys.stdin, sys.stdout, sys.stderr, sys.argv
    out, err = io.BytesIO(), io.BytesIO()
    streams = io.TextIOWrapper(io.BytesIO(stdin)), _writer(out), _writer(err)
    sys.stdin, sys.stdout, sys.stderr = streams
    sys.argv = ["jobsetgen", *command]
    status = 0
    start = time.process_time()
    try:
        with _limited(seconds):
            jobsetgen(list(command), prog_name="jobsetgen")
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    finally:
        sys.stdin, sys.stdout, sys.stderr, sys.argv = before
    used = time.process_time() - start
    for stream in streams[1:]:
        stream.flush()
    return Done(command, status, out.getvalue(), err.getvalue(), used)


def _writer(stream: io.BytesIO) -> io.TextIOWrapper:
    return io.TextIOWrapper(stream, encoding="utf-8", errors="backslashreplace", newline="\n")


@contextlib.contextmanager
def _limited(seconds: float) -> Iterator[None]:
    before = signal.signal(signal.SIGPROF, _late)
    signal.setitimer(signal.ITIMER_PROF, seconds, 1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _late(_number: int, _frame: FrameType | None) -> NoReturn:
    raise RunawayError


def run_process(command: Command, stdin: bytes = b"") -> Done:
    """Run a command in a process of its own, in the current folder."""
    program = [sys.executable, "-c", "from jobsetgen.cli.program import main; main()", *command]
    done = subprocess.run(
        program, input=stdin, capture_output=True, check=False, preexec_fn=limit_memory, env=_environment()
    )
    return Done(command, done.returncode, done.stdout, done.stderr)


def _environment() -> Mapping[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(each for each in sys.path if each)}


def limit_memory() -> None:
    """Limit the address space of this process, and of all that it starts."""
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    least = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_AS, (least, hard))
