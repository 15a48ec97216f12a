"""A problem for which the API server would reject a value."""

from __future__ import annotations

from typing import NamedTuple


class Problem(NamedTuple):
    """A problem of a part of a value, with the path of that part.

    With `on_key`, the part's key is the problem.
    """

    path: tuple[str | int, ...]
    message: str
    hint: str = ""
    on_key: bool = False

    def below(self, *path: str | int) -> Problem:
        """Return the problem for a larger value that contains the value at a path."""
        return self._replace(path=(*path, *self.path))
