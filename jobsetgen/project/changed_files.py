"""List the files that differ between two states of a git repository."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from jobsetgen.git import Repository, git_output, without_filters

ON_DISK = ""
"""Instead of the id of a blob: the content is that of the file in the work tree."""


class States(NamedTuple):
    """Two states of a repository: the commit of each, or empty for the work tree.

    At least one of them is a commit.
    """

    repository: Repository
    old: str
    new: str


class ChangedFile(NamedTuple):
    """A file that may differ: its path from the top, and the id of its blob in both states.

    An id is None where there is no regular file, and `ON_DISK` for one that has to be read from the
    work tree, which may turn out to be the same.
    """

    path: str
    old: str | None
    new: str | None


def changed_files(states: States) -> list[ChangedFile]:
    """Return the files that may differ between two states, sorted by path.

    Files in the work tree count as soon as they exist, unless git ignores them. A renamed file is
    one that is gone and one that is new. Git runs no program that shows differences; to tell whether
    a file was just written, it may run a filter of the user's configuration, but none of the
    repository's own except Git LFS.
    Raises StopError if git fails.
    """
    if states.old and states.new:
        words = ("diff-tree", "-r", *_RAW, states.old, states.new)
        return sorted(_entries(_output(states.repository, *words)))
    found = {each.path: each for each in _since(states.repository, states.old or states.new)}
    if states.new:
        found = {path: ChangedFile(path, each.new, each.old) for path, each in found.items()}
    return [found[path] for path in sorted(found)]


_RAW = ("-z", "--raw", "--no-abbrev", "--no-renames", "--ignore-submodules=all")


def _since(repository: Repository, commit: str) -> Iterator[ChangedFile]:
    """Yield the files of the work tree that may differ from those of a commit."""
    words = (*without_filters(repository), "diff-index", *_RAW, commit)
    tracked = {each.path: each for each in _entries(_output(repository, *words))}
    others = _output(repository, "ls-files", "-z", "--others", "--exclude-standard")
    # A file that was taken out of the index is one of the others.
    for path in _texts(others):
        known = tracked.pop(path, None)
        yield ChangedFile(path, known.old if known else None, ON_DISK)
    yield from tracked.values()


def _entries(output: bytes) -> Iterator[ChangedFile]:
    """Yield the files of git's raw format: `:MODE MODE ID ID STATUS`, then the path."""
    texts = _texts(output)
    for line, path in zip(texts[::2], texts[1::2], strict=True):
        old_mode, new_mode, old, new, status = line.removeprefix(":").split(" ")
        # During a merge, the file in the work tree is neither side's.
        is_unmerged = status.startswith("U")
        changed = ChangedFile(
            path,
            _blob(old_mode, old),
            ON_DISK if is_unmerged else _blob(new_mode, new),
        )
        if changed.old is not None or changed.new is not None:
            yield changed


def _blob(mode: str, identity: str) -> str | None:
    """Return the id of a regular file's blob; git gives only zeros for what is not hashed yet."""
    if not mode.startswith("100"):
        return None
    return identity if identity.strip("0") else ON_DISK


def _texts(output: bytes) -> list[str]:
    return output.decode("utf-8", "surrogateescape").split("\0")[:-1]


def _output(repository: Repository, *words: str) -> bytes:
    return git_output(repository, f"compare {repository.top}", *words)
