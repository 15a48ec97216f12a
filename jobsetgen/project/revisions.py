"""Read a folder as it is in a commit of a git repository."""

from __future__ import annotations

import posixpath
import re
from pathlib import PurePosixPath
from typing import NamedTuple

from jobsetgen.git import Repository, git_output, reason_of, run_git
from jobsetgen.project.files import Entry, leads_out, turns_of
from jobsetgen.project.git_objects import Objects, TreeEntry
from jobsetgen.stop import StopError

# A colon there does not begin a path: HEAD@{12:00}, HEAD^{/fix: typo}.
_IN_BRACES = re.compile(r"\{[^}]*\}")
# A pointer is shorter than this, and its first line is the version of its format.
_LFS_BYTES = 1024
_LFS_START = b"version https://git-lfs.github.com/spec/"

_NOT_IN_COMMIT = {
    "link": "a symbolic link; links are not followed in a commit",
    "submodule": "a submodule; the commit does not contain its files",
    "LFS pointer": "a Git LFS pointer; the commit does not contain its content",
}
_UNREADABLE = {
    "file": "not a folder",
    "folder": "not a file",
    "missing": "no such file or folder in the commit",
}


def resolve(repository: Repository, revision: str) -> str:
    """Return the id of the commit that a revision names.

    Raises StopError for a revision that git does not know, for one that could be an option, and
    for one with a path.
    """
    if revision.startswith("-"):
        raise StopError("usage", f"invalid revision '{revision}': it begins with a dash")
    if ":" in _IN_BRACES.sub("", revision):
        raise StopError("usage", f"invalid revision '{revision}': it has a path")
    done = run_git(repository, "rev-parse", "--verify", f"{revision}^{{commit}}")
    commit = done.stdout.decode().strip()
    # `^REV` is a revision to git as well: everything but that commit.
    if done.returncode or not commit.isalnum():
        reason = reason_of(done.stderr) or "not a single revision"
        message = f"git cannot find the commit '{revision}': {reason}"
        raise StopError("machine", message + _advice(repository))
    return commit


def has_commit(repository: Repository) -> bool:
    """Whether anything is committed at HEAD. Raises StopError if git fails."""
    done = run_git(repository, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    if done.returncode and done.stderr:
        raise StopError("machine", f"git cannot find the commit 'HEAD': {reason_of(done.stderr)}")
    return done.returncode == 0


def merge_base(repository: Repository, base: str, head: str) -> str:
    """Return the id of the commit at which the histories of two revisions part.

    Raises StopError if they have no commit in common, and like `resolve`.
    """
    ends = [resolve(repository, each) for each in (base, head)]
    done = run_git(repository, "merge-base", *ends)
    if done.returncode == 0:
        return done.stdout.decode().split()[0]
    reason = reason_of(done.stderr) or "no common history"
    message = f"git finds no merge base of '{base}' and '{head}': {reason}"
    raise StopError("machine", message + _advice(repository))


def _advice(repository: Repository) -> str:
    """Return what to do if the clone has only a part of the history, or an empty string."""
    done = run_git(repository, "rev-parse", "--is-shallow-repository")
    if done.stdout.strip() != b"true":
        return ""
    return (
        "; this clone is shallow: fetch the whole history"
        " (fetch-depth: 0 in actions/checkout, GIT_DEPTH: 0 in GitLab CI)"
    )


class _Found(NamedTuple):
    """Where a name leads to: an entry, and the name that it was found by."""

    entry: TreeEntry
    name: str


_MISSING = TreeEntry("missing", "")


class Revision:
    """A folder in a commit, with the interface of `project.files.Files`.

    `folder` is its path from the top of the repository; `shown_as` is its name in diagnostics, by
    default the path. A name may lead to other folders of the commit. Nothing outside the commit is
    read: a link, a submodule and a Git LFS pointer are files that cannot be read.
    """

    may_run_kustomize = True

    def __init__(
        self, objects: Objects, commit: str, folder: str = "", shown_as: str | None = None
    ) -> None:
        self._objects = objects
        self._commit = commit
        self._folder = posixpath.normpath(folder or ".")
        self._shown_as = folder if shown_as is None else shown_as

    def entry(self, name: str) -> Entry:
        """Return what is at a name."""
        if self._leads_out(name):
            return "outside"
        kind = self._find(name).entry.kind
        if kind in ("folder", "missing"):
            return kind
        return "file"

    def listing(self, folder: str) -> list[str]:
        """Return the names in a folder."""
        found = self._find(folder)
        if found.entry.kind != "folder":
            raise self._unreadable(found)
        return sorted(posixpath.join(folder, each) for each in self._objects.tree(found.entry.id))

    def read(self, name: str) -> bytes:
        """Return a file's content, at most one byte more than the size limit."""
        found = self._find(name)
        if found.entry.kind != "file":
            raise self._unreadable(found)
        content = self._objects.blob(found.entry.id)
        if len(content) < _LFS_BYTES and content.startswith(_LFS_START):
            raise self._unreadable(found, "LFS pointer")
        return content

    def identity(self, name: str) -> str:
        """Return the normalized path from the top of the repository."""
        return posixpath.normpath(posixpath.join(self._folder, name))

    def shown(self, name: str) -> str:
        """Return the path including the folder, as printable text, without detours."""
        whole = PurePosixPath(self._shown_as, name)
        turns = turns_of(name)
        if turns and self.entry(turns) == "folder":
            whole = PurePosixPath(posixpath.normpath(whole))
        path = whole.as_posix()
        return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")

    def folders_with(self, name: str) -> list[str]:
        """Return the folders that contain a file of a name, at any depth, sorted.

        Raises StopError if git fails.
        """
        found = self._find("")
        if found.entry.kind != "folder":
            return []
        words = ("ls-tree", "-r", "-z", "--name-only", "--full-tree", found.entry.id)
        output = git_output(self._objects.repository, f"list {self.shown('')}", *words)
        paths = output.decode("utf-8", "surrogateescape").split("\0")
        parts = (posixpath.split(path) for path in paths)
        return sorted(folder for folder, base in parts if base == name)

    def _leads_out(self, name: str) -> bool:
        """Whether a name leads out of the repository."""
        return leads_out(posixpath.join(self._folder, name))

    def _find(self, name: str) -> _Found:
        """Return what a name leads to; a link or a submodule on the way is where it ends."""
        if self._leads_out(name):
            return _Found(_MISSING, name)
        trail = [_Found(TreeEntry("folder", f"{self._commit}^{{tree}}"), "")]
        for step in _steps(posixpath.join(self._folder, name)):
            if step == ".." and trail[-1].entry.kind == "folder":
                trail.pop()
            else:
                trail.append(self._inside(trail[-1], step))
        return trail[-1]

    def _inside(self, found: _Found, step: str) -> _Found:
        kind = found.entry.kind
        if kind in ("link", "submodule"):
            return found
        entries = self._objects.tree(found.entry.id) if kind == "folder" else {}
        return _Found(entries.get(step, _MISSING), posixpath.join(found.name, step))

    def _unreadable(self, found: _Found, kind: str = "") -> StopError:
        shown = self.shown(posixpath.relpath(found.name or ".", self._folder))
        kind = kind or found.entry.kind
        if kind in _NOT_IN_COMMIT:
            return StopError("input", f"{shown} is {_NOT_IN_COMMIT[kind]}", shown)
        return StopError("usage", f"cannot read {shown}: {_UNREADABLE[kind]}")


def _steps(path: str) -> list[str]:
    return [step for step in path.split("/") if step not in ("", ".")]
