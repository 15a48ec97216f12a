"""Access to the files of a folder, passed in by the caller, which decides what may be read.

Names are paths with forward slashes, relative to the folder.
"""

from __future__ import annotations

import os
import posixpath
import stat
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Literal, Protocol

from jobsetgen.source.text import MAX_BYTES
from jobsetgen.stop import StopError

Entry = Literal["file", "folder", "special", "missing", "outside"]
"""The type of an entry.

A pipe or a device is special: reading it could block forever. Nothing is revealed about a path
outside the root, not even whether it exists.
"""

KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")
"""The names that kustomize looks for in a folder."""

_LONGEST_NAME = 4_096

_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Files(Protocol):
    """A folder to read from."""

    @property
    def may_run_kustomize(self) -> bool:
        """Whether the caller lets a project read folders in it through kustomize."""

    def entry(self, name: str) -> Entry:
        """Return what is at a name."""

    def listing(self, folder: str) -> Sequence[str]:
        """Return the sorted names in a folder, each prefixed with the folder's name.

        Raises StopError for a folder that cannot be read.
        """

    def read(self, name: str) -> bytes:
        """Return a file's content, at most one byte more than the size limit.

        Raises StopError for a file that cannot be read.
        """

    def identity(self, name: str) -> Hashable:
        """Return a value that is equal for all names of the same file."""

    def shown(self, name: str) -> str:
        """Return the name of a file in diagnostics."""


class Disk:
    """A folder on this machine.

    Nothing outside `root` is read, even through symbolic links, except names in `trusted`, which
    the caller trusts. The default root is the folder itself.
    """

    def __init__(
        self,
        folder: str = ".",
        *,
        root: str | None = None,
        trusted: Collection[str] = (),
        may_run_kustomize: bool = True,
    ) -> None:
        self.may_run_kustomize = may_run_kustomize
        self._folder = folder
        # Resolved on access: an impossible path must not crash the constructor.
        self._root = os.path.abspath(folder if root is None else root)
        self._trusted = trusted

    def entry(self, name: str) -> Entry:
        """Return what is at a name."""
        if len(name) > _LONGEST_NAME:
            # The system has no such path, and resolving it would take long.
            return "missing"
        path = self._path(name)
        try:
            if not self._is_inside(name):
                return "outside"
            mode = path.stat().st_mode
        except (OSError, RuntimeError, ValueError):
            # A broken link, a loop of links, an impossible file name.
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
        """Return a file's content, at most one byte more than the size limit."""
        path = self._path(name)
        try:
            target = os.path.realpath(path)
            if not self._is_inside_target(name, target):
                raise StopError("usage", f"cannot read {path}: it was replaced meanwhile")
            # A link or a pipe that somebody has put there since the path was looked at is refused.
            with open(os.open(target, _READ), "rb") as file:
                return file.read(MAX_BYTES + 1)
        except (OSError, ValueError) as error:
            raise _unreadable(path, error) from error

    def identity(self, name: str) -> Path:
        """Return the path of the file with all links resolved."""
        return self._path(name).resolve()

    def shown(self, name: str) -> str:
        """Return the path including the folder, as printable text, without detours."""
        path = self._path(name)
        turns = turns_of(name)
        if turns and self.entry(turns) == "folder":
            path = _without_detours(path)
        text = path.as_posix()
        return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")

    def _path(self, name: str) -> Path:
        return Path(self._folder, name)

    def _is_inside(self, name: str) -> bool:
        # A loop of links outside must look like any other path there.
        return self._is_inside_target(name, os.path.realpath(self._path(name)))

    def _is_inside_target(self, name: str, target: str) -> bool:
        """Whether a name that leads to a target may be read."""
        return name in self._trusted or Path(target).is_relative_to(os.path.realpath(self._root))


def _without_detours(path: Path) -> Path:
    """Return a path without `a/..` in it, unless a link makes that another path."""
    short = Path(os.path.normpath(path))
    return short if os.path.realpath(short) == os.path.realpath(path) else path


def _unreadable(path: Path, error: OSError | ValueError) -> StopError:
    """Return the StopError for an unreadable path; ValueError means an impossible name."""
    reason = error.strerror if isinstance(error, OSError) else error
    return StopError("usage", f"cannot read {path}: {reason}")


