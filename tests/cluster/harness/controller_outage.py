"""Stops the JobSet controller once for everything that several scenarios need to happen while it is down."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Condition

from tests.cluster.harness.control_plane import ControlPlane

Happening = Callable[[], object]


class ControllerOutage:
    """Shared by scenarios that are played side by side, each of which needs the controller but for its bursts.

    It is stopped when every one of them waits for that, or has left. That is done by the thread that serves them: a
    process ends with the thread that has started it.
    """

    def __init__(self, plane: ControlPlane, members: int) -> None:
        self._plane, self._members = plane, members
        self._waiting: list[tuple[Happening, Future[None]]] = []
        self._changed = Condition()

    def during(self, happen: Happening) -> None:
        """Let something happen while the controller is down; return when it is back."""
        done: Future[None] = Future()
        with self._changed:
            self._waiting.append((happen, done))
            self._changed.notify()
        done.result()

    def leave(self) -> None:
        """Wait for nothing any more."""
        with self._changed:
            self._members -= 1
            self._changed.notify()

    def serve(self) -> None:
        """Stop the controller as often as it is asked for, until all have left."""
        while waiting := self._all_that_wait():
            try:
                errors = self._errors([happen for happen, _ in waiting])
            except Exception as lost:  # the controller does not come back
                errors = [lost] * len(waiting)
            for (_, done), error in zip(waiting, errors, strict=True):
                if error:
                    done.set_exception(error)
                else:
                    done.set_result(None)

    def _all_that_wait(self) -> list[tuple[Happening, Future[None]]]:
        with self._changed:
            self._changed.wait_for(lambda: len(self._waiting) == self._members)
            waiting, self._waiting = self._waiting, []
            return waiting

    def _errors(self, happenings: list[Happening]) -> list[Exception | None]:
        self._plane.stop("jobset")
        try:
            return [_error_of(happen) for happen in happenings]
        finally:
            self._plane.restart("jobset")


def _error_of(happen: Happening) -> Exception | None:
    try:
        happen()
    except Exception as error:
        return error
    return None
