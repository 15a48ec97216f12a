"""Make a hostile repository, run the commands in it, and say what they did wrong."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.hostile.generator import kind_of, make, tricks_of
from tests.hostile.place import Place, fill
from tests.hostile.running import COMMANDS, HOOK, Command, Ended, as_user, run, user
from tests.hostile.watching import state, wrong


@dataclass
class Played:
    """A repository by its number: its tricks, how each command ended, and what was wrong."""

    number: int
    tricks: list[str]
    ended: dict[str, Ended] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


@contextmanager
def ground() -> Iterator[Path]:
    """Return a folder for repositories, which the unprivileged user can reach."""
    top = Path(tempfile.mkdtemp(prefix="hostile-", dir="/tmp"))
    top.chmod(0o755)
    try:
        yield top
    finally:
        remove(top)


def earlier(top: Path) -> Path:
    """Return a folder with what is built of a repository without tricks."""
    place = Place(own(top / "earlier"), Random(0))
    with as_user():
        fill(place)
    ended = run(place, COMMANDS[1])
    assert ended.status == 0, ended.err.decode()
    return place.out


def play(number: int, top: Path, built: Path, commands: Sequence[Command] = COMMANDS) -> Played:
    """Run commands in the repository of a number."""
    played = Played(number, tricks_of(number))
    place = Place(own(top / str(number)), Random(number))
    try:
        with as_user():
            make(place, played.tricks, built)
        runs_git = any(kind_of(name) == "git" for name in played.tricks)
        for command in [*commands, HOOK] if runs_git else commands:
            _run(place, command, played)
    finally:
        remove(place.top)
    return played


def _run(place: Place, command: Command, played: Played) -> None:
    # Argo CD refuses a repository with a link that leads out of it before it starts a plugin.
    if command.is_in_app and (place.app.is_symlink() or not place.app.is_dir()):
        return
    before = state(place.top)
    ended = run(place, command)
    after = state(place.top)
    played.ended[command.name] = ended
    found = [*wrong(place, command, ended, before, after), *_inconsistent(place, command, played)]
    played.wrong += [f"{command.name}: {each}" for each in found]


def _inconsistent(place: Place, command: Command, played: Played) -> Iterator[str]:
    """Yield that a check fails after a build that has succeeded."""
    kind, _, way = command.name.partition(" ")
    built = played.ended.get(f"build {way}")
    if kind == "check" and built is not None and not place.meanwhile:
        has_built = built.status == 0 and not built.err.startswith(b"Usage")
        if has_built and played.ended[command.name].status:
            yield "fails after a build"


def own(folder: Path) -> Path:
    """Make a folder of the unprivileged user."""
    folder.mkdir()
    folder.chmod(0o755)
    if user() >= 0:
        shutil.chown(folder, user(), user())
    return folder


def remove(folder: Path) -> None:
    """Remove a folder of any depth, whatever modes are in it."""
    subprocess.run(["chmod", "-R", "u+rwx", str(folder)], capture_output=True, check=False)
    subprocess.run(["rm", "-rf", str(folder)], check=True)
