"""Format diagnostics for the status of an Argo CD Application."""

from __future__ import annotations

from collections.abc import Iterable

from jobsetgen.diagnostics import Diagnostic
from jobsetgen.review.reporters import as_text

# The maximum number of characters in total and in a line.
_MOST_TEXT, _LONGEST = 20_000, 1_000


def as_status(diagnostics: Iterable[Diagnostic]) -> str:
    """Return diagnostics as text, errors first, truncated to the size of a status."""
    lines = as_text(sorted(diagnostics, key=lambda item: not item.is_error)).splitlines()
    text = "".join(f"{_shortened(line)}\n" for line in lines)
    if len(text) <= _MOST_TEXT:
        return text
    kept = text[:_MOST_TEXT].rpartition("\n")[0]
    return f"{kept}\ntruncated; for all diagnostics, run `jobsetgen validate` in the folder\n"


def _shortened(line: str) -> str:
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}..."
