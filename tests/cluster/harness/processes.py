"""A network of its own, and the processes in it: none outlives its block, whatever ends the block."""

from __future__ import annotations

import ctypes
import os
import secrets
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

_CLONE_NEWNET = 0x40000000
_PREFIX = "jobsetgen-"
_NETWORKS = Path("/run/netns")
_LAST_LINES = 25
# Seconds for what must happen. Where it does happen this costs nothing, so that a busy machine gets time enough.
PATIENCE = 180.0
GRACE = 10.0  # seconds between asking a process to end and ending it


class ProcessError(Exception):
    """A process ended, or never became healthy."""


def until(condition: Callable[[], bool], seconds: float = PATIENCE, pause: float = 0.05, what: str = "") -> None:
    """Wait until something is so; TimeoutError says what never was."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"not within {seconds:g} s: {what or condition}")
        time.sleep(pause)


class Network:
    """A network namespace with nothing but loopback, so that planes side by side can use the same ports."""

    def __init__(self) -> None:
        self.name = f"{_PREFIX}{os.getpid()}-{secrets.token_hex(3)}"
        self.path = _NETWORKS / self.name

    @contextmanager
    def made(self) -> Iterator[Network]:
        """Make it for the length of a block."""
        _sweep()
        try:
            _ip("netns", "add", self.name)
            _ip("-netns", self.name, "link", "set", "lo", "up")
            yield self
        finally:
            if self.path.exists():
                _ip("netns", "delete", self.name)

    def command(self, command: Sequence[str | Path]) -> list[str]:
        """Return a command that runs another inside.

        Not by `ip netns exec`, which mounts another /sys and so hides the cgroups from a kubelet. The kernel kills the
        process when the thread that started it ends, so that even a killed test run leaves none behind.
        """
        enter = ["nsenter", f"--net={self.path}", "setpriv", "--pdeathsig", "KILL", "--"]
        return enter + [str(word) for word in command]

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Let the calling thread, and no other, open its sockets inside; a socket stays where it was opened."""
        home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        try:
            inside = os.open(self.path, os.O_RDONLY)
            try:
                _enter(inside)
            finally:
                os.close(inside)
            try:
                yield
            finally:
                _enter(home)
        finally:
            os.close(home)


def _enter(namespace: int) -> None:
    """Do what os.setns does from Python 3.12 on."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(namespace, _CLONE_NEWNET):
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error), "setns")


def _sweep() -> None:
    """Delete the networks of test runs that were killed; their processes died with them."""
    for path in _NETWORKS.glob(f"{_PREFIX}*"):
        pid = path.name.removeprefix(_PREFIX).partition("-")[0]
        if not Path(f"/proc/{pid}").exists():
            subprocess.run(["ip", "netns", "delete", path.name], capture_output=True, check=False)


def _ip(*arguments: str) -> None:
    done = subprocess.run(["ip", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise ProcessError(f"ip {' '.join(arguments)}: {done.stderr.strip()}")


class Process:
    """One process, with its output in a file."""

    def __init__(self, name: str, command: Sequence[str], log: Path, environment: Mapping[str, str]) -> None:
        self.name, self.log = name, log
        # A session of its own: the terminal's Ctrl-C ends the tests, and they end their processes in order.
        with log.open("ab") as file:
            self.child = subprocess.Popen(
                command,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """Return the process id."""
        return self.child.pid

    @property
    def status(self) -> int | None:
        """Return how it ended, or None while it runs."""
        return self.child.poll()

    def wait_until(self, is_healthy: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Wait for an answer; ProcessError holds the end of the log."""
        end = time.monotonic() + seconds
        while not _holds(is_healthy):
            if self.status is not None:
                raise ProcessError(f"{self.name} ended with {self.status}:\n{self.last_lines()}")
            if time.monotonic() > end:
                raise ProcessError(f"{self.name} is not healthy after {seconds:g} s:\n{self.last_lines()}")
            time.sleep(0.05)

    def last_lines(self) -> str:
        """Return the end of what it said."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-_LAST_LINES:])

    def end(self, patience: float = GRACE) -> None:
        """Ask it to end, and end it when it does not."""
        try:
            if self.status is None:
                self.child.send_signal(signal.SIGTERM)
                with suppress(subprocess.TimeoutExpired):
                    self.child.wait(patience)
        finally:
            self.kill()

    def kill(self) -> None:
        """End it at once, as a node that loses power would."""
        self.child.kill()
        self.child.wait()


def _holds(is_healthy: Callable[[], bool]) -> bool:
    """Whether it answers well; one that is not up yet refuses connections."""
    try:
        return is_healthy()
    except OSError:
        return False
