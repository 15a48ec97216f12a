"""Diagnostics for the status of an Application, where Argo CD keeps them."""

from __future__ import annotations

from collections.abc import Iterable

from jobsetgen.diagnostics import Diagnostic
from jobsetgen.review.reporters import as_text

# In characters: of all of them, and of one line.
_MOST_TEXT, _LONGEST = 20_000, 1_000


def as_status(diagnostics: Iterable[Diagnostic]) -> str:
    """Return diagnostics as text, errors first, no more of them than a status has room for."""
    lines = as_text(sorted(diagnostics, key=lambda item: not item.is_error)).splitlines()
    text = "".join(f"{_shortened(line)}\n" for line in lines)
    if len(text) <= _MOST_TEXT:
        return text
    kept = text[:_MOST_TEXT].rpartition("\n")[0]
    return f"{kept}\nand more: run `jobsetgen validate` in the folder\n"


def _shortened(line: str) -> str:
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}..."
