"""A project that is being read, and the projects that it is a base of."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import NamedTuple

from jobsetgen.project.layer import Layer
from jobsetgen.project.limits import MOST_LEVELS


class Project(NamedTuple):
    """A project that is being read, and the one that has it as a base."""

    folder: str
    identity: Hashable
    shown: str
    layer: Layer
    overlay: Project | None

    @property
    def is_base(self) -> bool:
        """Whether another project is compiled, which has this one below it."""
        return self.overlay is not None

    def way(self) -> list[Project]:
        """Return the projects from this one up to the one that is compiled."""
        above = self.overlay.way() if self.overlay else []
        return [self, *above]

    def namespace(self, layers: Sequence[Layer]) -> str:
        """Return the namespace that options give to objects without one, or an empty string.

        It is that of the outermost project that sets one, otherwise that of the bases; `layers` are
        theirs.
        """
        outermost = (each.layer for each in reversed(self.way()))
        chosen = (each.namespace for each in (*outermost, *reversed(layers)))
        return next(filter(None, chosen), "")

    def refusal(self, base: Hashable) -> str:
        """Return why a folder with an identity cannot be a base, or an empty string."""
        way = self.way()
        start = next((index for index, each in enumerate(way) if each.identity == base), None)
        if start is not None:
            circle = [each.shown for each in way[start::-1]]
            return f"{circle[0]} is its own base: {' → '.join([*circle, circle[0]])}"
        if len(way) >= MOST_LEVELS:
            return f"more than {MOST_LEVELS} levels of bases"
        return ""
