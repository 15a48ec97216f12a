"""Snapshots beside the tests, as a reviewer reads them, and what speeds up the tests of rendered sides."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.conftest import PlainFiles

FOLDER = Path(__file__).parent / "snapshots"


class Beside(PlainFiles):
    """Files of their own, which the table of the other snapshots does not count."""

    @classmethod
    def get_location(cls, *, test_location, index):
        return str(FOLDER / str(index))


@pytest.fixture
def read_by_people(snapshot: SnapshotAssertion) -> Callable[[str, str], None]:
    """Compare text with the snapshot file of a name."""
    plain = snapshot.use_extension(Beside)

    def compare(name: str, text: str) -> None:
        assert text.encode() == plain(name=name)

    return compare


@pytest.fixture
def short_program(monkeypatch: pytest.MonkeyPatch):
    """The watcher's real program is long, and reading it takes most of the time."""
    monkeypatch.setattr("jobsetgen.arrange.restart_watcher", lambda: {"__init__.py": b"", "__main__.py": b"run()\n"})
