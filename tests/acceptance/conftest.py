"""What the tests of the installed program share."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.acceptance.processes import IDENTITY, run_tool
from tests.cases import FIXTURES, ROOT

REPOSITORY = "https://git.example.com/tools/jobsetgen"
"""The address of our repository in the documentation."""

_NOT_INSTALLED = (".coverage*", ".venv", ".git", "tests", "docs", "fixtures", ".*cache*", ".hypothesis", "dist")


class Kept(NamedTuple):
    """Our repository where people keep it: a bare clone, with what is installed of it in one commit.

    What follows that commit on its branch cannot be installed. In its environment git finds the clone under the address
    that the documentation has.
    """

    clone: Path
    commit: str
    url: str = REPOSITORY

    @property
    def environment(self) -> dict[str, str]:
        """Return the variables that lead git to the clone."""
        key = f"url.file://{self.clone}.insteadOf"
        return {**IDENTITY, "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": key, "GIT_CONFIG_VALUE_0": self.url}


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """Return our repository, to be installed from."""
    folder = tmp_path_factory.mktemp("kept")
    checkout, bare = folder / "checkout", folder / "jobsetgen.git"
    shutil.copytree(ROOT, checkout, ignore=shutil.ignore_patterns(*_NOT_INSTALLED))

    def git(*words: str) -> str:
        done = run_tool(["git", *words], checkout, **IDENTITY)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    git("init", "--quiet", "--initial-branch=main")
    git("add", "--all")
    git("commit", "--quiet", "-m", "all")
    commit = git("rev-parse", "HEAD")
    (checkout / "pyproject.toml").write_text("what is there today, and not what was pinned\n")
    git("commit", "--quiet", "--all", "-m", "later")
    git("clone", "--quiet", "--bare", ".", str(bare))
    return Kept(bare, commit)


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """Return a folder, as that of an application, with the multislice example in it."""
    folder = tmp_path / "app"
    folder.mkdir()
    shutil.copy(FIXTURES / "valid" / "multislice" / "jobset.yaml", folder)
    return folder
