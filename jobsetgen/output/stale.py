"""Compare committed output with what a build would write."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from jobsetgen.output.companions import companions
from jobsetgen.output.layout import COMPANIONS, count_files, files
from jobsetgen.output.ownership import survey
from jobsetgen.output.tree import Tree, reading_in
from jobsetgen.pipeline import Compilation
from jobsetgen.progress import counted_of
from jobsetgen.review.textdiff import unified, unified_text
from jobsetgen.source.text import MAX_BYTES
from jobsetgen.stop import StopError

# How many bytes more than what a build writes a committed file may have to be compared.
_MARGIN = MAX_BYTES

_Compare = Callable[[str, str | None, str | None], Iterator[str]]


def file_changes(result: Compilation, against: str) -> Iterator[str]:
    """Yield a unified diff of an output file. Raises like `folder_changes`."""
    built = result.text()
    most = _most(built)
    content = _content(Path(against), most)
    if content is not None and len(content) > most:
        yield _too_large(against, most)
    else:
        yield from unified(against, _decoded(content), built)


def folder_changes(result: Compilation, folder: str, project: str | None = None) -> Iterator[str]:
    """Yield unified diffs of the files in an output folder; foreign companions are ignored.

    `project` is the folder that the output must be inside. Of a file that is far too large, only
    the size is named; of a build that was killed, the temporary files are. Raises StopError for an
    unreadable file, and for an output path that is not a regular file.
    """
    beside = companions(folder, result).files
    expected = set(beside)
    with Tree(folder, project) as tree:
        manifests = counted_of("Comparing files", files(result), lambda: count_files(result))
        for name, text in manifests:
            expected.add(name)
            yield from _changes(unified, tree, folder, name, text)
        for name, text in beside.items():
            yield from _changes(unified_text, tree, folder, name, text)
        with reading_in(tree, ""):
            found = survey(tree, expected)
        for name in found.stale:
            compare = unified_text if name in COMPANIONS else unified
            yield from _changes(compare, tree, folder, name, None)
        for name in found.leftovers:
            yield f"Temporary file of an interrupted build: {folder}/{name}\n"


def _changes(
    compare: _Compare, tree: Tree, folder: str, name: str, built: str | None
) -> Iterator[str]:
    """Yield the unified diff of a committed file."""
    most = _most(built)
    with reading_in(tree, name):
        kind = tree.kind(name)
        content = tree.content(name, most)
    if kind not in ("missing", "file"):
        raise StopError("usage", f"{tree.shown(name)} already exists and is not a file")
    if kind == "file" and content is None:
        yield _too_large(f"{folder}/{name}", most)
    else:
        yield from compare(f"{folder}/{name}", _decoded(content), built)


def _most(built: str | None) -> int:
    """Return how many bytes a committed file may have to be compared with what a build writes."""
    return len((built or "").encode()) + _MARGIN


def _too_large(name: str, most: int) -> str:
    return f"{name} is too large to be compared: more than {most:,} bytes\n"


def _content(path: Path, most: int) -> bytes | None:
    """Return a file's content, at most one byte more than a limit, or None if it does not exist."""
    try:
        with path.open("rb") as file:
            return file.read(most + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StopError("usage", f"cannot read {path}: {error.strerror}") from error


def _decoded(content: bytes | None) -> str | None:
    return None if content is None else content.decode("utf-8", "backslashreplace")
