"""What the tests of the installed program share."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cases import FIXTURES


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """Return a folder, as that of an application, with the multislice example in it."""
    folder = tmp_path / "app"
    folder.mkdir()
    shutil.copy(FIXTURES / "valid" / "multislice" / "jobset.yaml", folder)
    return folder
