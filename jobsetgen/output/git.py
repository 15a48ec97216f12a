"""Find generated files that a git commit would leave out."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from jobsetgen.git import Repository, git_output, repository_of, without_filters
from jobsetgen.output.layout import KUSTOMIZATION


def left_out(folders: Sequence[str]) -> list[str]:
    """Return the files in folders whose current content a commit would leave out.

    They are untracked, differ from the index, or are deleted but still in the index. Ignored files
    are included, unless the whole folder is ignored. Returns nothing outside a git repository.
    Raises StopError if git fails.
    """
    by_repository: dict[Repository, list[Path]] = {}
    for folder in map(Path, map(os.path.abspath, folders)):
        repository = repository_of(folder)
        if repository is None or repository.is_bare:
            continue
        if folder.is_dir():
            by_repository.setdefault(repository, []).append(folder)
    return [
        os.path.relpath(path)
        for repository, inside in by_repository.items()
        for path in _left_out(repository, inside)
    ]


def _left_out(repository: Repository, folders: Sequence[Path]) -> Iterator[Path]:
    top = repository.top
    names = [str(folder.relative_to(top)) for folder in folders]
    found = dict.fromkeys(
        top / name for name in _list_files(repository, "--others", "--modified", "--", *names)
    )
    kept_out = _kept_out(
        repository, [folder for folder in folders if folder / KUSTOMIZATION in found]
    )
    return (path for path in found if not kept_out.intersection(path.parents))


def _kept_out(repository: Repository, folders: Sequence[Path]) -> set[Path]:
    """Return the folders whose kustomization is ignored by git, and so everything in them."""
    if not folders:
        return set()
    top = repository.top
    names = [str(folder.relative_to(top) / KUSTOMIZATION) for folder in folders]
    ignored = _list_files(repository, "--others", "--ignored", "--exclude-standard", "--", *names)
    return {(top / name).parent for name in ignored}


def _list_files(repository: Repository, *words: str) -> list[str]:
    purpose = f"list the files in {repository.top}"
    options = (*without_filters(repository), "--literal-pathspecs")
    output = git_output(repository, purpose, *options, "ls-files", "-z", *words)
    return [os.fsdecode(name) for name in output.split(b"\0") if name]
