"""Every plan and state that a release has written is read by this one, and comes to the end that it came to then."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.compat.moments import FOLDER, MODES, MOMENTS, end_of, restored

FILES = sorted(FOLDER.glob("format-*/*.json"))
EACH = pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")


def moment(file: Path) -> dict:
    return json.loads(file.read_text())


@EACH
def test_a_watcher_of_this_release_takes_over(file):
    recorded = moment(file)
    assert end_of(restored(recorded)) == recorded["end"]


@EACH
def test_so_does_one_whose_plan_is_of_this_release_too(file):
    recorded = moment(file)
    training = restored(recorded)
    jobs = {key: item for key, item in training.tool.git.items() if is_of_training(key)}
    training.push(training.text)
    training.tool.git.update(jobs)  # what an upgrade must not change, as another test holds
    training.tool.sync(jobs=False)
    assert end_of(training) == recorded["end"]


def is_of_training(key: tuple[str, str]) -> bool:
    return key[0] == "jobs" and not key[1].endswith("-restart-watcher")


def test_no_moment_is_missing():
    names = {f"{make.__name__.replace('_', '-')}.{jobs}.json" for make in MOMENTS for jobs in MODES}
    for folder in {file.parent for file in FILES}:
        assert {file.name for file in folder.glob("*.json")} == names, folder.name
