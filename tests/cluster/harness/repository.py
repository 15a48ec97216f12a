"""A git repository that holds rendered output, as a team has one for its GitOps tool."""

from __future__ import annotations

import hashlib
import os
import subprocess
import tarfile
from collections.abc import Iterable
from pathlib import Path

_NOBODY = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    **{f"GIT_{who}_{what}": "tests@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
}
BRANCH = "main"


class Repository:
    """A repository on disk, whose branch a tool follows."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self.folder = folder
        self._git("init", "--quiet", f"--initial-branch={BRANCH}")

    @property
    def url(self) -> str:
        """Return where Argo CD finds it."""
        return f"file://{self.folder}"

    @property
    def revision(self) -> str:
        """Return the newest commit."""
        return self._git("rev-parse", "HEAD").strip()

    def commit(self, message: str) -> str:
        """Commit what is in the folder, also when it is what was there before; return the commit."""
        self._git("add", "--all")
        self._git("commit", "--quiet", "--allow-empty", f"--message={message}")
        return self.revision

    def clear(self) -> None:
        """Take everything out of the folder."""
        self._git("rm", "--quiet", "-r", ".")

    def archive(self, path: Path) -> str:
        """Write what is in the folder as Flux's source controller would serve it, and return its SHA-256."""
        with tarfile.open(path, "w:gz") as file:
            for each in self._files():
                file.add(each, each.relative_to(self.folder).as_posix())
        return hashlib.sha256(path.read_bytes()).hexdigest()

    def _files(self) -> Iterable[Path]:
        return sorted(each for each in self.folder.rglob("*") if each.is_file() and ".git" not in each.parts)

    def _git(self, *arguments: str) -> str:
        environment = {**os.environ, **_NOBODY}
        command = ["git", "-C", str(self.folder), *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
