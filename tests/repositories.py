"""Git repositories for tests, in which nobody's configuration counts."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.acceptance.processes import IDENTITY

LFS_POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 12345\n".format("4d7a" * 16)


class Clone:
    """A repository in a folder that exists or is created."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", "--initial-branch=main", *words)

    def git(self, *words: str, stdin: bytes = b"") -> str:
        """Run git, which must succeed, and return what it prints."""
        done = subprocess.run(["git", *words], cwd=self.folder, input=stdin, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode().strip()

    def write(self, files: Mapping[str, str | bytes]) -> None:
        """Write files into the work tree."""
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode() if isinstance(text, str) else text)

    def commit(self, files: Mapping[str, str | bytes] | None = None, removed: Sequence[str] = ()) -> str:
        """Write and remove files, commit everything there is, and return the commit's id."""
        self.write(files or {})
        for name in removed:
            self.git("rm", "-r", "--quiet", name)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message=state")
        return self.git("rev-parse", "HEAD")

    def commit_quickly(self, files: Mapping[str, bytes], branch: str = "main") -> str:
        """Commit many files without a work tree."""
        lines = [f"commit refs/heads/{branch}\ncommitter T <t@example.com> 0 +0000\ndata 0\n".encode()]
        for name, text in files.items():
            lines.append(b"M 100644 inline %s\ndata %d\n%s\n" % (name.encode(), len(text), text))
        self.git("fast-import", "--quiet", stdin=b"".join(lines))
        return self.git("rev-parse", branch)


@contextmanager
def isolated(home: Path) -> Iterator[pytest.MonkeyPatch]:
    """Let git find no configuration but that of a repository, and no hook's variables."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("GIT_")]:
            patch.delenv(name)
        for name, text in {**IDENTITY, "GIT_CONFIG_NOSYSTEM": "1", "HOME": str(home)}.items():
            patch.setenv(name, text)
        yield patch


def record_git(folder: Path, patch: pytest.MonkeyPatch) -> Path:
    """Put a git before the real one on the PATH that writes down each call; return the file with its lines."""
    log = folder / "calls.log"
    program = folder / "bin" / "git"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho "$*" >> "{log}"\nexec "{shutil.which("git")}" "$@"\n')
    program.chmod(0o755)
    patch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    return log


def commands_in(log: Path) -> list[list[str]]:
    """Return the calls of git that were written down, each without the options before its command."""
    return [line.rpartition(f"core.hooksPath={os.devnull} ")[2].split() for line in log.read_text().splitlines()]
