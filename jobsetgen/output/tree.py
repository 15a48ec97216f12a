"""A folder on a disk, reached through descriptors: no link in it leads out of it.

A path that is checked and used later may be another one by then. A descriptor stays what it was.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Literal, NamedTuple

from jobsetgen.output.root import STEP, make_root, open_root, remove_made
from jobsetgen.stop import StopError

Kind = Literal["missing", "file", "folder", "link", "special"]

_DEEPEST = 32
"""The folders that are searched one inside the other; ours are two."""
_MOST_OPEN = 64
_CHUNK = 1 << 20
# Opening a pipe must not wait for whoever writes to it.
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class Identity(NamedTuple):
    """What makes two files the same one."""

    device: int
    inode: int


class Tree:
    """An output folder, which may not exist yet.

    Names of files and folders are relative to it, with forward slashes; "" is the folder itself.
    Links in `path` are followed, but not out of the project folder, if there is one. Methods raise
    OSError, and StopError for a link or a file in the place of a folder.
    """

    def __init__(self, path: str, project: str | None = None) -> None:
        self.path = path
        self._project = project
        self._open: dict[str, int] = {}
        self._kept: int | None = None
        self._known: dict[str, Identity] = {}
        self._made: list[str] = []
        self._above: list[str] = []

    def __enter__(self) -> Tree:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
        if self._kept is not None:
            os.close(self._kept)
            self._kept = None

    def kept(self) -> int:
        """Return a descriptor of the folder itself that stays open until the tree is left."""
        if self._kept is None:
            self._kept = os.dup(self.folder())
        return self._kept

    def close(self) -> None:
        """Close all other descriptors; the next call opens the folder again."""
        while self._open:
            os.close(self._open.popitem()[1])

    def shown(self, name: str) -> str:
        """Return the path of a file or a folder for messages."""
        return os.path.join(self.path, name) if name else self.path

    def folder(self, name: str = "") -> int:
        """Return the descriptor of a folder; raise StopError if it is no longer the same one."""
        found = self._open.get(name)
        if found is not None:
            return found
        if len(self._open) >= _MOST_OPEN:
            self.close()
        found = self._opened(name) if name else open_root(self.path, self._project)
        self._open[name] = found
        identity = _identity(os.fstat(found))
        if self._known.setdefault(name, identity) != identity:
            raise StopError("machine", f"{self.shown(name)} was replaced during the build")
        return found

    def kind(self, name: str) -> Kind:
        """Return what is at a name."""
        status = self._status(name)
        if status is None:
            return "missing"
        if stat.S_ISDIR(status.st_mode):
            return "folder"
        if stat.S_ISLNK(status.st_mode):
            return "link"
        return "file" if stat.S_ISREG(status.st_mode) else "special"

    def identity(self, name: str) -> Identity | None:
        """Return the identity of what is at a name, or None if nothing is."""
        status = self._status(name)
        return None if status is None else _identity(status)

    def device(self, folder: str) -> int:
        """Return the number of the file system that a folder is on."""
        return os.fstat(self.folder(folder)).st_dev

    def head(self, name: str, size: int) -> bytes | None:
        """Return the first bytes of a file; None if it is no regular file that can be read."""
        try:
            with self._opened_file(name) as descriptor:
                return None if descriptor is None else _first_bytes(descriptor, size)
        except PermissionError:
            return None

    def content(self, name: str, size: int) -> bytes | None:
        """Return the content of a regular file; None if there is none, or if it is larger."""
        with self._opened_file(name) as descriptor:
            if descriptor is None or os.fstat(descriptor).st_size > size:
                return None
            return _first_bytes(descriptor, size)

    def walk(self) -> Iterator[tuple[str, list[str], list[str]]]:
        """Yield each folder with the names of the folders in it and those of everything else.

        The caller removes the folders that are not to be searched from the list.
        """
        waiting = [""]
        while waiting:
            name = waiting.pop()
            folders, others = self._listing(name)
            yield name, folders, others
            if name.count("/") < _DEEPEST:
                waiting += [joined(name, folder) for folder in reversed(folders)]

    def make_folder(self, name: str = "") -> None:
        """Make a folder and those above it, unless they exist."""
        if name in self._open:
            return
        if not name:
            make_root(self.path, self._project, self._above)
            return
        parent, base = split(name)
        self.make_folder(parent)
        # Noted before it is made, so that an interrupt in between loses nothing.
        self._made.append(name)
        try:
            os.mkdir(base, dir_fd=self.folder(parent))
        except FileExistsError:
            self._made.remove(name)

    def remove_made_folders(self) -> None:
        """Remove the folders that were made, as far as they are empty."""
        for name in reversed(self._made):
            self._remove_folder(name)
        self.close()
        remove_made(self._above)

    def create(self, name: str, content: bytes, *, is_synced: bool) -> None:
        """Create a file, if nothing is at its name; write it to the disk at once if asked to."""
        parent, base = split(name)
        descriptor = os.open(base, _CREATE, 0o666, dir_fd=self.folder(parent))
        try:
            rest = memoryview(content)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
            if is_synced:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def replace(self, old: str, new: str) -> None:
        """Give a file another name in its folder, in the place of the file that has it."""
        parent, base = split(new)
        folder = self.folder(parent)
        os.rename(split(old)[1], base, src_dir_fd=folder, dst_dir_fd=folder)

    def rename(self, old: str, new: str) -> None:
        """Give a file a name in its folder that no other has; raise FileExistsError if one has it."""
        parent, base = split(new)
        folder = self.folder(parent)
        try:
            # Unlike a rename, it never replaces a file that was made meanwhile.
            os.link(split(old)[1], base, src_dir_fd=folder, dst_dir_fd=folder)
        except FileExistsError:
            raise
        except OSError:
            # Not every file system has hard links.
            self.replace(old, new)
        else:
            self.remove(old)

    def remove(self, name: str) -> None:
        """Remove a file."""
        parent, base = split(name)
        os.unlink(base, dir_fd=self.folder(parent))

    def remove_empty_folders(self, name: str) -> None:
        """Remove a folder and those above it, up to the first that is not empty, or to the root."""
        while name and self._remove_folder(name):
            name = split(name)[0]

    def sync_folder(self, name: str) -> None:
        """Write the names in a folder to the disk."""
        try:
            os.fsync(self.folder(name))
        except OSError as error:
            # Some file systems have nothing to write for a folder.
            if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.EBADF):
                raise

    def _opened(self, name: str) -> int:
        parent, base = split(name)
        try:
            return os.open(base, STEP, dir_fd=self.folder(parent))
        except OSError as error:
            if error.errno in (errno.ENOTDIR, errno.ELOOP):
                self._refuse(name)
            raise

    def _refuse(self, name: str) -> None:
        """Raise StopError for what is not a folder."""
        kind = self.kind(name)
        if kind == "link":
            message = (
                f"{self.shown(name)} is a symbolic link, and jobsetgen did not write its target"
            )
            raise StopError("usage", message)
        if kind != "folder":
            message = f"{self.shown(name)} already exists and was not written by jobsetgen"
            raise StopError("usage", message)

    def _status(self, name: str) -> os.stat_result | None:
        parent, base = split(name)
        try:
            return os.stat(base, dir_fd=self.folder(parent), follow_symlinks=False)
        except FileNotFoundError:
            return None

    @contextmanager
    def _opened_file(self, name: str) -> Iterator[int | None]:
        """Open a regular file for a block; None if there is none."""
        if self.kind(name) != "file":
            yield None
            return
        parent, base = split(name)
        descriptor = os.open(base, _READ, dir_fd=self.folder(parent))
        try:
            yield descriptor if stat.S_ISREG(os.fstat(descriptor).st_mode) else None
        finally:
            os.close(descriptor)

    def _listing(self, name: str) -> tuple[list[str], list[str]]:
        """Return the sorted names of folders, and of everything else; none if it is not readable."""
        folders: list[str] = []
        others: list[str] = []
        try:
            with os.scandir(self.folder(name)) as entries:
                for entry in entries:
                    is_folder = entry.is_dir(follow_symlinks=False)
                    (folders if is_folder else others).append(entry.name)
        except (FileNotFoundError, PermissionError):
            return [], []
        return sorted(folders), sorted(others)

    def _remove_folder(self, name: str) -> bool:
        """Remove a folder; return whether it was removed."""
        parent, base = split(name)
        try:
            os.rmdir(base, dir_fd=self.folder(parent))
        except OSError:
            return False
        # It may be made again, and is another one then.
        self._known.pop(name, None)
        if name in self._open:
            os.close(self._open.pop(name))
        return True


def split(name: str) -> tuple[str, str]:
    """Return the folder of a name and the last part of it."""
    folder, _, base = name.rpartition("/")
    return folder, base


def joined(folder: str, name: str) -> str:
    """Return the name of what is in a folder."""
    return f"{folder}/{name}" if folder else name


def _identity(status: os.stat_result) -> Identity:
    return Identity(status.st_dev, status.st_ino)


def _first_bytes(descriptor: int, size: int) -> bytes:
    chunks: list[bytes] = []
    while size > 0 and (chunk := os.read(descriptor, min(size, _CHUNK))):
        chunks.append(chunk)
        size -= len(chunk)
    return b"".join(chunks)


def writing_in(tree: Tree, name: str) -> AbstractContextManager[None]:
    """Convert OSErrors in a block that writes a file to StopErrors caused by the machine."""
    return _converting("write", tree, name)


def reading_in(tree: Tree, name: str) -> AbstractContextManager[None]:
    """Do the same for a block that reads a file."""
    return _converting("read", tree, name)


@contextmanager
def _converting(verb: str, tree: Tree, name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        message = f"cannot {verb} {tree.shown(name)}: {error.strerror}"
        raise StopError("machine", message) from error
