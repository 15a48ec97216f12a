"""Write an output folder and remove stale files from it."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from jobsetgen.output.companions import Companions, companions
from jobsetgen.output.layout import count_files, files, paths
from jobsetgen.output.ownership import has_content, is_foreign, ours
from jobsetgen.pipeline import Compilation
from jobsetgen.progress import counted_of
from jobsetgen.stop import StopError, writing


class Synced(NamedTuple):
    """What was done in one output folder: the paths of its files by what became of them.

    `unchanged` is the number of files that already had their content.
    """

    folder: str
    written: list[str]
    removed: list[str]
    unchanged: int


class Written(NamedTuple):
    """What was done in each output folder, and notices about files that were left out."""

    folders: list[Synced]
    notices: list[str]

    @property
    def changed(self) -> list[str]:
        """The paths of all files that were written or removed."""
        return [path for each in self.folders for path in (*each.written, *each.removed)]


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
        written.folders.append(_sync_folder(folder, compilation, beside))
        written.notices.extend(beside.notices)
    return written


def _sync_folder(folder: str, compilation: Compilation, beside: Companions) -> Synced:
    """Write and remove files."""
    root = Path(folder)
    expected: set[str] = set()
    written: list[str] = []
    everything = chain(files(compilation), beside.files.items())
    total = functools.partial(_total, compilation, beside)
    for name, text in counted_of("Writing files", everything, total):
        expected.add(name)
        if _write(root / name, text):
            written.append(f"{folder}/{name}")
    removed = list(_remove_stale(folder, expected))
    return Synced(folder, written, removed, len(expected) - len(written))


def _total(compilation: Compilation, beside: Companions) -> int:
    return count_files(compilation) + len(beside.files)


def _remove_stale(folder: str, expected: set[str]) -> Iterator[str]:
    """Remove our files that are not expected; yield their paths."""
    root = Path(folder)
    for stale in sorted(set(ours(root)) - expected):
        with writing(root / stale):
            (root / stale).unlink()
            _remove_if_empty((root / stale).parent, root)
        yield f"{folder}/{stale}"


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
        if has_content(path, content):
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
