"""Following: a watch that brings news for ever, whatever it is sent."""

from __future__ import annotations

import http.client
import random
import threading
import time

from .cache import Cache
from .contract import Json
from .log import log
from .view import number

_FIRST_PAUSE = 0.5  # seconds between two watches
_LONGEST_PAUSE = 30.0
_LASTING = 20.0  # seconds after which a watch has been a good one


class Watch:
    """Follows one kind of object for ever, and wakes the loop when there is news."""

    def __init__(
        self, cache: Cache, plural: str, query: Json, wake: threading.Event, name: str = ""
    ) -> None:
        """Follow what a query selects; `name` is the one object that it selects, if it is one."""
        self.cache = cache
        self.api = cache.api
        self.plural = plural
        self.query = query
        self.wake = wake
        self.name = name
        self.version = ""  # up to which there was news
        self.pause = _FIRST_PAUSE / 2
        self.clock = time.monotonic
        self.began = float("inf")  # when there was a watch, after all that it needs

    def follow(self) -> None:
        """Pass on news for ever; where some may have been missed, the next pass makes its lists.

        Watches that end soon, however they do, are begun at growing intervals.
        """
        while not self.api.stopping.is_set():
            self.began = float("inf")
            try:
                self._follow_once()
            # Whatever it is: without its news the set would be left alone for ever.
            except Exception as error:
                log("info", "a watch has ended", kind=self.plural, error=repr(error))
                if not isinstance(error, (OSError, http.client.HTTPException)):
                    self.version = ""
            self._rest(self.clock() - self.began)

    def _rest(self, lasted: float) -> None:
        """Wait before the next watch; the passes make their lists meanwhile."""
        self.pause = _FIRST_PAUSE if lasted > _LASTING else min(2 * self.pause, _LONGEST_PAUSE)
        if self.pause > _FIRST_PAUSE:
            log("info", "watches end soon; the next one waits", kind=self.plural, pause=self.pause)
        self.cache.resting.add(self.plural)
        self.api.stopping.wait(self.pause * random.uniform(0.5, 1.5))

    def _follow_once(self) -> None:
        """Pass on what one watch brings, from where the last one ended or from now on."""
        if not self.version:
            self.version = self.api.version(self.plural, self.name, self.query)
            self.cache.stale.set()
            self.wake.set()
        self.began = self.clock()
        self.cache.resting.discard(self.plural)
        for event in self.api.news(self.plural, self.query, self.version):
            self._take_in(event)

    def _take_in(self, event: Json) -> None:
        """Pass on one piece of news; a bookmark is a place and no news.

        News that is older than what came before is out of order: the next pass makes its lists.
        """
        item = event["object"]
        version = item["metadata"]["resourceVersion"]
        if number(version, 0) < number(self.version, 0):
            self.cache.stale.set()
            self.wake.set()
            return
        self.version = version
        if event["type"] != "BOOKMARK":
            self.cache.take_in(self.plural, event["type"], item)
            self.wake.set()
