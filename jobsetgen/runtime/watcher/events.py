"""Telling people: an Event on the watcher's Job, and a line of the log."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from .api import Api, ApiError
from .contract import MANAGER, Json, Say
from .formats import printable
from .log import log, log_some, now

# Seconds until people are told of the same trouble again. It is twice as long each time.
_FIRST_INTERVAL = 60.0
_LONGEST_INTERVAL = 3600.0
_AWAY = 300.0  # seconds after which trouble that comes again is new
_REASONS = 10  # of one trouble that are told apart
# Events of one pass: what is between the first and the last is only logged.
_FIRST_EVENTS = 20
_LAST_EVENTS = 5
_KEPT = 5000  # that were told, so that they are not told again
_OF_THE_API = {"UpdateRefused"}  # reasons of events whose texts are the API's
_LONGEST_MESSAGE = 1000  # characters, of an Event and of what is kept
_LONGEST_REASON = 128
_OF_ONE_EVENT = (400, 413, 422)  # statuses of what is wrong with an Event itself
_WAITING = 50  # Events at most that wait for their creation


class Reporter:
    """Speaks for one watcher."""

    def __init__(self, api: Api, job: str, uid: str, clock: Callable[[], float]) -> None:
        """Speak about the watcher's own Job."""
        self.api = api
        self.job = job
        self.uid = uid
        self.reported: dict[Say, None] = {}  # the last ones, in their order
        self.queue: list[Json] = []  # Events that are not created yet
        self.troubles = Troubles(clock)

    # --- Things that happen -----------------------------------------------------------------------
    def report(self, event: Say) -> None:
        """Tell people something, also again."""
        _log(event)
        self._queue(event)

    def report_new(self, events: Sequence[Say]) -> None:
        """Tell people what they were not told yet, in its order.

        Of very many the log has all, and Events are made of the first and the last.
        """
        fresh = [event for event in events if self._is_new(event)]
        for event in fresh:
            _log(event)
        for event in _shortened(fresh):
            self._queue(event)

    def _is_new(self, event: Say) -> bool:
        """Whether people were not told something yet; note that they are.

        A text of the API may have another number in it each time.
        """
        if event.reason in _OF_THE_API:
            event = event._replace(message=_reason(event.message))
        event = event._replace(message=event.message[:_LONGEST_MESSAGE])
        if event in self.reported:
            return False
        self.reported[event] = None
        if len(self.reported) > _KEPT:
            del self.reported[next(iter(self.reported))]
        return True

    def report_once(self, event: Say) -> None:
        """Tell people something once."""
        self.report_new([event])

    def forget(self) -> None:
        """Tell people again what they were told of an earlier run."""
        self.reported.clear()

    def _queue(self, event: Say) -> None:
        """Let an Event wait for the end of the pass; of too many the oldest are given up."""
        self.queue = [*self.queue, self._event(event)][-_WAITING:]

    def deliver(self) -> None:
        """Create the Events that wait. Where one cannot be created, the rest wait on.

        One that the API cannot take as it is would wait for ever, and is given up.
        """
        while self.queue:
            try:
                self.api.create("events", self.queue[0])
            except ApiError as error:
                log_some("an event was not created", error=str(error))
                if error.status not in _OF_ONE_EVENT:
                    return
            self.queue = self.queue[1:]

    # --- Trouble that goes on ---------------------------------------------------------------------
    def warn(self, subject: str, event: Say) -> None:
        """Tell people of trouble: at once, when its reason changes, and now and then."""
        if self.troubles.is_due(subject, event.message):
            self.report(event)

    def relieve(self, subject: str, event: Say) -> None:
        """Tell people that trouble is over, where they were told of it."""
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
            "reason": printable(event.reason[:_LONGEST_REASON]),
            "message": printable(event.message[:_LONGEST_MESSAGE]),
        }


def _log(event: Say) -> None:
    """Write a line of the log."""
    level = "warning" if event.kind == "Warning" else "info"
    log(level, event.message, reason=event.reason)


def _shortened(events: list[Say]) -> list[Say]:
    """Return the first and the last of events, and between them how many were left out."""
    left_out = len(events) - _FIRST_EVENTS - _LAST_EVENTS
    if left_out <= 0:
        return events
    text = f"{left_out:,} more events of this pass are in the log"
    more = Say("Normal", "MoreEvents", text)
    return [*events[:_FIRST_EVENTS], more, *events[-_LAST_EVENTS:]]


class _Told(NamedTuple):
    """When people are told of a reason again, how long after that, and when it was last met."""

    due: float
    interval: float
    met: float


class Troubles:
    """When people are told of trouble: for each reason at once, and then at growing intervals.

    Trouble that comes and goes keeps its intervals, until it has been away for a while.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        """Know of no trouble."""
        self.clock = clock
        self.known: dict[str, dict[str, _Told]] = {}  # by subject and reason
        self.told: set[str] = set()  # subjects of which people know, and not that they are over

    def is_due(self, subject: str, message: str) -> bool:
        """Whether people are to be told now, for the reason that a message gives."""
        now = self.clock()
        reasons = self.known.setdefault(subject, {})
        for gone in [key for key, each in reasons.items() if now - each.met > _AWAY]:
            del reasons[gone]
        reason = _reason(message)
        if reason not in reasons and len(reasons) >= _REASONS:
            reason = ""
        known = reasons.get(reason, _Told(now, _FIRST_INTERVAL, now))
        if now < known.due:
            reasons[reason] = known._replace(met=now)
            return False
        later = min(2 * known.interval, _LONGEST_INTERVAL)
        reasons[reason] = _Told(now + known.interval, later, now)
        self.told.add(subject)
        return True

    def end(self, subject: str) -> bool:
        """Note that a trouble is over; return whether people know of it."""
        is_known = subject in self.told
        self.told.discard(subject)
        return is_known


def _reason(message: str) -> str:
    """Return a message without the names and amounts in it: every word that has a digit."""
    words = message[:1000].split()
    return " ".join("#" if any(map(str.isdigit, word)) else word for word in words)
