"""What git knows of files that were rendered: those that a commit would leave out."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from jobsetgen.output.layout import KUSTOMIZATION
from jobsetgen.stop import StopError

# In a hook git names the repository by these, which is not always the one that a folder is in.
_OF_A_HOOK = ("GIT_DIR", "GIT_WORK_TREE", "GIT_PREFIX")
_INDEX = "GIT_INDEX_FILE"


def left_out(folders: Sequence[str]) -> list[str]:
    """Return the files in folders that a commit would leave out.

    Git does not know them, knows them otherwise than they are, or still knows what is gone.
    Ignored files are among them, unless the whole folder is kept out of git. Outside of a git
    repository there are none. Raises StopError where git cannot tell.
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
    """Return the top of the repository that a folder is in."""
    for each in (folder, *folder.parents):
        if os.path.lexists(each / ".git"):
            return each
    return None


def _left_out(top: Path, folders: Sequence[Path]) -> Iterator[Path]:
    names = [str(folder.relative_to(top)) for folder in folders]
    found = dict.fromkeys(
        top / name for name in _listed(top, "--others", "--modified", "--", *names)
    )
    kept_out = _kept_out(top, [folder for folder in folders if folder / KUSTOMIZATION in found])
    return (path for path in found if not kept_out.intersection(path.parents))


def _kept_out(top: Path, folders: Sequence[Path]) -> set[Path]:
    """Return the folders whose kustomization, and so everything in them, git ignores."""
    if not folders:
        return set()
    names = [str(folder.relative_to(top) / KUSTOMIZATION) for folder in folders]
    ignored = _listed(top, "--others", "--ignored", "--exclude-standard", "--", *names)
    return {(top / name).parent for name in ignored}


def _listed(top: Path, *words: str) -> list[str]:
    command = ["git", "-C", str(top), "--literal-pathspecs", "ls-files", "-z", *words]
    try:
        done = subprocess.run(command, env=_environment(top), capture_output=True, check=False)
    except OSError as error:
        message = f"cannot run git: {error.strerror}"
        raise StopError("machine", message) from error
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip().partition("\n")[0]
        raise StopError("machine", f"git cannot tell which files it knows in {top}: {reason}")
    return [os.fsdecode(name) for name in done.stdout.split(b"\0") if name]


def _environment(top: Path) -> dict[str, str]:
    """Return the environment for a repository.

    The index that a hook names is that of the repository which is committed to.
    """
    others = {name: value for name, value in os.environ.items() if name not in _OF_A_HOOK}
    here = Path.cwd()
    if not here.is_relative_to(top):
        others.pop(_INDEX, None)
    return others
