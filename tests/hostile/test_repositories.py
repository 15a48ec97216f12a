"""A sample of hostile repositories; `make hostile` runs 1,000 and writes docs/hostile-repositories.json."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.cases import ROOT
from tests.hostile.generator import LIGHT, in_turn, make
from tests.hostile.opened import foreign_paths
from tests.hostile.place import Place, fill
from tests.hostile.running import COMMANDS, HOOK, Command, Ended, as_user, run, why_not
from tests.hostile.series import earlier, ground, own, play
from tests.hostile.watching import state, wrong

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not())

SAMPLE = 50
# They take seconds; `make hostile` has them.
_SLOW = {"200 sets", "200 projects", "3,000 manifests", "3,000 folders", "YAML: a scalar of 9 MB"}
_NUMBERS = [number for number, name in enumerate(in_turn()) if name not in _SLOW][:SAMPLE]


@pytest.fixture(scope="module")
def top() -> Iterator[Path]:
    with ground() as folder:
        yield folder


@pytest.fixture(scope="module")
def built(top) -> Path:
    return earlier(top)


@pytest.fixture
def place(top, request) -> Place:
    """A repository without a trick."""
    found = Place(own(top / f"plain-{abs(hash(request.node.name))}"), Random(0))
    with as_user():
        fill(found)
    return found


@pytest.mark.parametrize("number", _NUMBERS, ids=lambda number: in_turn()[number])
def test_a_hostile_repository_is_held_off(number, top, built):
    # Each meets one command in turn, or a build and its check.
    generate, build, check, build_each, check_each = COMMANDS
    commands = ((generate,), (build, check), (check,), (build_each, check_each), (check_each,))[number % 5]
    assert play(number, top, built, commands).wrong == []


def test_the_sample_has_every_kind_of_trick():
    names = in_turn()
    assert all(any(names[number] in tricks for number in _NUMBERS) for tricks in LIGHT.values())


def test_the_same_number_is_the_same_repository(top, built):
    states = []
    for name in ("one", "two"):
        place = Place(own(top / name), Random(7))
        with as_user():
            make(place, ["a case of a rule", "an output with other bytes"], built)
        states.append({path.removeprefix(bytes(place.top)): each.content for path, each in state(place.top).items()})
    assert states[0] == states[1]


def ended(place: Place, command: Command, out: bytes = b"", err: bytes = b"", status: int = 0) -> list[str]:
    """Return what is wrong with a command that has changed nothing."""
    now = state(place.top)
    return wrong(place, command, Ended(status, 0.1, 0.1, 10**6, out, err), now, now)


def test_what_is_printed_is_looked_at(place):
    assert ended(place, COMMANDS[0]) == []
    assert ended(place, COMMANDS[0], out=b"root:x:0:0:") == ["root:x:0:0 was printed"]
    assert ended(place, COMMANDS[0], err=b"Traceback (most recent call last)", status=1) == ["a traceback"]
    assert ended(place, COMMANDS[0], err=b"\x1b[2J") == ["raw control characters [27]"]
    assert ended(place, COMMANDS[0], status=-24) == ["status -24"]
    assert ended(place, COMMANDS[0], out=b"kind: Job\n", status=1) == ["output beside an error"]


@pytest.mark.parametrize("name", ["outside/new", "home/.cache/x", "tmp/x", "repository/app/jobset.yaml"])
def test_what_is_written_beside_is_seen(place, name):
    before = state(place.top)
    path = place.top / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("changed\n")
    found = wrong(place, COMMANDS[1], Ended(0, 0.1, 0.1, 10**6, b"", b""), before, state(place.top))
    assert f"{path} was changed" in found


def test_half_an_output_is_seen(place):
    assert run(place, COMMANDS[1]).status == 0
    before = state(place.top)
    (place.out / "README.md").write_text("half\n")
    (place.out / ".jobsetgen-x.tmp").write_text("")
    found = wrong(place, COMMANDS[1], Ended(3, 0.1, 0.1, 10**6, b"", b""), before, state(place.top))
    assert f"{place.out}/.jobsetgen-x.tmp was left" in found
    assert f"status 3, but {place.out}/README.md was changed" in found


@pytest.mark.parametrize("command", [*COMMANDS[:3], HOOK], ids=lambda command: command.name)
@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_only_known_paths_are_opened(place, command):
    place.link("app/more.yaml", place.outside / "secret.yaml")
    log = place.top / "tmp" / "opened"
    run(place, command, lead=[shutil.which("strace"), "-f", "-y", "-qq", "-e", "trace=%file", "-o", str(log)])
    assert log.stat().st_size > 0
    assert foreign_paths(log.read_text(errors="replace"), place) == []


def test_the_committed_figures_are_of_a_series_without_a_failure():
    figures = json.loads((ROOT / "docs" / "hostile-repositories.json").read_text())
    assert figures["failed"] == []
    assert all(row["largest MB"] <= 1000 and row["slowest s"] <= 45 for row in figures["commands"].values())
    assert {int(status) for row in figures["commands"].values() for status in row["statuses"]} <= {0, 1, 2, 3}
