"""Compare committed output with what a build would write."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from jobsetgen.output.companions import companions
from jobsetgen.output.layout import COMPANIONS, count_files, files
from jobsetgen.output.ownership import is_file, ours
from jobsetgen.pipeline import Compilation
from jobsetgen.progress import counted_of
from jobsetgen.review.textdiff import unified, unified_text
from jobsetgen.source.text import MAX_BYTES
from jobsetgen.stop import StopError

_Compare = Callable[[str, str | None, str | None], Iterator[str]]


_MARGIN = MAX_BYTES
"""How many bytes more than what a build writes a committed file may have to be compared."""


def file_changes(result: Compilation, against: str) -> Iterator[str]:
    """Yield a unified diff of an output file. Raises like `folder_changes`."""
    yield from _changes(unified, Path(against), against, result.text())


def folder_changes(result: Compilation, folder: str) -> Iterator[str]:
    """Yield unified diffs of the files in an output folder; foreign companions are ignored.

    Raises StopError for an unreadable file, and for an output path that is not a regular file.
    """
    root = Path(folder)
    expected = set()
    manifests = counted_of("Comparing files", files(result), lambda: count_files(result))
    for name, text in manifests:
        expected.add(name)
        if os.path.lexists(root / name) and not is_file(root / name):
            raise StopError("usage", f"{root / name} already exists and is not a file")
        yield from _changes(unified, root / name, f"{folder}/{name}", text)
    beside = companions(folder, result).files
    for name, text in beside.items():
        yield from _changes(unified_text, root / name, f"{folder}/{name}", text)
    for name in sorted(set(ours(root)) - expected - beside.keys()):
        compare = unified_text if name in COMPANIONS else unified
        yield from _changes(compare, root / name, f"{folder}/{name}", None)


def _changes(compare: _Compare, path: Path, name: str, built: str | None) -> Iterator[str]:
    """Yield the unified diff of a committed file; of one that is far too large, only its size."""
    limit = len((built or "").encode()) + _MARGIN
    try:
        content = _content(path, limit)
    except OSError as error:
        raise StopError("usage", f"cannot read {path}: {error.strerror}") from error
    if content is not None and len(content) > limit:
        yield f"{name} is too large to be compared: more than {limit:,} bytes\n"
        return
    committed = None if content is None else content.decode("utf-8", "backslashreplace")
    yield from compare(name, committed, built)


def _content(path: Path, limit: int) -> bytes | None:
    """Return a file's content, at most one byte more than a limit, or None if it does not exist."""
    try:
        with path.open("rb") as file:
            return file.read(limit + 1)
    except FileNotFoundError:
        return None
