"""How fast this machine is, beside the one that limits of processor time were chosen on."""

from __future__ import annotations

import time

_REFERENCE = 0.035
_ROUNDS = 5


def slowness() -> float:
    """Return how many times the processor time that a loop takes here; at least 1."""
    return max(1.0, min(_seconds() for _ in range(_ROUNDS)) / _REFERENCE)


def _seconds() -> float:
    begin = time.process_time()
    found: dict[str, list[int]] = {}
    for number in range(250_000):
        found.setdefault(str(number % 5_000), []).append(number)
    return time.process_time() - begin
