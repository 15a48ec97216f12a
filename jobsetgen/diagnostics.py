"""What the compiler has to say about its input: values with a code and a place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Path = tuple[str | int, ...]
"""Where a value stands in a document: the keys and list indices from its root."""

Severity = Literal["error", "warning", "notice"]


class Place(NamedTuple):
    """A place in a file; line and column are counted from 1, the column in characters.

    What was chosen elsewhere has its name in place of the file's, such as that of a flag. The end
    is the column after the last character of what stands here; None where that is not known, or
    on another line.
    """

    file: str
    line: int = 1
    column: int = 1
    end_column: int | None = None


class Link(NamedTuple):
    """A link to where something can be read."""

    text: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A kind of diagnostic.

    `since` is the release that brought it, and `source` is what it enforces. `doc` is its page in
    the reference: what is wrong, why it has its severity, then a bad and a good example. An id is
    never given to another code; a code that was merged into another keeps its page, and its id is
    accepted wherever the other's is.
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
        """Its title in one word, for programs."""
        return self.title.replace(" ", "-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something a check found, placed by path; `on_key` means the key rather than its value."""

    path: Path
    message: str
    hint: str = ""
    on_key: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """A finding with its place in a file, ready to be shown.

    `path` is that of its value, where it has one.
    """

    place: Place
    code: str
    severity: Severity
    message: str
    hint: str = ""
    path: Path = field(default=(), compare=False)

    @property
    def file(self) -> str:
        """The name of the file that it is about."""
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
        """Whether it stops the compile."""
        return self.severity == "error"


Ignores = Mapping[tuple[str, int], frozenset[str]]
"""The codes that a comment silences, by the comment's file and line."""


def diagnostic(
    code: Code, place: Place, message: str, hint: str = "", path: Path = ()
) -> Diagnostic:
    """Return a diagnostic of that code at a place."""
    return Diagnostic(
        place=place,
        code=code.id,
        severity=code.severity,
        message=message,
        hint=hint,
        path=path,
    )


def is_silenced(item: Diagnostic, ignores: Ignores, merged: Mapping[str, str]) -> bool:
    """Whether a comment on the diagnostic's line asks to leave it out; an error stays.

    `merged` gives the code that another one was merged into: a comment may name either.
    """
    if item.is_error:
        return False
    named = ignores.get((item.file, item.line), frozenset())
    return item.code in {merged.get(code, code) for code in named}


def in_order(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Sort by place, code and message, and drop repetitions, so that every run reads the same."""
    unique = dict.fromkeys(diagnostics)
    return sorted(
        unique, key=lambda item: (item.file, item.line, item.column, item.code, item.message)
    )