class Memory:
    """Files in memory: a mapping of names to contents, and the folder among them to read from.

    Raises ValueError for a name that leads out of the files.
    """

    may_run_kustomize = True

    def __init__(self, contents: Mapping[str, bytes], folder: str = "") -> None:
        self._contents = {posixpath.normpath(name): text for name, text in contents.items()}
        self._folder = folder
        for name in self._contents:
            if name == "." or leads_out(name):
                raise ValueError(f"'{name}' is not the name of a file in the folder")

    def entry(self, name: str) -> Entry:
        """Return what is at a name."""
        path = self._path(name)
        if leads_out(path):
            return "outside"
        if not self._turns_back_in_folders(name):
            return "missing"
        if path in self._contents:
            return "file"
        return "folder" if self._is_folder(path) else "missing"

    def listing(self, folder: str) -> list[str]:
        """Return the names in a folder."""
        path = self._path(folder)
        above = "" if path == "." else f"{path}/"
        inside = [each[len(above) :] for each in self._contents if each.startswith(above)]
        return sorted({posixpath.join(folder, each.partition("/")[0]) for each in inside})

    def read(self, name: str) -> bytes:
        """Return a file's content."""
        path = self._path(name)
        if path not in self._contents:
            raise StopError("usage", f"cannot read {name}: no such file")
        return self._contents[path]

    def identity(self, name: str) -> str:
        """Return the normalized path."""
        return self._path(name)

    def shown(self, name: str) -> str:
        """Return the path in the same form as Disk."""
        path = PurePosixPath(self._folder, name)
        turns = turns_of(name)
        if turns and self.entry(turns) == "folder":
            path = PurePosixPath(posixpath.normpath(path))
        return path.as_posix()

    def _path(self, name: str) -> str:
        return posixpath.normpath(posixpath.join(self._folder, name))

    def _is_folder(self, path: str) -> bool:
        return path == "." or any(each.startswith(f"{path}/") for each in self._contents)

    def _turns_back_in_folders(self, name: str) -> bool:
        """Whether each `..` in a name follows an existing folder, as required on a disk."""
        steps = posixpath.join(self._folder, name).split("/")
        turns = [index for index, step in enumerate(steps) if step == ".."]
        return all(self._is_folder(posixpath.normpath("/".join(steps[:index]))) for index in turns)


def walk(root: str | Path) -> Iterator[tuple[str, list[str], list[str]]]:
    """Yield each folder below a root, with its subfolders' names and its other names, like os.walk.

    The caller may remove subfolders from the list: they are not entered, and neither are links nor
    folders that cannot be read. Folders may be nested as deeply as the system allows; os.walk calls
    itself for each level before Python 3.12.
    """
    pending = [os.fspath(root)]
    while pending:
        current = pending.pop()
        folders, others = _names_in(current)
        yield current, folders, others
        entered = (os.path.join(current, name) for name in reversed(folders))
        pending += [path for path in entered if not os.path.islink(path)]


def _names_in(folder: str) -> tuple[list[str], list[str]]:
    """Return the names of the folders in a folder, links included, and its other names."""
    folders: list[str] = []
    others: list[str] = []
    try:
        names = os.listdir(folder)
    except OSError:
        return folders, others
    for name in names:
        is_folder = os.path.isdir(os.path.join(folder, name))
        (folders if is_folder else others).append(name)
    return folders, others


def turns_of(name: str) -> str:
    """Return a name up to its last `..`; empty if it has none."""
    steps = name.split("/")
    turns = [index for index, step in enumerate(steps) if step == ".."]
    return "/".join(steps[: turns[-1] + 1]) if turns else ""


def leads_out(name: str) -> bool:
    """Whether a name leads out of its start folder."""
    path = posixpath.normpath(name)
    return path.startswith(("../", "/")) or path == ".."


def is_top(folder: Path) -> bool:
    """Whether a folder is the top of a repository or of a linked work tree."""
    return os.path.lexists(folder / ".git")


def work_tree(path: str | Path) -> Path | None:
    """Return the top of the git work tree that a path is in, as it is typed; None if it is in none.

    The files of a repository decide where its links lead. So a link in a work tree that leads out
    of it does not count: the path is still in that work tree, and `stays_inside` is false.
    """
    whole = Path(os.path.abspath(path))
    top: Path | None = None
    for folder in (*reversed(whole.parents), whole):
        if is_top(folder) and (top is None or stays_inside(folder, top)):
            top = folder
    return top


def stays_inside(path: str | Path, top: Path | None) -> bool:
    """Whether the links of a path lead to somewhere in a work tree; true if there is none."""
    return top is None or Path(os.path.realpath(path)).is_relative_to(os.path.realpath(top))
