"""What the API server refuses in a value."""

from __future__ import annotations

from typing import NamedTuple


class Problem(NamedTuple):
    """What is wrong with a part of a value, and where in the value that part is.

    With `on_key` the part's key is wrong.
    """

    path: tuple[str | int, ...]
    message: str
    hint: str = ""
    on_key: bool = False

    def below(self, *path: str | int) -> Problem:
        """Return it as the problem of a larger value, in which the value stands at a path."""
        return self._replace(path=(*path, *self.path))
