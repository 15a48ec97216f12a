"""Compare committed output with what a build would write."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from jobsetgen.output.companions import companions
from jobsetgen.output.layout import COMPANIONS, count_files, files
from jobsetgen.output.ownership import survey
from jobsetgen.output.tree import LARGEST, Tree, reading_in
from jobsetgen.pipeline import Compilation
from jobsetgen.progress import counted_of
from jobsetgen.review.textdiff import unified, unified_text
from jobsetgen.stop import StopError


def file_changes(result: Compilation, against: str) -> Iterator[str]:
    """Yield a unified diff of an output file. Raises like `folder_changes`."""
    yield from unified(against, _text(Path(against)), result.text())


def folder_changes(result: Compilation, folder: str, project: str | None = None) -> Iterator[str]:
    """Yield unified diffs of the files in an output folder; foreign companions are ignored.

    `project` is the folder that the output must be inside. Temporary files of a build that was
    killed are named. Raises StopError for an unreadable file, and for an output path that is not a
    regular file.
    """
    beside = companions(folder, result).files
    expected = set(beside)
    with Tree(folder, project) as tree:
        manifests = counted_of("Comparing files", files(result), lambda: count_files(result))
        for name, text in manifests:
            expected.add(name)
            yield from unified(f"{folder}/{name}", _committed(tree, name), text)
        for name, text in beside.items():
            yield from unified_text(f"{folder}/{name}", _committed(tree, name), text)
        with reading_in(tree, ""):
            found = survey(tree, expected)
        for name in found.stale:
            compare = unified_text if name in COMPANIONS else unified
            yield from compare(f"{folder}/{name}", _committed(tree, name), None)
        for name in found.leftovers:
            yield f"Temporary file of an interrupted build: {folder}/{name}\n"


def _committed(tree: Tree, name: str) -> str | None:
    """Return the text of a file in an output folder, or None if it does not exist."""
    with reading_in(tree, name):
        kind = tree.kind(name)
        content = tree.content(name)
    if kind == "missing":
        return None
    if kind != "file":
        raise StopError("usage", f"{tree.shown(name)} already exists and is not a file")
    return _decoded(tree.shown(name), content)


def _text(path: Path) -> str | None:
    """Return a committed file's text, or None if it does not exist."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StopError("usage", f"cannot read {path}: {error.strerror}") from error
    return _decoded(str(path), None if len(content) > LARGEST else content)


def _decoded(shown: str, content: bytes | None) -> str:
    """Return the text of a file; its content is None if it is too large."""
    if content is None:
        message = f"{shown} has more than {LARGEST:,} bytes, which no build has written"
        raise StopError("input", message)
    return content.decode("utf-8", "backslashreplace")
