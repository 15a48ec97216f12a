"""Run git in the repository of a folder, whatever a hook says about its own."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NamedTuple

from jobsetgen.stop import StopError

# Git sets these in a hook; they may name a different repository than that of a folder.
_OF_A_HOOK = ("GIT_DIR", "GIT_WORK_TREE", "GIT_IMPLICIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_PREFIX")
# These belong to the repository of the hook: the index of the commit, and pushed objects that are
# not accepted yet.
_OF_ITS_REPOSITORY = (
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_QUARANTINE_PATH",
    "GIT_SHALLOW_FILE",
)
# Git LFS runs the programs of its extensions, and its objects may be stored anywhere; git looks for
# an alias where Git LFS is not installed.
_PROGRAMS = r"^(filter\..*\.(clean|process)|lfs\.extension\..*\.clean|lfs\.storage|alias\.lfs)$"
_OF_LFS = re.compile(r"git[ -]lfs (clean|filter-process)( --skip)?( -- %f)?")
# Whoever hands over a folder with a .git in it chooses its configuration.
_NO_PROGRAMS = ("-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}")
# The status of `git config` if there is no such setting.
_NONE_FOUND = 1
# Variables that have the values of settings.
_EMPTY = "JOBSETGEN_EMPTY"
_FALSE = "JOBSETGEN_FALSE"


@dataclass(frozen=True, slots=True)
class Repository:
    """A git repository: the top folder of its work tree, or its own folder if it has none."""

    top: Path
    is_bare: bool = False


def repository_of(folder: Path) -> Repository | None:
    """Return the repository that contains an absolute folder, or None.

    A folder in a work tree that looks like a repository is not one: whoever wrote its files would
    choose the configuration of git.
    """
    above = (folder, *folder.parents)
    for each in above:
        if os.path.lexists(each / ".git"):
            return Repository(each)
    bare = next(filter(_is_bare, above), None)
    return Repository(bare, is_bare=True) if bare else None


def _is_bare(folder: Path) -> bool:
    """Whether a folder is a repository without a work tree; git looks for the same."""
    has_folders = all(os.path.isdir(folder / name) for name in ("objects", "refs"))
    return has_folders and os.path.isfile(folder / "HEAD")


def run_git(repository: Repository, *words: str) -> subprocess.CompletedProcess[bytes]:
    """Run git to its end, whatever its status. Raises StopError if there is no git."""
    try:
        return subprocess.run(
            _command(repository, words),
            env=_environment(repository),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except OSError as error:
        raise _no_git(error) from error


def git_output(repository: Repository, purpose: str, *words: str) -> bytes:
    """Return what git prints. Raises StopError if git fails or is missing.

    `purpose` completes the error message: "git cannot compare /srv/training: …".
    """
    done = run_git(repository, *words)
    if done.returncode:
        reason = reason_of(done.stderr) + advice_if_partial(repository)
        raise StopError("machine", f"git cannot {purpose}: {reason}")
    return done.stdout


def advice_if_partial(repository: Repository) -> str:
    """Return what to do if git has not cloned every object, or an empty string."""
    done = run_git(repository, "config", "--get-regexp", r"^remote\..*\.promisor$")
    if not done.stdout:
        return ""
    return "; this clone is partial, and git may not fetch the rest now: clone without --filter"


def without_filters(repository: Repository) -> list[str]:
    """Return the words that keep git from running filters of a repository's own configuration.

    Git runs a filter to tell whether a file has changed. Those of the user and of the system stay,
    and so do those of Git LFS, unless the repository changes what Git LFS does. Raises StopError if
    git cannot list them.
    """
    words = ("--show-scope", "--includes", "-z", "--get-regexp", _PROGRAMS)
    done = run_git(repository, "config", *words)
    if done.returncode not in (0, _NONE_FOUND):
        reason = reason_of(done.stderr)
        raise StopError("machine", f"git cannot list the filters of {repository.top}: {reason}")
    settings = list(_settings(done.stdout))
    is_lfs_changed = any(each.is_own and not each.is_filter for each in settings)
    without: list[str] = []
    for each in settings:
        is_lfs = _OF_LFS.fullmatch(each.value) is not None
        if each.is_filter and (is_lfs_changed if is_lfs else each.is_own):
            without += _without_filter(each.key)
    return without


class _Setting(NamedTuple):
    """A setting of git; it is the repository's own, or else of the user or of the system."""

    key: str
    value: str
    is_own: bool

    @property
    def is_filter(self) -> bool:
        return self.key.startswith("filter.")


def _settings(output: bytes) -> Iterator[_Setting]:
    fields = output.decode(errors="surrogateescape").split("\0")
    for scope, entry in zip(fields[::2], fields[1::2], strict=False):
        key, _, value = entry.partition("\n")
        yield _Setting(key, value, scope in ("local", "worktree"))


def _without_filter(key: str) -> list[str]:
    """Return the words that set a filter to nothing.

    Not by `-c`, whose first `=` ends the key: the name of a filter may contain one.
    """
    required = f"{key.rpartition('.')[0]}.required"
    return [f"--config-env={key}={_EMPTY}", f"--config-env={required}={_FALSE}"]


def start_git(repository: Repository, errors: IO[bytes], *words: str) -> subprocess.Popen[bytes]:
    """Start git with pipes for its input and its output. Raises StopError if there is no git."""
    try:
        return subprocess.Popen(
            _command(repository, words),
            env=_environment(repository),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
        )
    except OSError as error:
        raise _no_git(error) from error


def reason_of(errors: bytes) -> str:
    """Return the first line of what git says is wrong."""
    return errors.decode(errors="backslashreplace").strip().partition("\n")[0]


def _command(repository: Repository, words: Sequence[str]) -> list[str]:
    # A replaced object is one of this clone only, and not what a GitOps tool applies.
    return ["git", "-C", str(repository.top), "--no-replace-objects", *_NO_PROGRAMS, *words]


def _no_git(error: OSError) -> StopError:
    return StopError("machine", f"cannot run git: {error.strerror}")


def _environment(repository: Repository) -> dict[str, str]:
    """Return the environment for running git in a repository."""
    environment = {name: value for name, value in os.environ.items() if name not in _OF_A_HOOK}
    if not Path.cwd().is_relative_to(repository.top):
        for name in _OF_ITS_REPOSITORY:
            environment.pop(name, None)
    return {
        **environment,
        # The messages of git are part of ours.
        "LC_ALL": "C",
        # A broken repository is an error; git would look for another one further up.
        "GIT_CEILING_DIRECTORIES": str(repository.top.parent),
        "GIT_TERMINAL_PROMPT": "0",
        # Git would fetch what a partial clone lacks, by a program that its configuration names.
        # Before 2.45, it knows only the second.
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "none",
        _EMPTY: "",
        _FALSE: "false",
    }
