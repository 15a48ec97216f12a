"""The only module that prints. Everything a command prints is escaped here for its medium.

Text for people may contain names, patterns and values of untrusted input. Text for programs
(YAML, JSON, SARIF, workflow commands) is escaped by the writer of that format.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

from jobsetgen.review.terminal import harmless, harmless_content


def complain(words: str) -> None:
    """Print one sentence about the run on standard error."""
    sys.stderr.write(f"jobsetgen: {harmless(words)}\n")


def report(text: str) -> None:
    """Print lines about the input on standard error."""
    sys.stderr.writelines(harmless_content(text.splitlines(keepends=True)))


def show(text: str) -> None:
    """Print lines for people on standard output."""
    sys.stdout.writelines(harmless_content(text.splitlines(keepends=True)))


def finish() -> None:
    """Write all that was printed on standard output, so that a log of both streams is in order."""
    sys.stdout.flush()


def give(chunks: Iterable[str]) -> None:
    """Print text for programs on standard output, unescaped."""
    sys.stdout.writelines(chunks)


def is_colorful() -> bool:
    """Whether standard output is a terminal that shows colours."""
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ


def width() -> int:
    """Return the width of the terminal in columns; 100 if there is none."""
    import shutil

    return shutil.get_terminal_size((100, 24)).columns
