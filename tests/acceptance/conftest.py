"""What the tests of the installed program share."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.acceptance.processes import IDENTITY, run_tool
from tests.cases import FIXTURES, ROOT

_NOT_INSTALLED = (".coverage*", ".venv", ".git", "tests", "docs", "fixtures", ".*cache*", ".hypothesis", "dist")


class Kept(NamedTuple):
    """Our repository where people keep it, with what is installed of it in one commit.

    In its environment git finds the clone under the address that the documentation has.
    """

    clone: Path
    commit: str
    url: str = "https://git.example.com/tools/jobsetgen"

    @property
    def environment(self) -> dict[str, str]:
        """Return the variables that lead git to the clone."""
        key = f"url.file://{self.clone}.insteadOf"
        return {**IDENTITY, "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": key, "GIT_CONFIG_VALUE_0": self.url}


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """Return our repository, to be installed from."""
    folder = tmp_path_factory.mktemp("kept") / "jobsetgen"
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*_NOT_INSTALLED))
    for words in (("init", "--quiet", "--initial-branch=main"), ("add", "--all"), ("commit", "--quiet", "-m", "all")):
        done = run_tool(["git", *words], folder, **IDENTITY)
        assert done.returncode == 0, done.stderr
    return Kept(folder, run_tool(["git", "rev-parse", "HEAD"], folder).stdout.strip())


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """Return a folder, as that of an application, with the multislice example in it."""
    folder = tmp_path / "app"
    folder.mkdir()
    shutil.copy(FIXTURES / "valid" / "multislice" / "jobset.yaml", folder)
    return folder
