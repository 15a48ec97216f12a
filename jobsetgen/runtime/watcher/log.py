"""The log: a line of JSON for each thing that happens."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

LEVELS = ("debug", "info", "warning", "error")
_UNWRITTEN = {"debug"}  # the levels below the one that was asked for


LONGEST_TEXT = 2000  # characters in a line
_INTERVAL = 60.0  # seconds
_MOST = 100  # lines of one message in an interval, where each request may have one


@dataclass
class _Minute:
    """How many lines of a message were written and left out since a moment."""

    since: float
    lines: int = 0
    left_out: int = 0


_written: dict[str, _Minute] = {}
_lock = threading.Lock()  # several threads send requests


def log_from(least: str) -> None:
    """Write what is of this level and of those above it."""
    _UNWRITTEN.clear()
    _UNWRITTEN.update(LEVELS[: LEVELS.index(least)])


def log(level: str, message: str, **fields: Any) -> None:
    """Write a line, unless its level is too low."""
    if level in _UNWRITTEN:
        return
    moment = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
    texts = {name: _cut(value) for name, value in {"message": message, **fields}.items()}
    entry = {"time": moment, "level": level, **texts}
    # In one piece: several threads send requests, and print() writes the end of a line by itself.
    print(json.dumps(entry) + "\n", end="", flush=True)


def log_some(message: str, **fields: Any) -> None:
    """Write a line of what each request may meet; of very many in a minute the first alone.

    With the level debug, all are written.
    """
    with _lock:
        at = time.monotonic()
        minute = _written.get(message)
        if minute is None or at - minute.since >= _INTERVAL:
            if minute and minute.left_out:
                fields["leftOut"] = minute.left_out
            minute = _written[message] = _Minute(at)
        is_full = minute.lines >= _MOST
        if is_full:
            minute.left_out += 1
        else:
            minute.lines += 1
    log("debug" if is_full else "info", message, **fields)


def _cut(value: Any) -> Any:
    """Return a value as a line has room for it: a text may be of anybody, and of any length."""
    if not isinstance(value, str) or len(value) <= LONGEST_TEXT:
        return value
    return f"{value[:LONGEST_TEXT]}... ({len(value) - LONGEST_TEXT:,} characters more)"


def now() -> str:
    """Return the time as the API writes it."""
    return f"{datetime.now(timezone.utc):%Y-%m-%dT%H:%M:%SZ}"
