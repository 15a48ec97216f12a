"""The output folder: written, compared, and cleared of what no longer belongs there."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from jobsetgen.output.layout import ENDINGS, HEADER, KUSTOMIZATION, files, paths
from jobsetgen.pipeline import Compilation
from jobsetgen.stop import StopError, writing


def write_folder(folder: str, compilation: Compilation) -> list[str]:
    """Write one output, as `write_folders` does."""
    return write_folders([(folder, compilation)])


def write_folders(outputs: Sequence[tuple[str, Compilation]]) -> list[str]:
    """Write outputs and remove what earlier ones left; return the paths of changed files.

    A file that would not change is left alone; each other is replaced as a whole. Files that are
    not ours are never touched: raises StopError, before anything is written, where one stands in
    the way of any output. Raises it, too, where a file cannot be written.
    """
    for folder, compilation in outputs:
        _refuse_foreign(Path(folder), compilation)
    return [name for folder, compilation in outputs for name in _sync_folder(folder, compilation)]


def _sync_folder(folder: str, compilation: Compilation) -> list[str]:
    """Write and remove files; return the paths of those that have changed."""
    root = Path(folder)
    expected: set[str] = set()
    changed: list[str] = []
    for name, text in files(compilation):
        expected.add(name)
        if _write(root / name, text):
            changed.append(f"{folder}/{name}")
    for stale in sorted(set(ours(root)) - expected):
        with writing(root / stale):
            (root / stale).unlink()
            _remove_if_empty((root / stale).parent, root)
        changed.append(f"{folder}/{stale}")
    return changed


def ours(root: Path) -> Iterator[str]:
    """Yield the files below a folder that an earlier output left, with forward slashes.

    A folder with a kustomization of its own is another output, and none of this one's. Previews
    that an earlier release named as manifests are among them.
    """
    for current, folders, names in os.walk(root):
        folders[:] = sorted(
            name for name in folders if not Path(current, name, KUSTOMIZATION).exists()
        )
        for name in sorted(names):
            path = Path(current) / name
            if name.endswith(ENDINGS) and is_ours(path):
                yield path.relative_to(root).as_posix()


def is_ours(path: Path) -> bool:
    """Whether a file is of an earlier output; one that cannot be read is somebody else's.

    A checkout may have turned line ends into those of Windows.
    """
    if not is_file(path):
        return False
    try:
        with path.open("rb") as file:
            return file.readline(len(HEADER) + 1).splitlines() == HEADER.encode().splitlines()
    except PermissionError:
        return False


def was_ours(path: Path) -> bool:
    """Whether a file is of an earlier output, or, where it is no longer there, may have been."""
    return path.name.endswith(ENDINGS) and (is_ours(path) or not os.path.lexists(path))


def is_file(path: Path) -> bool:
    """Whether a path is a file itself: a link leads elsewhere, and a pipe would be waited for."""
    return path.is_file() and not path.is_symlink()


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
            is_foreign = os.path.lexists(path) and not is_ours(path)
        if is_foreign:
            raise StopError("usage", f"{path} already exists and was not written by jobsetgen")


def _write(path: Path, text: str) -> bool:
    """Write a file unless it is so already; return whether it was written."""
    content = text.encode()
    with writing(path):
        if path.is_file() and path.read_bytes() == content:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.tmp")
        # What a killed build left, or a link that leads elsewhere.
        temporary.unlink(missing_ok=True)
        with temporary.open("xb") as file:
            file.write(content)
        temporary.replace(path)
    return True


def _remove_if_empty(folder: Path, root: Path) -> None:
    while folder != root and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
