"""The only module that prints. Everything a command prints is escaped here for its medium.

Text for people may contain names, patterns and values of untrusted input. Text for programs
(YAML, JSON, SARIF, workflow commands) is escaped by the writer of that format, and so is text
in colors.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable
from typing import Literal

from jobsetgen.review.terminal import harmless, harmless_content

Color = Literal["auto", "always", "never"]
COLORS: tuple[Color, ...] = ("auto", "always", "never")
_WIDTH = 100


def complain(words: str) -> None:
    """Print one sentence about the run on standard error."""
    sys.stderr.write(f"jobsetgen: {harmless(words)}\n")


def report(text: str) -> None:
    """Print lines about the input on standard error."""
    sys.stderr.writelines(harmless_content(text.splitlines(keepends=True)))


def report_painted(text: str) -> None:
    """Print text about the input on standard error, escaped and perhaps colored by its writer."""
    sys.stderr.write(text)


def show(text: str) -> None:
    """Print lines for people on standard output."""
    sys.stdout.writelines(harmless_content(text.splitlines(keepends=True)))


def finish() -> None:
    """Write all that was printed on standard output, so that a log of both streams is in order."""
    sys.stdout.flush()


def give(chunks: Iterable[str]) -> None:
    """Print text for programs on standard output, unescaped."""
    sys.stdout.writelines(chunks)


def is_colored(stream: Literal["stdout", "stderr"], color: Color) -> bool:
    """Whether text on a standard stream is colored; `color` is the choice of --color.

    The choice decides, then NO_COLOR and FORCE_COLOR, and then whether it is a terminal.
    """
    if color != "auto":
        return color == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return bool(getattr(sys, stream).isatty()) and os.environ.get("TERM") != "dumb"


def is_for_people(color: Color) -> bool:
    """Whether standard error is a terminal, or text on it was asked to be as on one."""
    return sys.stderr.isatty() or is_colored("stderr", color)


def width() -> int:
    """Return the width of the terminal in columns; 100 if there is none."""
    columns = shutil.get_terminal_size((0, 0)).columns
    return columns or _width_of_errors()


def _width_of_errors() -> int:
    """Return the width of the terminal that standard error is, or the default."""
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or _WIDTH
    except (OSError, ValueError):
        return _WIDTH
