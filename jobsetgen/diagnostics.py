"""What the compiler has to say about its input: values with a code and a place, turned into text elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Path = tuple[str | int, ...]
"""Where a value stands in a document: the keys and list indices from its root."""

Severity = Literal["error", "warning", "notice"]


class Position(NamedTuple):
    """A place in a file; line and column are counted from 1, the column in characters."""

    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A kind of diagnostic.

    `doc` is its page in the reference: prose, then a bad and a good example.
    """

    id: str
    name: str
    severity: Severity
    doc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something a check found, placed by path; `on_key` means the key itself rather than its value."""

    path: Path
    message: str
    hint: str = ""
    on_key: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """A finding with its place in a file, ready to be shown; `path` is that of its value, where it has one."""

    file: str
    line: int
    column: int
    code: str
    severity: Severity
    message: str
    hint: str = ""
    path: Path = field(default=(), compare=False)

    @property
    def is_error(self) -> bool:
        """Whether it stops the compile."""
        return self.severity == "error"


def diagnostic(
    code: Code, file: str, position: Position, message: str, hint: str = "", path: Path = ()
) -> Diagnostic:
    """Return a diagnostic of that code at a place."""
    return Diagnostic(
        file=file,
        line=position.line,
        column=position.column,
        code=code.id,
        severity=code.severity,
        message=message,
        hint=hint,
        path=path,
    )


def in_order(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Sort by file, place, code and message, and drop repetitions, so that every run reads the same."""
    unique = dict.fromkeys(diagnostics)
    return sorted(unique, key=lambda d: (d.file, d.line, d.column, d.code, d.message))
