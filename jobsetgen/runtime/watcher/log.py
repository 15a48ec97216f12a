"""The log: a line of JSON for each thing that happens."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

LEVELS = ("debug", "info", "warning", "error")
_UNWRITTEN = {"debug"}  # the levels below the one that was asked for


LONGEST_TEXT = 2000  # characters in a line


def log_from(least: str) -> None:
    """Write what is of this level and of those above it."""
    _UNWRITTEN.clear()
    _UNWRITTEN.update(LEVELS[: LEVELS.index(least)])


def log(level: str, message: str, **fields: Any) -> None:
    """Write a line, unless its level is too low."""
    if level in _UNWRITTEN:
        return
    time = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
    texts = {name: _cut(value) for name, value in {"message": message, **fields}.items()}
    entry = {"time": time, "level": level, **texts}
    # In one piece: several threads send requests, and print() writes the end of a line by itself.
    print(json.dumps(entry) + "\n", end="", flush=True)


def _cut(value: Any) -> Any:
    """Return a value as a line has room for it: a text may be of anybody, and of any length."""
    if not isinstance(value, str) or len(value) <= LONGEST_TEXT:
        return value
    return f"{value[:LONGEST_TEXT]}... ({len(value) - LONGEST_TEXT:,} characters more)"


def now() -> str:
    """Return the time as the API writes it."""
    return f"{datetime.now(timezone.utc):%Y-%m-%dT%H:%M:%SZ}"
