"""What speeds up the tests of rendered sides."""

from __future__ import annotations

import pytest


@pytest.fixture
def short_program(monkeypatch: pytest.MonkeyPatch):
    """The watcher's real program is long, and reading it takes most of the time."""
    monkeypatch.setattr("jobsetgen.arrange.restart_watcher", lambda: {"__init__.py": b"", "__main__.py": b"run()\n"})
