"""Plays the stories of a test module concurrently, since most of their time is spent waiting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

Figures = dict[str, float]


class Played(NamedTuple):
    """The outcome and the figures of each story, by the id of its test."""

    outcomes: dict[str, Future[None]]
    figures: dict[str, Figures]

    def account(self) -> dict[str, Any]:
        """Return for the report which stories held, and their figures."""
        held = {name: each.exception() is None for name, each in self.outcomes.items()}
        return {name: {"held": held[name], **figures} for name, figures in self.figures.items()}


@contextmanager
def play_concurrently(
    request: pytest.FixtureRequest,
    folders: pytest.TempPathFactory,
    play: Callable[[Any, Path, Figures], None],
    at_once: int = 0,
) -> Iterator[Played]:
    """Start every story that was collected: `play` takes a test's callspec, a folder, and where its figures go.

    The block gets futures of the outcomes; when it has ended, all are done.
    """
    chosen = [each.callspec for each in request.session.items if each.path == request.path]  # type: ignore[attr-defined]
    played = Played({}, {each.id: {} for each in chosen})
    with ThreadPoolExecutor(at_once or len(chosen)) as pool:
        for each in chosen:
            folder = folders.mktemp(request.path.stem.removeprefix("test_"))
            played.outcomes[each.id] = pool.submit(play, each, folder, played.figures[each.id])
        yield played
