"""The file system as a value: whoever compiles a folder passes in what it may read.

Names are paths with forward slashes, relative to the folder.
"""

from __future__ import annotations

import os
import posixpath
import stat
from collections.abc import Collection, Hashable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Literal, Protocol

from jobsetgen.source.text import MAX_BYTES
from jobsetgen.stop import StopError

Entry = Literal["file", "folder", "special", "missing", "outside"]
"""What is at a name.

A pipe or a device is special: reading it could wait for ever. Of what lies outside nothing is
known, not even whether it is there.
"""


class Files(Protocol):
    """A folder to read from."""

    def entry(self, name: str) -> Entry:
        """Return what is at a name."""

    def listing(self, folder: str) -> Sequence[str]:
        """Return the names in a folder, sorted, each with the folder's in front.

        Raises StopError for a folder that cannot be read.
        """

    def read(self, name: str) -> bytes:
        """Return a file's content, or a little more of it than is compiled.

        Raises StopError for a file that cannot be read.
        """

    def identity(self, name: str) -> Hashable:
        """Return what two names of one file have in common."""

    def shown(self, name: str) -> str:
        """Return how diagnostics name a file."""


class Disk:
    """A folder of this machine.

    Nothing outside of `root` is read, whatever links say, but for the names that whoever passes
    the folder in has `vouched` for. The root is the folder itself unless another one is named.
    """

    def __init__(
        self,
        folder: str = ".",
        *,
        root: str | None = None,
        vouched: Collection[str] = (),
    ) -> None:
        self._folder = folder
        # Resolved where a name is looked at: a path that cannot be one is not the caller's crash.
        self._root = os.path.abspath(folder if root is None else root)
        self._vouched = vouched

    def entry(self, name: str) -> Entry:
        """Return what is at a name."""
        path = self._path(name)
        try:
            if not self._is_inside(name):
                return "outside"
            mode = path.stat().st_mode
        except (OSError, RuntimeError, ValueError):
            # A link to nothing, a loop of links, a name that no file can have.
            return "missing"
        if stat.S_ISDIR(mode):
            return "folder"
        return "file" if stat.S_ISREG(mode) else "special"

    def listing(self, folder: str) -> list[str]:
        """Return the names in a folder."""
        path = self._path(folder)
        try:
            return sorted(posixpath.join(folder, each) for each in os.listdir(path))
        except (OSError, ValueError) as error:
            raise _unreadable(path, error) from error

    def read(self, name: str) -> bytes:
        """Return a file's content, and of a very large one no more than is enough to refuse it."""
        path = self._path(name)
        try:
            with path.open("rb") as file:
                return file.read(MAX_BYTES + 1)
        except (OSError, ValueError) as error:
            raise _unreadable(path, error) from error

    def identity(self, name: str) -> Path:
        """Return the file that a name leads to through all links."""
        return self._path(name).resolve()

    def shown(self, name: str) -> str:
        """Return the folder's name with the file's, as text."""
        path = self._path(name).as_posix()
        return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")

    def _path(self, name: str) -> Path:
        return Path(self._folder, name)

    def _is_inside(self, name: str) -> bool:
        if name in self._vouched:
            return True
        # It says no more of a loop of links outside than of any other path there.
        root = os.path.realpath(self._root)
        return Path(os.path.realpath(self._path(name))).is_relative_to(root)


def _unreadable(path: Path, error: OSError | ValueError) -> StopError:
    """Return the error of a path that cannot be read; ValueError is that of an impossible name."""
    reason = error.strerror if isinstance(error, OSError) else error
    return StopError("usage", f"cannot read {path}: {reason}")


class Memory:
    """Files that are nowhere but in a mapping of names to contents.

    Raises ValueError for a name that leads out of the folder: left out, it would be missing.
    """

    def __init__(self, contents: Mapping[str, bytes]) -> None:
        self._contents = {posixpath.normpath(name): text for name, text in contents.items()}
        for name in self._contents:
            if name == "." or _leads_out(name):
                raise ValueError(f"'{name}' is not the name of a file in the folder")

    def entry(self, name: str) -> Entry:
        """Return what is at a name."""
        path = posixpath.normpath(name)
        if _leads_out(path):
            return "outside"
        if not self._turns_back_in_folders(name):
            return "missing"
        if path in self._contents:
            return "file"
        is_folder = path == "." or any(each.startswith(f"{path}/") for each in self._contents)
        return "folder" if is_folder else "missing"

    def listing(self, folder: str) -> list[str]:
        """Return the names in a folder."""
        path = posixpath.normpath(folder)
        above = "" if path == "." else f"{path}/"
        inside = [each[len(above) :] for each in self._contents if each.startswith(above)]
        return sorted({posixpath.join(folder, each.partition("/")[0]) for each in inside})

    def read(self, name: str) -> bytes:
        """Return a file's content."""
        path = posixpath.normpath(name)
        if path not in self._contents:
            raise StopError("usage", f"cannot read {name}: there is no such file")
        return self._contents[path]

    def identity(self, name: str) -> str:
        """Return the name without detours."""
        return posixpath.normpath(name)

    def shown(self, name: str) -> str:
        """Return the name as a folder on a disk shows it."""
        return PurePosixPath(name).as_posix()

    def _turns_back_in_folders(self, name: str) -> bool:
        """Whether each `..` in a name follows a folder that is there, as it has to on a disk."""
        steps = name.split("/")
        turns = [index for index, step in enumerate(steps) if step == ".."]
        return all(self.entry("/".join(steps[:index])) == "folder" for index in turns)


def _leads_out(path: str) -> bool:
    """Whether a path without detours leads out of the folder that it starts from."""
    return path.startswith(("../", "/")) or path == ".."
