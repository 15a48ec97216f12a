"""Telling people: an Event on the watcher's Job, and a line of the log."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from .api import Api, ApiError
from .contract import MANAGER, Json, Say
from .log import log, now

# Seconds until people are told of the same trouble again. It is twice as long each time.
_FIRST_INTERVAL = 60.0
_LONGEST_INTERVAL = 3600.0
_REASONS = 10  # of one trouble that are told apart
# Events of one pass: what is between the first and the last is only logged.
_FIRST_EVENTS = 20
_LAST_EVENTS = 5


class Reporter:
    """Speaks for one watcher."""

    def __init__(self, api: Api, job: str, uid: str, clock: Callable[[], float]) -> None:
        """Speak about the watcher's own Job."""
        self.api = api
        self.job = job
        self.uid = uid
        self.reported: set[Say] = set()
        self.troubles = Troubles(clock)

    # --- Things that happen -----------------------------------------------------------------------
    def report(self, event: Say) -> bool:
        """Tell people something, also again; return whether the Event was created."""
        _log(event)
        try:
            self.api.create("events", self._event(event))
        except ApiError as error:
            log("info", "an event was not created", reason=event.reason, error=str(error))
            return False
        return True

    def report_once(self, event: Say) -> None:
        """Tell people something once."""
        self.report_new([event])

    def report_new(self, events: Sequence[Say]) -> None:
        """Tell people what they were not told yet, in its order.

        Of very many the log has all, and Events are made of the first and the last.
        """
        fresh = [event for event in events if event not in self.reported]
        self.reported.update(fresh)
        left_out = fresh[_FIRST_EVENTS:-_LAST_EVENTS]
        self._report_each(fresh[:_FIRST_EVENTS])
        for event in left_out:
            _log(event)
        if left_out:
            text = f"{len(left_out):,} more events of this pass are in the log"
            self.report(Say("Normal", "MoreEvents", text))
        self._report_each(fresh[_FIRST_EVENTS + len(left_out) :])

    def _report_each(self, events: Sequence[Say]) -> None:
        """Tell people something; once an Event cannot be created, the others are only logged."""
        can_create = True
        for event in events:
            if can_create:
                can_create = self.report(event)
            else:
                _log(event)

    def forget(self) -> None:
        """Tell people again what they were told of an earlier run."""
        self.reported.clear()

    # --- Trouble that goes on ---------------------------------------------------------------------
    def warn(self, subject: str, event: Say) -> None:
        """Tell people of trouble: at once, when its reason changes, and now and then."""
        if self.troubles.is_due(subject, event.message):
            self.report(event)

    def relieve(self, subject: str, event: Say) -> None:
        """Tell people that trouble is over, where they know of it."""
        if self.troubles.end(subject):
            self.report(event)

    def _event(self, event: Say) -> Json:
        """Return the Event to create."""
        time = now()
        return {
            "metadata": {"generateName": f"{self.job[:50]}."},
            "source": {"component": MANAGER},
            "count": 1,
            "involvedObject": {
                "apiVersion": "batch/v1",
                "kind": "Job",
                "name": self.job,
                "uid": self.uid,
                "namespace": self.api.namespace,
            },
            "firstTimestamp": time,
            "lastTimestamp": time,
            "type": event.kind,
            "reason": event.reason,
            "message": event.message[:1000],
        }


def _log(event: Say) -> None:
    """Write a line of the log."""
    level = "warning" if event.kind == "Warning" else "info"
    log(level, event.message, reason=event.reason)


class Troubles:
    """When people are told of trouble: for each reason at once, and then at growing intervals."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Know of no trouble."""
        self.clock = clock
        # By subject and reason: when it is told again, and how long after that.
        self.due: dict[str, dict[str, tuple[float, float]]] = {}

    def is_due(self, subject: str, message: str) -> bool:
        """Whether people are to be told now, for the reason that a message gives."""
        reasons = self.due.setdefault(subject, {})
        reason = _reason(message)
        if reason not in reasons and len(reasons) >= _REASONS:
            reason = ""
        at, interval = reasons.get(reason, (self.clock(), _FIRST_INTERVAL))
        if self.clock() < at:
            return False
        reasons[reason] = (self.clock() + interval, min(2 * interval, _LONGEST_INTERVAL))
        return True

    def end(self, subject: str) -> bool:
        """Forget a trouble; return whether there was one."""
        return self.due.pop(subject, None) is not None


def _reason(message: str) -> str:
    """Return a message without the names and amounts in it: every word that has a digit."""
    return re.sub(r"\S*\d\S*", "#", message)
