"""Hostile projects end in a clear error, within two seconds of processor time and 300 MB.

`make hostile` builds all of them and traces each kind; other runs take every fifth one, and trace every third kind.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.hostile.machine import slowness
from tests.hostile.opened import foreign_paths
from tests.hostile.place import Place, fill
from tests.hostile.projects import bases, kustomizations, patches, renames, templates, values
from tests.hostile.projects.tree import HostileProject
from tests.hostile.running import Command, Ended, as_user, run, why_not
from tests.hostile.series import ground, own, remove
from tests.hostile.watching import state, wrong

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not())

SECONDS = 2.0
BYTES = 300_000_000
BUILD = Command("build", ("build", "app"))
MODULES = (templates, values, bases, patches, renames, kustomizations)
ALL: list[HostileProject] = [each for module in MODULES for each in module.PROJECTS]
IS_WHOLE = "JOBSETGEN_ALL_HOSTILE_PROJECTS" in os.environ
SAMPLE = ALL if IS_WHOLE else ALL[::5]
# One of each kind, and what names other hosts or other people's files.
TRACED = (
    "template: an inclusion of /etc/passwd",
    "schema: of another host",
    "schema: a link out of the tree",
    "base: a remote one three levels down",
    "base: a folder outside by a link",
    "base: a project file outside by a link",
    "base: a patch outside by a link",
    "base: the environment",
    "patch: a file of a URL",
    "rename: 3,000 references",
    "kustomize: a repository three levels down",
    "kustomize: a linked resource",
)
_SAID = re.compile(r"JSG[0-9]{3}: .{8,}")


@pytest.fixture(scope="module")
def top() -> Iterator[Path]:
    with ground() as folder:
        yield folder


@pytest.fixture
def place(top) -> Iterator[Place]:
    found = Place(own(top / "place"), Random(0))
    yield found
    remove(found.top)


def make(place: Place, project: HostileProject) -> None:
    with as_user():
        fill(place)
        project.make(place)


@pytest.mark.parametrize("project", SAMPLE, ids=lambda project: project.name)
def test_a_hostile_project_is_held_off(project, place):
    make(place, project)
    before = state(place.top)
    ended = _within_time(place)
    assert wrong(place, BUILD, ended, before, state(place.top)) == []
    assert ended.bytes <= BYTES
    if not project.said:
        assert (ended.status, ended.err) == (0, b"") or b"error" not in ended.err
        return
    report = ended.err.decode()
    assert (ended.status, ended.out) == (1, b""), report[:1_000]
    assert project.is_said_in(report), report[:1_000]


def _within_time(place: Place) -> Ended:
    """Return how a build has ended; it is run again if it took too long, for a machine is busy."""
    for _ in range(3):
        ended = run(place, BUILD)
        if ended.seconds <= SECONDS:
            return ended
    assert ended.seconds <= SECONDS * slowness()
    return ended


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
@pytest.mark.parametrize("name", TRACED if IS_WHOLE else TRACED[::3])
def test_nothing_elsewhere_is_opened_and_no_host_is_asked(name, place):
    make(place, next(each for each in ALL if each.name == name))
    log = place.temporary / "opened"
    trace = ["-f", "-y", "-qq", "-e", "trace=%file,%network", "-o", str(log)]
    run(place, BUILD, lead=[str(shutil.which("strace")), *trace])
    text = log.read_text(errors="replace")
    assert "execve(" in text
    assert foreign_paths(text, place) == []
    assert not re.search(r"\b(socket|connect|sendto|bind)\(", text)


def test_each_name_stands_for_one_project_and_most_are_refused():
    names = [each.name for each in ALL]
    assert len(set(names)) == len(names)
    assert set(TRACED) <= set(names)
    assert sum(bool(each.said) for each in ALL) >= 200


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_the_sample_has_several_projects_of_each_kind(module):
    assert len([each for each in SAMPLE if each in module.PROJECTS]) >= 3


def test_each_error_is_expected_by_its_code_and_a_part_of_its_message():
    assert [each.name for each in ALL if each.said and not _SAID.fullmatch(each.said)] == []


def test_another_code_or_another_message_is_not_the_expected_error():
    project = HostileProject("a", "JSG702: outside the root", lambda place: None)
    assert project.is_said_in("app/a.yaml:1:2: error[JSG702]: app/b is outside the root of the project\n")
    assert not project.is_said_in("app/a.yaml:1:2: error[JSG714]: app/b is outside the root of the project\n")
    assert not project.is_said_in("app/a.yaml:1:2: error[JSG702]: file not found: app/b\n  hint: outside the root\n")
    assert not project.is_said_in("../a.yaml:1:2: error[JSG702]: app/b is outside the root of the project\n")
