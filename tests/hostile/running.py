"""The commands that meet a hostile repository, each in a process of an unprivileged user, with limits."""

from __future__ import annotations

import functools
import json
import os
import site
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

from tests.cases import ROOT, yaml
from tests.hostile.place import SECRET, Place

NOBODY = 65534
SECONDS = 45
BYTES = 10**9
_MOST_WRITTEN = 3 * 10**9
_LAUNCHER = Path(__file__).with_name("launch.py")
_PROGRAM = "from jobsetgen.cli.program import main; import sys; sys.argv[0] = 'jobsetgen'; main()"
# What is installed beside the interpreter that runs the tests.
_PATHS = os.pathsep.join([str(ROOT), *site.getsitepackages()])


@dataclass(frozen=True)
class Command:
    """A command line, the folder it runs in, and whether it may write."""

    name: str
    words: tuple[str, ...]
    is_in_app: bool = False
    writes: bool = False


_PLUGIN = tuple(yaml("deploy/argocd/plugin.yaml")["spec"]["generate"]["command"][1:])
COMMANDS = (
    Command("argocd generate", _PLUGIN, is_in_app=True),
    Command("build -o", ("build", "-o", "out", "app"), writes=True),
    Command("check -o", ("check", "-o", "out", "app")),
    Command("build --each", ("build", "--each", "."), writes=True),
    Command("check --each", ("check", "--each", ".")),
)
"""In the order in which they run: a check follows each build."""


HOOK = Command("build --each --fail-on-change", ("build", "--each", "--fail-on-change", "."), writes=True)
"""What the hook of pre-commit runs, the only one of these commands that starts git."""


@dataclass(frozen=True)
class Ended:
    """How a command ended: its status, what it used, and what it printed."""

    status: int
    seconds: float
    elapsed: float
    bytes: int
    out: bytes
    err: bytes


def user() -> int:
    """Return the user to run commands as, or -1 for the one that runs the tests."""
    return NOBODY if os.geteuid() == 0 else -1


@functools.cache
def interpreter() -> str:
    """Return a Python that an unprivileged user may run, with what jobsetgen needs; empty if there is none."""
    imports = "import jobsetgen.cli.build, jobsetgen.cli.check, jobsetgen.pipeline"
    for path in (sys.executable, "/usr/local/bin/python3", "/usr/bin/python3"):
        command = _launched(os.devnull, [path, "-B", "-c", imports])
        done = subprocess.run(command, env={"PYTHONPATH": _PATHS}, cwd="/", capture_output=True, check=False)
        if not done.stderr:
            return path
    return ""


def why_not() -> str:
    """Return why nothing can run as an unprivileged user here, or an empty string."""
    return "" if interpreter() else "no unprivileged user may run a Python that has jobsetgen and what it needs"


@contextmanager
def as_user() -> Iterator[None]:
    """Do what a block does as the unprivileged user."""
    if user() < 0:
        yield
        return
    os.setegid(user())
    os.seteuid(user())
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)


def run(place: Place, command: Command, lead: Sequence[str] = ()) -> Ended:
    """Run a command in a repository; `lead` are the words of a program that runs it, such as strace."""
    folder = place.app if command.is_in_app else place.repository
    result = place.top / "result.json"
    words = [*lead, interpreter(), "-B", "-c", _PROGRAM, *command.words]
    output = {name: place.top / f"{name}.txt" for name in ("out", "err")}
    ended = Event()
    threads = [Thread(target=each, args=(ended,)) for each in place.meanwhile]
    for thread in threads:
        thread.start()
    begun = time.monotonic()
    try:
        with output["out"].open("wb") as out, output["err"].open("wb") as err:
            subprocess.run(
                _launched(str(result), words),
                cwd=folder,
                env=_environment(place),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                check=True,
            )
    finally:
        elapsed = time.monotonic() - begun
        ended.set()
        for thread in threads:
            thread.join()
    found = json.loads(result.read_text())
    texts = {name: path.read_bytes() for name, path in output.items()}
    for path in (result, *output.values()):
        path.unlink()
    return Ended(elapsed=elapsed, **found, **texts)


def _launched(result: str, command: Sequence[str]) -> list[str]:
    """Return the command line that runs a command as the user, with limits."""
    limits = map(str, (result, user(), SECONDS, _MOST_WRITTEN))
    return [sys.executable, "-I", "-S", str(_LAUNCHER), *limits, "--", *command]


def _environment(place: Place) -> dict[str, str]:
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "PYTHONPATH": _PATHS,
        "PYTHONUTF8": "1",
        "HOME": str(place.home),
        "TMPDIR": str(place.temporary),
        "LANG": "C.UTF-8",
        "ARGOCD_APP_NAME": "train",
        "ARGOCD_APP_NAMESPACE": "research",
        "KUBE_VERSION": "1.31",
        "A_TOKEN": SECRET,
    }
