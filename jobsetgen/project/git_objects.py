"""Read the objects of a git repository."""

from __future__ import annotations

import stat
import subprocess
import tempfile
from collections.abc import Iterator
from types import TracebackType
from typing import IO, Literal, NamedTuple

from jobsetgen.git import Repository, advice_if_partial, reason_of, start_git
from jobsetgen.source.text import MAX_BYTES
from jobsetgen.stop import StopError

Kind = Literal["file", "folder", "link", "submodule", "missing"]
_KINDS: dict[int, Kind] = {
    stat.S_IFREG: "file",
    stat.S_IFDIR: "folder",
    stat.S_IFLNK: "link",
    0o160000: "submodule",
}


class TreeEntry(NamedTuple):
    """One entry of a tree: its type and the id of its object."""

    kind: Kind
    id: str


class Objects:
    """The objects of a repository, all read by one git process.

    The process starts when the first object is read; git applies no filter and runs no other
    program. Use it in a `with` statement, which ends the process.
    """

    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (closed at the end)
        self._git: subprocess.Popen[bytes] | None = None
        self._trees: dict[str, dict[str, TreeEntry]] = {}

    def __enter__(self) -> Objects:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end_git()
        self._errors.close()

    def tree(self, name: str) -> dict[str, TreeEntry]:
        """Return the entries of a tree by their names."""
        if name not in self._trees:
            identity, size = self._ask(name, b"tree")
            content = self._take(name, size, size)
            try:
                self._trees[name] = dict(_entries(content, len(identity) // 2))
            except ValueError:
                raise self._failed(f"malformed tree {name}") from None
        return self._trees[name]

    def blob(self, name: str) -> bytes:
        """Return the content of a blob, at most one byte more than the size limit."""
        _, size = self._ask(name, b"blob")
        return self._take(name, size, MAX_BYTES + 1)

    def _ask(self, name: str, kind: bytes) -> tuple[bytes, int]:
        """Ask for an object; return its id and its size. Git writes its content next."""
        to_git, from_git = self._pipes()
        try:
            to_git.write(f"{name}\n".encode())
            to_git.flush()
        except BrokenPipeError:
            raise self._failed("git has ended") from None
        answer = from_git.readline().split()
        if len(answer) != 3 or answer[1] != kind:
            raise self._failed(f"no {kind.decode()} {name}")
        return answer[0], int(answer[2])

    def _take(self, name: str, size: int, limit: int) -> bytes:
        """Return the content of the object asked for, at most as many bytes as the limit."""
        _, from_git = self._pipes()
        content = from_git.read(min(size, limit))
        if len(content) < min(size, limit):
            raise self._failed(f"{name} is incomplete")
        if size > limit:
            # The rest is never read.
            self._end_git()
        else:
            from_git.readline()
        return content

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        """Return the pipes to git and from it; start it if it does not run."""
        if self._git is None:
            self._git = start_git(self.repository, self._errors, "cat-file", "--batch")
        assert self._git.stdin is not None
        assert self._git.stdout is not None
        return self._git.stdin, self._git.stdout

    def _failed(self, otherwise: str) -> StopError:
        """Return the error with git's own reason, or another one if git gives none."""
        # After its end, everything that git has written is there.
        self._end_git()
        self._errors.seek(0)
        reason = reason_of(self._errors.read()) or otherwise
        reason += advice_if_partial(self.repository)
        return StopError("machine", f"git cannot read {self.repository.top}: {reason}")

    def _end_git(self) -> None:
        if self._git is not None:
            self._git.kill()
            # Closes the pipes, too.
            self._git.communicate()
            self._git = None


def _entries(content: bytes, id_bytes: int) -> Iterator[tuple[str, TreeEntry]]:
    """Yield the entries of a tree object: each is a mode, a name and the bytes of an id.

    Raises ValueError if the object is malformed.
    """
    start = 0
    while start < len(content):
        space = content.index(b" ", start)
        end = content.index(b"\0", space)
        kind = stat.S_IFMT(int(content[start:space], 8))
        name = content[space + 1 : end].decode("utf-8", "surrogateescape")
        start = end + 1 + id_bytes
        # Git, too, takes any other mode for that of a submodule.
        yield name, TreeEntry(_KINDS.get(kind, "submodule"), content[end + 1 : start].hex())
