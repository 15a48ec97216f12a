"""Find generated files that a git commit would leave out."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from jobsetgen.output.layout import KUSTOMIZATION
from jobsetgen.stop import StopError

# Git sets these in a hook; they may name a different repository than that of a folder.
_OF_A_HOOK = ("GIT_DIR", "GIT_WORK_TREE", "GIT_PREFIX")
_INDEX = "GIT_INDEX_FILE"


def left_out(folders: Sequence[str]) -> list[str]:
    """Return the files in folders whose current content a commit would leave out.

    They are untracked, differ from the index, or are deleted but still in the index. Ignored files
    are included, unless the whole folder is ignored. Returns nothing outside a git repository.
    Raises StopError if git fails.
    """
    by_repository: dict[Path, list[Path]] = {}
    for folder in map(Path, map(os.path.abspath, folders)):
        top = _repository(folder)
        if top is not None and folder.is_dir():
            by_repository.setdefault(top, []).append(folder)
    return [
        os.path.relpath(path)
        for top, inside in by_repository.items()
        for path in _left_out(top, inside)
    ]


def _repository(folder: Path) -> Path | None:
    """Return the top folder of the repository that contains a folder, or None."""
    return next(filter(is_top, (folder, *folder.parents)), None)


def is_top(folder: Path) -> bool:
    """Whether a folder is the top of a repository or of a linked work tree."""
    return os.path.lexists(folder / ".git")


def _left_out(top: Path, folders: Sequence[Path]) -> Iterator[Path]:
    names = [str(folder.relative_to(top)) for folder in folders]
    found = dict.fromkeys(
        top / name for name in _list_files(top, "--others", "--modified", "--", *names)
    )
    kept_out = _kept_out(top, [folder for folder in folders if folder / KUSTOMIZATION in found])
    return (path for path in found if not kept_out.intersection(path.parents))


def _kept_out(top: Path, folders: Sequence[Path]) -> set[Path]:
    """Return the folders whose kustomization is ignored by git, and so everything in them."""
    if not folders:
        return set()
    names = [str(folder.relative_to(top) / KUSTOMIZATION) for folder in folders]
    ignored = _list_files(top, "--others", "--ignored", "--exclude-standard", "--", *names)
    return {(top / name).parent for name in ignored}


def _list_files(top: Path, *words: str) -> list[str]:
    command = ["git", "-C", str(top), "--literal-pathspecs", "ls-files", "-z", *words]
    try:
        done = subprocess.run(command, env=_environment(top), capture_output=True, check=False)
    except OSError as error:
        message = f"cannot run git: {error.strerror}"
        raise StopError("machine", message) from error
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip().partition("\n")[0]
        raise StopError("machine", f"git cannot list the files in {top}: {reason}")
    return [os.fsdecode(name) for name in done.stdout.split(b"\0") if name]


def _environment(top: Path) -> dict[str, str]:
    """Return the environment for running git in a repository.

    The index named by a hook belongs to the repository of the commit.
    """
    others = {name: value for name, value in os.environ.items() if name not in _OF_A_HOOK}
    here = Path.cwd()
    if not here.is_relative_to(top):
        others.pop(_INDEX, None)
    return others
