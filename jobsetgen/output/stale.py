"""Compare committed output with what a build would write."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from jobsetgen.output.companions import companions
from jobsetgen.output.layout import COMPANIONS, count_files, files
from jobsetgen.output.ownership import is_file, ours
from jobsetgen.pipeline import Compilation
from jobsetgen.progress import counted_of
from jobsetgen.review.textdiff import unified, unified_text
from jobsetgen.stop import StopError


def file_changes(result: Compilation, against: str) -> Iterator[str]:
    """Yield a unified diff of an output file. Raises like `folder_changes`."""
    yield from unified(against, _text(Path(against)), result.text())


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
        yield from unified(f"{folder}/{name}", _text(root / name), text)
    beside = companions(folder, result).files
    for name, text in beside.items():
        yield from unified_text(f"{folder}/{name}", _text(root / name), text)
    for name in sorted(set(ours(root)) - expected - beside.keys()):
        compare = unified_text if name in COMPANIONS else unified
        yield from compare(f"{folder}/{name}", _text(root / name), None)


def _text(path: Path) -> str | None:
    """Return a committed file's text, or None if it does not exist."""
    try:
        return path.read_bytes().decode("utf-8", "backslashreplace")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StopError("usage", f"cannot read {path}: {error.strerror}") from error
