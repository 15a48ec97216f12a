"""Plays the scenarios of a module side by side, since most of their time is spent on waiting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

Figures = dict[str, float]


class Played(NamedTuple):
    """What comes of each scenario, and what each has measured, by the ids of their tests."""

    outcomes: dict[str, Future[None]]
    figures: dict[str, Figures]

    def account(self) -> dict[str, Any]:
        """Return for the report which scenarios held, and their figures."""
        held = {name: each.exception() is None for name, each in self.outcomes.items()}
        return {name: {"held": held[name], **figures} for name, figures in self.figures.items()}


@contextmanager
def side_by_side(
    request: pytest.FixtureRequest,
    folders: pytest.TempPathFactory,
    play: Callable[[Any, Path, Figures], None],
    at_once: int = 0,
) -> Iterator[Played]:
    """Begin with all scenarios that were asked for: `play` takes a test's callspec, a folder, and where figures go.

    The block has their outcomes before they are there; when it has ended, they are.
    """
    chosen = [each.callspec for each in request.session.items if each.path == request.path]  # type: ignore[attr-defined]
    played = Played({}, {each.id: {} for each in chosen})
    with ThreadPoolExecutor(at_once or len(chosen)) as pool:
        for each in chosen:
            folder = folders.mktemp(request.path.stem.removeprefix("test_"))
            played.outcomes[each.id] = pool.submit(play, each, folder, played.figures[each.id])
        yield played
