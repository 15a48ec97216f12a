"""Telling people: an Event on the watcher's Job, and a line of the log."""

from __future__ import annotations

from contextlib import suppress

from .api import Api, ApiError
from .contract import MANAGER, Json, Say
from .log import log, now


class Reporter:
    """Speaks for one watcher."""

    def __init__(self, api: Api, job: str, uid: str) -> None:
        """Speak about the watcher's own Job."""
        self.api = api
        self.job = job
        self.uid = uid
        self.reported: set[Say] = set()

    def report_once(self, event: Say) -> None:
        """Tell people something once."""
        if event not in self.reported:
            self.reported.add(event)
            self.report(event)

    def report(self, event: Say) -> None:
        """Tell people something, also again."""
        level = "warning" if event.kind == "Warning" else "info"
        log(level, event.message, reason=event.reason)
        with suppress(ApiError):
            self.api.create("events", self._event(event))

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
