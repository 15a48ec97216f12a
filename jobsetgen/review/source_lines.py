"""The lines of source that a report may show: those of the input, without those of Secrets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from jobsetgen.diagnostics import Place
from jobsetgen.review.secrets import may_hold_secret
from jobsetgen.source.text import Source, chunks, lines_of, readable


class SourceLines:
    """The lines of the files of an input, each file read when it is asked for."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self._sources = {each.name: each for each in sources}
        self._lines: dict[str, Sequence[str | None]] = {}

    def at(self, place: Place) -> str | None:
        """Return the line of a place, or None if there is none or it may not be shown."""
        lines = self._of(place.file)
        return lines[place.line - 1] if place.line <= len(lines) else None

    def _of(self, name: str) -> Sequence[str | None]:
        if name not in self._lines:
            source = self._sources.get(name)
            self._lines[name] = _shown(source) if source else []
        return self._lines[name]


def _shown(source: Source) -> list[str | None]:
    """Return the lines of a file, None in place of each line of a document with a Secret in it.

    Not only the values are left out: a comment or a line that is not valid may hold one, too.
    """
    text = readable(source.content)
    lines: list[str | None] = [*lines_of(text)]
    documents = list(chunks(text))
    ends = [*(first_line - 1 for first_line, _ in documents), len(lines)]
    for (start, end), (_, document) in zip(pairwise(ends), documents, strict=True):
        if may_hold_secret(document):
            lines[start:end] = [None] * (end - start)
    return lines
