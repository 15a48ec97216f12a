"""Walk nested data, so that a test can change any value of it."""

from __future__ import annotations

from typing import Any


def places(value: Any, path: tuple = ()) -> list[tuple]:
    """Return the way to every value in some data, below its root."""
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = [path] if path else []
    return found + [place for step, inner in steps for place in places(inner, (*path, step))]
