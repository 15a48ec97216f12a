"""Diagnostics: problems of the input as values with a code and a place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Path = tuple[str | int, ...]
"""The path of a value in a document: the keys and list indices from its root."""

Severity = Literal["error", "warning", "notice"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "notice")

MOST_SHOWN = 10_000
"""The number of diagnostics that a report shows; it counts the rest."""

# Of a message, or of a hint: what it names may be as long as the file.
_LONGEST = 2000


class Place(NamedTuple):
    """A place in a file. Lines and columns start at 1; columns are counted in characters.

    A value from elsewhere has the name of its origin instead of a file, such as that of a flag.
    `end_column` is the column after the last character of the value; None if it is unknown or on
    another line.
    """

    file: str
    line: int = 1
    column: int = 1
    end_column: int | None = None


class Link(NamedTuple):
    """A link with its text."""

    text: str
    url: str


class Code(NamedTuple):
    """A kind of diagnostic.

    `since` is the release that introduced it, and `source` the rule that it enforces. `doc` is its
    page in the reference: the problem, the reason for its severity, a bad and a good example. An
    id is never reused. A code that was merged into another keeps its page, and its id is accepted
    wherever the other's is.
    """

    id: str
    title: str
    severity: Severity
    since: str
    source: Link
    doc: str
    merged_into: str = ""

    @property
    def name(self) -> str:
        """The title with hyphens instead of spaces, for programs."""
        return self.title.replace(" ", "-")


class Finding(NamedTuple):
    """A problem found by a check, at a path; with `on_key`, at the key instead of the value."""

    path: Path
    message: str
    hint: str = ""
    on_key: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """A finding with its code and its place in a file.

    `path` is the path of the value, if it has one. `suppression` is why an option suppresses it, or
    empty. `cause` is a place where another error may say the same.
    """

    place: Place
    code: str
    severity: Severity
    message: str
    hint: str = ""
    path: Path = field(default=(), compare=False)
    suppression: str = ""
    cause: Place | None = field(default=None, compare=False)

    @property
    def file(self) -> str:
        """The name of the file."""
        return self.place.file

    @property
    def line(self) -> int:
        """The line, counted from 1."""
        return self.place.line

    @property
    def column(self) -> int:
        """The column in characters, counted from 1."""
        return self.place.column

    @property
    def is_error(self) -> bool:
        """Whether it is an error, which stops the compile."""
        return self.severity == "error"


class Shown(NamedTuple):
    """The diagnostics that a report shows, and those that it only counts."""

    items: tuple[Diagnostic, ...]
    left_out: tuple[Diagnostic, ...] = ()


def shown(diagnostics: Iterable[Diagnostic]) -> Shown:
    """Return the diagnostics to show, in their order: errors before all others if there are many."""
    every = tuple(diagnostics)
    if len(every) <= MOST_SHOWN:
        return Shown(every)
    ranked = sorted(range(len(every)), key=lambda index: not every[index].is_error)
    chosen = sorted(ranked[:MOST_SHOWN])
    others = sorted(ranked[MOST_SHOWN:])
    return Shown(tuple(every[index] for index in chosen), tuple(every[index] for index in others))


Ignores = Mapping[tuple[str, int], frozenset[str]]
"""The codes that comments suppress, by file and line."""


def diagnostic(
    code: Code, place: Place, message: str, hint: str = "", path: Path = ()
) -> Diagnostic:
    """Return a diagnostic of a code at a place."""
    return Diagnostic(
        place=place,
        code=code.id,
        severity=code.severity,
        message=_cut(message),
        hint=_cut(hint),
        path=path,
    )


def _cut(words: str) -> str:
    """Return words without the middle of a name that is longer than anybody reads."""
    if len(words) <= _LONGEST:
        return words
    return f"{words[: _LONGEST // 2]} … {words[-_LONGEST // 2 :]}"


def is_silenced(item: Diagnostic, ignores: Ignores, merged: Mapping[str, str]) -> bool:
    """Whether a comment on the diagnostic's line suppresses it; errors cannot be suppressed.

    `merged` maps merged codes to their successors: a comment may name either.
    """
    if item.is_error:
        return False
    named = ignores.get((item.file, item.line), frozenset())
    return item.code in {merged.get(code, code) for code in named}


def in_order(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return diagnostics sorted by place, code and message, without duplicates."""
    unique = dict.fromkeys(diagnostics)
    return sorted(
        unique, key=lambda item: (item.file, item.line, item.column, item.code, item.message)
    )
