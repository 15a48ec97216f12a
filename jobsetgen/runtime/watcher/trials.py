"""Trials: what the API would make of a Job, and what to go by where it never says."""

from __future__ import annotations

from collections.abc import Callable

from .api import Api, ApiError
from .contract import GRACE, Json


class Trials:
    """Tries Jobs for one watcher.

    A webhook may answer trials alone with errors, and for ever. The set must not wait for it.
    """

    def __init__(self, api: Api, clock: Callable[[], float]) -> None:
        """Know of no trouble."""
        self.api = api
        self.clock = clock
        self.unanswered_since: float | None = None
        self.asked_at = float("-inf")  # when there was no answer, the last time
        self.trouble = ""  # what there was in its place

    def dry_run(self, job: Json) -> tuple[Json | None, str]:
        """Return a Job as the API would store it, or what the API has against it.

        Raises ApiError for passing trouble. What does not pass for a while is taken for a refusal,
        and not asked again for as long, since each request may take minutes.
        """
        if self.is_given_up() and self.clock() - self.asked_at < GRACE:
            return None, self.trouble
        began = self.clock()
        try:
            answer = self.api.dry_run(job)
        except ApiError as error:
            self._note(error, began)
            if not self.is_given_up():
                raise
            return None, self.trouble
        self.unanswered_since = None
        return answer

    def is_given_up(self) -> bool:
        """Whether trials have not been answered for a while."""
        since = self.unanswered_since
        return since is not None and self.asked_at - since >= GRACE

    def _note(self, error: ApiError, began: float) -> None:
        """Note that a trial was not answered; trouble long ago was another one."""
        if self.unanswered_since is None or began - self.asked_at > 5 * GRACE:
            self.unanswered_since = began
        self.asked_at = self.clock()
        self.trouble = f"trials are not answered: {error}"
