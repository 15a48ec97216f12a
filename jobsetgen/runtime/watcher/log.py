"""The log: a line of JSON for each thing that happens."""

from __future__ import annotations

import json
import threading
import time
from datetime import datetime, timezone
from typing import Any

LEVELS = ("debug", "info", "warning", "error")
_UNWRITTEN = {"debug"}  # the levels below the one that was asked for

LONGEST_TEXT = 2000  # characters in a line
_INTERVAL = 600.0  # seconds in which trouble of one kind has
_MOST_LINES = 100
_LOCK = threading.Lock()
_TROUBLE: dict[
    str, tuple[float, int, int]
] = {}  # by message: since when, lines, and those left out


def log_from(least: str) -> None:
    """Write what is of this level and of those above it."""
    _UNWRITTEN.clear()
    _UNWRITTEN.update(LEVELS[: LEVELS.index(least)])


def log(level: str, message: str, **fields: Any) -> None:
    """Write a line, unless its level is too low."""
    if level in _UNWRITTEN:
        return
    at = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
    texts = {name: _cut(value) for name, value in {"message": message, **fields}.items()}
    entry = {"time": at, "level": level, **texts}
    # In one piece: several threads send requests, and print() writes the end of a line by itself.
    print(json.dumps(entry) + "\n", end="", flush=True)


def log_trouble(level: str, message: str, **fields: Any) -> None:
    """Write a line about what may go wrong again and again: only so many lines say it in a while.

    The next line tells how many were left out. The level "debug" leaves out none.
    """
    with _LOCK:
        at = time.monotonic()
        since, lines, omitted = _TROUBLE.get(message, (at, 0, 0))
        if at - since >= _INTERVAL:
            since, lines = at, 0
        has_room = lines < _MOST_LINES or "debug" not in _UNWRITTEN
        _TROUBLE[message] = (since, lines + 1, 0 if has_room else omitted + 1)
    if not has_room:
        return
    if omitted:
        fields["omitted"] = omitted
    log(level, message, **fields)


def _cut(value: Any) -> Any:
    """Return a value as a line has room for it: a text may be of anybody, and of any length."""
    if not isinstance(value, str) or len(value) <= LONGEST_TEXT:
        return value
    return f"{value[:LONGEST_TEXT]}... ({len(value) - LONGEST_TEXT:,} characters more)"


def now() -> str:
    """Return the time as the API writes it."""
    return f"{datetime.now(timezone.utc):%Y-%m-%dT%H:%M:%SZ}"
