"""Find where a template was when it reached the limit of time or of memory.

The limits of the child process end it wherever it is. To tell where that was, the time is also
limited from within, a little earlier (`child.limit_time`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import NoReturn

from jinja2 import nodes

from jobsetgen.overlays.child import TimeUpError, Write, end_by_time

# The file name of a template's code.
_OF_TEMPLATE = "<template>"
_MARK = b"@"


class LimitError(BaseException):
    """A template has reached a limit at an offset, None if that is unknown."""

    def __init__(self, offset: int | None, reason: MemoryError | TimeUpError) -> None:
        super().__init__(offset)
        self.offset = offset
        self.reason = reason


def end(error: LimitError | TimeUpError, write: Write) -> NoReturn:
    """Write where a limit was reached, and end as the limits of the process would end it."""
    if isinstance(error, LimitError):
        if error.offset is not None:
            write(_MARK + str(error.offset).encode())
        if isinstance(error.reason, MemoryError):
            raise error.reason
    end_by_time()


def offset_in(text: bytes) -> int | None:
    """Return the offset that `end` has written, or None for any other text."""
    number = text.removeprefix(_MARK)
    return int(number) if number != text and number.isdigit() else None


def line_of_limit(tree: nodes.Template, lines: Sequence[int]) -> int | None:
    """Return the line of the outermost loop around the first of some lines, or that line itself.

    `lines` are those of a traceback. Where in a loop a limit is reached differs from run to run.
    """
    if not lines:
        return None
    line = lines[0]
    loops = (loop.lineno for loop in tree.find_all(nodes.For) if line in _lines_of(loop))
    return min(loops, default=line)


def _lines_of(loop: nodes.For) -> range:
    # What was added to the tree to record values has no line.
    lines = (each.lineno for each in loop.find_all(nodes.Node))
    last = max((line for line in lines if line), default=loop.lineno)
    return range(loop.lineno, last + 1)


def frames_of(traceback: TracebackType | None) -> Iterator[TracebackType]:
    """Yield the parts of a traceback that are in the code of a template, the outermost first."""
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == _OF_TEMPLATE:
            yield traceback
        traceback = traceback.tb_next
