"""How far aliases may multiply the values of an input."""

from __future__ import annotations

ALIAS_FACTOR = 10
"""How often the aliases of a file may repeat each value, beyond a base that is always allowed.

More is treated as an alias bomb.
"""

_ALIAS_BASE = 100_000


class Allowance:
    """How many more values the aliases of several files may add, beyond a multiple of the text."""

    def __init__(self) -> None:
        self.left = _ALIAS_BASE
