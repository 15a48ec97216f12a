"""Where in a template the characters of the rendered text come from.

A template is cut into pieces: its texts, which are copied, and its `{{ … }}`, for each of which a
mark is inserted. Rendering repeats pieces and leaves some out. So every character of the rendered
text has an exact place: the line and column of the same character in a text, or those of the `{{`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from typing import NamedTuple

from jobsetgen.diagnostics import Place

MARK = "\U000f0000"
"""The character around the number of an inserted value. Neither texts nor values are read for it."""

_BREAK = re.compile("\n")


class Piece(NamedTuple):
    """A stretch of a template: a text, or a `{{ … }}`."""

    start: int
    end: int
    is_value: bool = False


class Lines:
    """The lines of a text that end with a line feed, to convert offsets to places and back."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.length = len(text)
        self._starts = [0, *(found.end() for found in _BREAK.finditer(text))]

    def place(self, start: int, end: int | None = None) -> Place:
        """Return the place of a stretch; it has an end if it ends on the line where it begins."""
        line = bisect_right(self._starts, start)
        first = self._starts[line - 1]
        is_one_line = (
            end is not None and start < end and line == bisect_right(self._starts, end - 1)
        )
        last = end - first + 1 if end is not None and is_one_line else None
        return Place(self.file, line, start - first + 1, last)

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a line and a column, or the nearest that the text has."""
        first = self._starts[min(line, len(self._starts)) - 1]
        return min(first + column - 1, self.length)


class Rendered:
    """A rendered text, with the place in the template of each of its characters.

    `order` are the pieces as they follow each other, which are indices into `pieces`. The nth
    `{{ … }}` among them is a mark with the number n in the text.
    """

    def __init__(self, file: str, template: str, pieces: list[Piece], order: Iterable[int]) -> None:
        self.template = template
        self.source = Lines(file, template)
        self.values: list[Piece] = []
        """The pieces of the marks, by their number."""

        self._starts: list[int] = []
        self._pieces: list[Piece] = []
        texts = []
        length = 0
        for index in order:
            piece = pieces[index]
            text = self._text(piece)
            self._starts.append(length)
            self._pieces.append(piece)
            texts.append(text)
            length += len(text)
        self.text = "".join(texts)
        self.lines = Lines(file, self.text)

    def _text(self, piece: Piece) -> str:
        if not piece.is_value:
            return self.template[piece.start : piece.end]
        self.values.append(piece)
        return f"{MARK}{len(self.values) - 1}{MARK}"

    def place(self, place: Place) -> Place:
        """Return the place in the template of a place in the rendered text."""
        start = self.lines.offset(place.line, place.column)
        first = self._first(start)
        if place.end_column is None:
            return self.source.place(first)
        last = self._last(start + place.end_column - place.column - 1)
        return self.source.place(first, last)

    def line(self, line: int) -> int:
        """Return the line in the template of a line in the rendered text."""
        return self.place(Place(self.source.file, line)).line

    def offset(self, place: Place) -> int:
        """Return the offset in the rendered text of a place there."""
        return self.lines.offset(place.line, place.column)

    def _first(self, offset: int) -> int:
        """Return where in the template a character of the rendered text is."""
        if not self._starts:
            return 0
        index = max(bisect_right(self._starts, offset) - 1, 0)
        piece = self._pieces[index]
        if piece.is_value:
            return piece.start
        return min(piece.start + offset - self._starts[index], piece.end)

    def _last(self, offset: int) -> int:
        """Return where in the template a character of the rendered text ends."""
        index = bisect_right(self._starts, offset) - 1
        if index < 0:
            return 0
        piece = self._pieces[index]
        if piece.is_value:
            return piece.end
        return min(piece.start + offset - self._starts[index] + 1, piece.end)
