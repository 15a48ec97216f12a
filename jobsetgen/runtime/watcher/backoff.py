"""Actions that the API refuses: each is tried again at growing intervals, and holds up no other."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import NamedTuple

_FIRST = 0.2  # seconds
_LONGEST = 10.0
_EACH = 0.02  # or this for each action that is held, where that is more: 50 are tried in a second
_LONGEST_SUM = 1.0  # seconds between two passes for held actions alone
_FORGOTTEN = 60.0  # after the end of an interval


class _Held(NamedTuple):
    """Until when an action is held back, and for how long it was."""

    until: float
    interval: float


class Backoff:
    """Holds actions back. Threads may call it side by side, each for an action of its own."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Hold nothing back."""
        self.clock = clock
        self.held: dict[Hashable, _Held] = {}

    def is_held(self, action: Hashable) -> bool:
        """Whether it is too early for an action."""
        held = self.held.get(action)
        return held is not None and self.clock() < held.until

    def hold(self, action: Hashable) -> None:
        """Hold an action back that was refused, for longer each time."""
        known = self.held.get(action)
        longest = max(_LONGEST, _EACH * len(self.held))
        interval = min(2 * known.interval, longest) if known else _FIRST
        self.held[action] = _Held(self.clock() + interval, interval)

    def release(self, action: Hashable) -> None:
        """Forget an action that was not refused."""
        self.held.pop(action, None)

    def due_within(self) -> float:
        """Return after how many seconds the next action may be tried; forget the old ones.

        Of many held actions some come due all the time: they add up, for a second at most.
        """
        now = self.clock()
        recent = {key: each for key, each in self.held.items() if now < each.until + _FORGOTTEN}
        self.held = recent
        coming = [each.until - now for each in recent.values() if each.until > now]
        least = min(_EACH * len(recent), _LONGEST_SUM)
        return max(min(coming), least) if coming else float("inf")
