"""The only module that prints. Everything a command prints is escaped here for its medium.

Text for people may contain names, patterns and values of untrusted input. Text for programs
(YAML, JSON, SARIF, workflow commands) is escaped by the writer of that format, and so is text
in colors.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Literal

from jobsetgen.review.terminal import harmless, harmless_content

Color = Literal["auto", "always", "never"]
COLORS: tuple[Color, ...] = ("auto", "always", "never")
_WIDTH = 100
# Of a terminal: from the cursor to the end of the line.
_ERASE_REST = "\x1b[K"


class _Status:
    """Whether a line about the progress may be shown, and whether it is there now."""

    is_open = False
    is_shown = False


_STATUS = _Status()


def can_show_status() -> bool:
    """Whether somebody watches standard error: it is a terminal, and this is not CI."""
    is_terminal = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
    return is_terminal and not os.environ.get("CI")


@contextmanager
def status_line() -> Iterator[None]:
    """Allow a line about the progress of a block, until there is output."""
    _STATUS.is_open = True
    try:
        yield
    finally:
        _end_status()


def show_status(words: str) -> None:
    """Replace the line about the progress, which is on standard error, if it is allowed."""
    if _STATUS.is_open:
        _STATUS.is_shown = True
        _tell([f"\r{words[: width() - 1]}{_ERASE_REST}"])


def _erase_status() -> None:
    """Remove the line about the progress, because something else is printed there."""
    if _STATUS.is_shown:
        _STATUS.is_shown = False
        _tell([f"\r{_ERASE_REST}"])


def _end_status() -> None:
    """Remove the line about the progress, and allow no other: from now on, there is output."""
    _STATUS.is_open = False
    _erase_status()


def complain(words: str) -> None:
    """Print one sentence about the run on standard error."""
    _erase_status()
    _tell([f"jobsetgen: {harmless(words)}\n"])


def report(text: str) -> None:
    """Print lines about the input on standard error."""
    _erase_status()
    _tell(harmless_content(text.splitlines(keepends=True)))


def report_painted(text: str) -> None:
    """Print text about the input on standard error, escaped and perhaps colored by its writer."""
    _erase_status()
    _tell([text])


def _tell(texts: Iterable[str]) -> None:
    """Write to standard error. Raises BrokenPipeError if its reader has left.

    Where nothing can be written, as on a full disk or a terminal that was closed, nobody reads it:
    the run and its status stay what they are.
    """
    try:
        sys.stderr.writelines(texts)
        sys.stderr.flush()
    except BrokenPipeError:
        raise
    except OSError:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115 (until the end)


def show(text: str) -> None:
    """Print lines for people on standard output."""
    _end_status()
    sys.stdout.writelines(harmless_content(text.splitlines(keepends=True)))


def finish() -> None:
    """Write all that was printed on standard output, so that a log of both streams is in order."""
    sys.stdout.flush()


def give(chunks: Iterable[str]) -> None:
    """Print text for programs on standard output, unescaped."""
    _end_status()
    sys.stdout.writelines(chunks)


def is_terminal() -> bool:
    """Whether standard output is a terminal."""
    return sys.stdout.isatty()


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
    import shutil

    columns = shutil.get_terminal_size((0, 0)).columns
    return columns or _width_of_errors()


def _width_of_errors() -> int:
    """Return the width of the terminal that standard error is, or the default."""
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or _WIDTH
    except (OSError, ValueError):
        return _WIDTH
