"""What the tests of the watcher's modules share."""

from __future__ import annotations

import pytest

from jobsetgen.runtime.watcher import log


@pytest.fixture(autouse=True)
def _quiet_until_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test have less room in the log for what others have written."""
    monkeypatch.setattr(log, "_written", {})
