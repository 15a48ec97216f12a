"""Lists and numbers inside of sentences."""

from __future__ import annotations

from collections.abc import Sequence


def listed(parts: Sequence[str], last: str = "and") -> str:
    """Return `a`, `a and b` or `a, b and c`."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def plural(count: int, word: str) -> str:
    """Return a number with its word: 1 Job, 2 Jobs, 1,024 chips."""
    return f"{count:,} {word}{'' if count == 1 else 's'}"
