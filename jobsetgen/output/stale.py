"""What committed output is not what a build would write now."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from jobsetgen.output.folder import is_file, ours
from jobsetgen.output.layout import files
from jobsetgen.pipeline import Compilation
from jobsetgen.review.textdiff import unified
from jobsetgen.stop import StopError


def file_changes(result: Compilation, against: str) -> Iterator[str]:
    """Yield a unified diff of the file that output was written to. Raises as `folder_changes`."""
    yield from unified(against, _text(Path(against)), result.text())


def folder_changes(result: Compilation, folder: str) -> Iterator[str]:
    """Yield unified diffs of the files in an output folder.

    Raises StopError for a file that cannot be read, and for what is no file in the place of one.
    """
    root = Path(folder)
    expected = set()
    for name, text in files(result):
        expected.add(name)
        if os.path.lexists(root / name) and not is_file(root / name):
            raise StopError("usage", f"{root / name} already exists and is not a file")
        yield from unified(f"{folder}/{name}", _text(root / name), text)
    for name in sorted(set(ours(root)) - expected):
        yield from unified(f"{folder}/{name}", _text(root / name), None)


def _text(path: Path) -> str | None:
    """Return a committed file's text, or None where there is none."""
    try:
        return path.read_bytes().decode("utf-8", "backslashreplace")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StopError("usage", f"cannot read {path}: {error.strerror}") from error
