"""The log: a line of JSON for each thing that happens."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

LEVELS = ("debug", "info", "warning", "error")
_UNWRITTEN = {"debug"}  # the levels below the one that was asked for


def log_from(least: str) -> None:
    """Write what is of this level and of those above it."""
    _UNWRITTEN.clear()
    _UNWRITTEN.update(LEVELS[: LEVELS.index(least)])


def log(level: str, message: str, **fields: Any) -> None:
    """Write a line, unless its level is too low."""
    if level in _UNWRITTEN:
        return
    time = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
    entry = {"time": time, "level": level, "message": message, **fields}
    # In one piece: several threads send requests, and print() writes the end of a line by itself.
    print(json.dumps(entry) + "\n", end="", flush=True)


def now() -> str:
    """Return the time as the API writes it."""
    return f"{datetime.now(timezone.utc):%Y-%m-%dT%H:%M:%SZ}"
