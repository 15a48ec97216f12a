"""Where the paths and revisions on the command line are in a git repository."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jobsetgen.cli.operands import STDIN, shown
from jobsetgen.git import Repository, repository_of
from jobsetgen.project.files import leads_out
from jobsetgen.stop import StopError

GIT = "git:"
"""What an operand begins with that is not a path but a revision."""

# A colon in braces belongs to the revision, as in HEAD@{12:00} and HEAD^{/fix: typo}.
_REVISION_AND_PATH = re.compile(r"((?:[^:{]|\{[^}]*\})*)(?::(.*))?", re.S)


@dataclass(frozen=True, slots=True)
class Location:
    """A path in a repository; it may exist in only some commits, or only in the work tree.

    `path` leads to it from the top, in the form of git: with forward slashes and as UTF-8. `typed`
    is the same path for this machine, from the current folder.
    """

    repository: Repository
    path: str
    typed: str

    @property
    def label(self) -> str:
        """Its name for people."""
        return shown(self.typed)


def locate(typed: str) -> Location:
    """Return where a path of the command line is. Raises StopError outside any repository."""
    if typed == STDIN or typed.startswith(GIT):
        message = f"'{typed}' is not a path, so there is no commit to compare it with"
        raise StopError("usage", message)
    whole = Path(os.path.abspath(typed))
    folder = next(each for each in (whole, *whole.parents) if os.path.isdir(each))
    real = folder.resolve()
    repository = repository_of(real)
    if repository is None:
        message = f"{typed} is not in a git repository, so there is no commit to compare it with"
        raise StopError("usage", message)
    inside = (real / whole.relative_to(folder)).relative_to(repository.top)
    path = os.fsencode(inside.as_posix()).decode("utf-8", "surrogateescape")
    return Location(repository, path, typed)


def repository_at(typed: str) -> Repository | None:
    """Return the repository of a path of the command line, None outside of any."""
    try:
        return locate(typed).repository
    except StopError:
        return None


def locate_all(paths: Sequence[str]) -> list[Location]:
    """Return where paths are. Raises StopError unless all are in the same repository."""
    locations = [locate(path) for path in paths]
    for each in locations:
        if each.repository != locations[0].repository:
            both = f"{locations[0].typed} and {each.typed}"
            raise StopError("usage", f"{both} are in different git repositories")
    return locations


def inside(repository: Repository, path: str) -> Location:
    """Return the location of a path from the top of a repository."""
    native = os.fsdecode(path.encode("utf-8", "surrogateescape"))
    if repository.is_bare:
        return Location(repository, path, native)
    return Location(repository, path, os.path.relpath(repository.top / native))


def parse_revision(operand: str) -> tuple[str, Location]:
    """Return the revision of an operand `git:REV[:PATH]`, and the location of its path.

    Raises StopError for an operand of another form, and for a path outside the repository.
    """
    match = _REVISION_AND_PATH.fullmatch(operand.removeprefix(GIT))
    if match is None or not match[1]:
        raise StopError("usage", f"'{operand}' is not of the form git:REV[:PATH]")
    here = locate(".")
    path = match[2] or ""
    if path.startswith(("./", "../")):
        path = posixpath.join("" if here.repository.is_bare else here.path, path)
    if leads_out(path):
        raise StopError("usage", f"'{operand}' points outside the repository")
    return match[1], inside(here.repository, posixpath.normpath(path or "."))
