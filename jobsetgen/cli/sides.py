"""The sides of each comparison of `jobsetgen diff`, read from what the command line names.

Either two operands, OLD and NEW; or one, which is compared with the commit at HEAD; or a revision
to start from, with paths.
"""

from __future__ import annotations

import functools
import os
import posixpath
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from jobsetgen.cli.contents import NOTHING, Content, broken_content, merged
from jobsetgen.cli.ends import Commit, End, WorkTree, path_content
from jobsetgen.cli.locations import (
    GIT,
    Location,
    inside,
    locate,
    locate_all,
    parse_revision,
    repository_at,
)
from jobsetgen.cli.operands import STDIN, shown
from jobsetgen.git import Repository
from jobsetgen.progress import counted
from jobsetgen.project.changed_files import States
from jobsetgen.project.file import FILE_NAME
from jobsetgen.project.git_objects import Objects
from jobsetgen.project.revisions import has_commit, merge_base, resolve
from jobsetgen.stop import StopError


@dataclass(frozen=True, slots=True, kw_only=True)
class Operand:
    """One side, as it was read.

    `label` is its name for people; `revision` the commit, or empty; `repository` that of its path,
    None outside of any.
    """

    content: Content
    label: str
    revision: str = ""
    repository: Repository | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two operands to compare."""

    old: Operand
    new: Operand

    @property
    def states(self) -> States | None:
        """The states of the repository that both are in, None unless they are of one repository."""
        repository = self.old.repository
        revisions = (self.old.revision, self.new.revision)
        if repository is None or repository != self.new.repository or not any(revisions):
            return None
        return States(repository, *revisions)


def read_pairs(
    operands: Sequence[str],
    *,
    base: str | None = None,
    head: str | None = None,
    each: bool = False,
) -> Iterator[Pair]:
    """Yield the two sides of each comparison; more than one only with `each`.

    With `base`, the operands are paths: as they were at the merge base of `base` and `head` (else
    HEAD), and as they are at `head` (else in the work tree). With `each`, every project there is
    compared by itself. Input that cannot be compiled is part of a side. Raises StopError for
    invalid usage, for a path that neither side has, and if git fails.
    """
    if base is not None:
        yield from _read_since(operands or ["."], base, head, each)
    elif head is not None or each:
        raise StopError("usage", "--head and --each require --base")
    elif len(operands) > 2:
        raise StopError("usage", "pass OLD and NEW, or --base REV with any number of paths")
    elif len(operands) == 2:
        yield _read_both(*operands)
    else:
        yield _read_with_head(*operands)


def _read_both(old: str, new: str) -> Pair:
    if old == new == STDIN:
        raise StopError("usage", "only one side can be standard input")
    return Pair(old=_read_operand(old), new=_read_operand(new))


def _read_operand(text: str) -> Operand:
    """Read one operand, which must exist."""
    if not text.startswith(GIT):
        _refuse_bare_revision(text)
        content = _readable(shown(text), lambda: path_content(text))
        return Operand(content=content, label=shown(text), repository=repository_at(text))
    revision, location = parse_revision(text)
    with Objects(location.repository) as objects:
        commit = Commit(objects, resolve(location.repository, revision), revision)
        if not commit.has(location):
            raise StopError("usage", f"{location.label} does not exist at {revision}")
        return _operand(commit, [location])


def _refuse_bare_revision(text: str) -> None:
    """Raise StopError for a commit that was named without `git:`; a path of that name comes first."""
    if text == STDIN or os.path.lexists(text):
        return
    repository = repository_at(text)
    if repository is None or not _has_revision(repository, text):
        return
    message = f"{text} does not exist; for the commit with this name, pass {GIT}{text}"
    raise StopError("usage", message)


def _has_revision(repository: Repository, text: str) -> bool:
    try:
        resolve(repository, text)
    except StopError:
        return False
    return True


def _read_with_head(new: str = ".") -> Pair:
    """Read one operand, and the same path at HEAD."""
    if new.startswith(GIT):
        _, location = parse_revision(new)
        return _read_both(f"{GIT}HEAD:{location.path}", new)
    location = locate(new)
    repository = location.repository
    with Objects(repository) as objects:
        if not has_commit(repository):
            old = Operand(content=NOTHING, label=f"{location.label} at HEAD")
            return Pair(old=old, new=_read_operand(new))
        head = Commit(objects, resolve(repository, "HEAD"), "HEAD")
        return _pair(head, _work_tree(repository), [location])


def _read_since(paths: Sequence[str], base: str, head: str | None, each: bool) -> Iterator[Pair]:
    locations = locate_all(paths)
    repository = locations[0].repository
    start = merge_base(repository, base, head or "HEAD")
    is_behind = start != resolve(repository, base)
    name = f"the merge base with {base}" if is_behind else base
    with Objects(repository) as objects:
        old = Commit(objects, start, name)
        new = _later_end(objects, head)
        if each:
            yield from _pairs_of_projects(old, new, locations)
        else:
            yield _pair(old, new, locations)


def _later_end(objects: Objects, head: str | None) -> End:
    if head is not None:
        return Commit(objects, resolve(objects.repository, head), head)
    return _work_tree(objects.repository)


def _pairs_of_projects(old: End, new: End, locations: Sequence[Location]) -> Iterator[Pair]:
    """Yield each project that either side has. Raises StopError if there is none."""
    repository = locations[0].repository
    folders = sorted({*old.projects(locations), *new.projects(locations)})
    if not folders:
        raise StopError("usage", f"neither side has a {FILE_NAME} in, above or below these paths")
    for folder in counted("Comparing projects", folders):
        location = inside(repository, folder)
        sides = [_project(end, location) for end in (old, new)]
        yield Pair(old=sides[0], new=sides[1])


def _project(end: End, location: Location) -> Operand:
    """Read the project in a folder; nothing if this side has none there."""
    file = inside(location.repository, posixpath.join(location.path, FILE_NAME))
    if end.has(file):
        return _operand(end, [location])
    return _whole(end, [location], NOTHING)


def _pair(old: End, new: End, locations: Sequence[Location]) -> Pair:
    """Read both sides of paths. Raises StopError for a path that neither has."""
    for location in locations:
        if not (old.has(location) or new.has(location)):
            raise StopError("usage", f"{location.label} does not exist on either side")
    return Pair(old=_operand(old, locations), new=_operand(new, locations))


def _work_tree(repository: Repository) -> WorkTree:
    if repository.is_bare:
        raise StopError("usage", "a bare repository has no work tree; pass --head REV")
    return WorkTree()


def _operand(end: End, locations: Sequence[Location]) -> Operand:
    """Read the paths of one side, those that it has."""
    contents = [
        _readable(each.label, functools.partial(end.content, each))
        for each in locations
        if end.has(each)
    ]
    return _whole(end, locations, merged(contents))


def _whole(end: End, locations: Sequence[Location], content: Content) -> Operand:
    return Operand(
        content=content,
        label=_label(end, locations),
        revision=end.revision,
        repository=locations[0].repository,
    )


def _label(end: End, locations: Sequence[Location]) -> str:
    paths = ", ".join(each.label for each in locations)
    return f"{paths} at {end.name}" if end.name else paths


def _readable(name: str, read: Callable[[], Content]) -> Content:
    """Return what a function reads; if the input is at fault, a content with the reason."""
    try:
        return read()
    except StopError as stop:
        if stop.cause != "input":
            raise
        return broken_content(name, stop)
