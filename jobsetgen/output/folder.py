"""Write an output folder and remove stale files from it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from jobsetgen.output.companions import Companions, companions
from jobsetgen.output.layout import files, paths
from jobsetgen.output.ownership import is_foreign, ours
from jobsetgen.pipeline import Compilation
from jobsetgen.stop import StopError, writing


class Written(NamedTuple):
    """The paths of changed files, and notices about files that were left out."""

    changed: list[str]
    notices: list[str]


def write_folder(folder: str, compilation: Compilation) -> Written:
    """Write one output; see `write_folders`."""
    return write_folders([(folder, compilation)])


def write_folders(outputs: Sequence[tuple[str, Compilation]]) -> Written:
    """Write outputs, and remove stale files of earlier ones.

    Unchanged files are not rewritten; others are replaced atomically. Foreign files are never
    changed: raises StopError before writing anything if one exists at the path of a manifest; at
    that of a companion, there is a notice. Also raises StopError if a file cannot be written.
    """
    for folder, compilation in outputs:
        _refuse_foreign(Path(folder), compilation)
    written = Written([], [])
    for folder, compilation in outputs:
        beside = companions(folder, compilation)
        written.changed.extend(_sync_folder(folder, compilation, beside))
        written.notices.extend(beside.notices)
    return written


def _sync_folder(folder: str, compilation: Compilation, beside: Companions) -> list[str]:
    """Write and remove files; return the paths of changed files."""
    root = Path(folder)
    expected: set[str] = set()
    changed: list[str] = []
    for name, text in chain(files(compilation), beside.files.items()):
        expected.add(name)
        if _write(root / name, text):
            changed.append(f"{folder}/{name}")
    for stale in sorted(set(ours(root)) - expected):
        with writing(root / stale):
            (root / stale).unlink()
            _remove_if_empty((root / stale).parent, root)
        changed.append(f"{folder}/{stale}")
    return changed


def _refuse_foreign(root: Path, compilation: Compilation) -> None:
    for name in paths(compilation):
        path = root / name
        for folder in path.parents:
            if folder == root:
                break
            with writing(folder):
                is_link = folder.is_symlink()
            if is_link:
                message = f"{folder} is a symbolic link, and jobsetgen did not write its target"
                raise StopError("usage", message)
        with writing(path):
            is_in_the_way = is_foreign(path)
        if is_in_the_way:
            raise StopError("usage", f"{path} already exists and was not written by jobsetgen")


def _write(path: Path, text: str) -> bool:
    """Write a file unless it has this content already; return whether it was written."""
    content = text.encode()
    with writing(path):
        if path.is_file() and path.read_bytes() == content:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.tmp")
        # A leftover of a killed build, or a link to another file.
        temporary.unlink(missing_ok=True)
        with temporary.open("xb") as file:
            file.write(content)
        temporary.replace(path)
    return True


def _remove_if_empty(folder: Path, root: Path) -> None:
    while folder != root and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
