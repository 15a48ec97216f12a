"""How often something goes wrong, and what has: each fault is counted by its kind when it strikes."""

from __future__ import annotations

import random
from collections import Counter


class Weather:
    """The chance of faults; there is none while it is calm."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.rate = 0.0
        self.struck: Counter[str] = Counter()

    def strikes(self, share: float = 1.0) -> bool:
        """Whether something goes wrong now; `share` tells how often, beside a request of a watcher."""
        return self.rate > 0 and self.chance.random() < self.rate * share

    def count(self, kind: str) -> None:
        """Note a fault that has struck."""
        self.struck[kind] += 1
