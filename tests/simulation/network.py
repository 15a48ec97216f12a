"""What lies between one watcher and the cluster: it loses, refuses and cuts, and others act while a request is on its way."""

from __future__ import annotations

import http.client
import json
from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from jobsetgen.runtime.watcher.api import ApiError
from jobsetgen.runtime.watcher.run import Watcher
from tests.simulation.cluster import Json, selected
from tests.simulation.training import Killed

if TYPE_CHECKING:
    from tests.simulation.faulty_training import FaultyTraining

Answer = tuple[int, dict[str, str], bytes]
ANY_STATUS = (401, 403, 429, 500, 502, 503, 504)
BREAKS = ("lost", "answer lost", "truncated", "no JSON")
WATCH_STATUSES = (403, 410, 429, 500)
WATCH_FAULTS = ("cut", "truncated event", "doubled event", "replayed events", "reordered events", "late news")
LONGEST_EPISODE = 12  # requests
NEWS_AMID_A_PASS = 0.3


class Call(NamedTuple):
    """A request of a watcher."""

    method: str
    path: str
    body: bytes | None
    kind: str

    @property
    def is_list(self) -> bool:
        """Whether several objects are asked for."""
        return "limit=" in self.path

    @property
    def plural(self) -> str:
        """The kind of object that it is about."""
        return self.path.split("/namespaces/")[1].split("/")[1].partition("?")[0]


class QuietError(BaseException):
    """A watch has nothing more to tell for now. It stays open."""


class Network:
    """Carries the requests of one process of the watcher."""

    def __init__(self, training: FaultyTraining) -> None:
        self.training = training
        self.cluster, self.weather = training.cluster, training.weather
        self.watcher: Watcher  # the process
        self.is_dead = False
        self.brings = False  # whether it brings news at this moment
        self.shift = 0.0  # seconds that its clock is ahead
        self.sent = 0
        self.episode: tuple[int, Callable[[Call], bool], int] = (0, lambda call: False, 0)

    def send(self, method: str, path: str, body: bytes | None, kind: str) -> Answer:
        """Answer a request, as the watcher's transport does."""
        call = Call(method, path, body, kind)
        if self.is_dead:
            raise Killed
        self.sent += 1
        self.training.rules.check_request(method, call.plural, path, body)
        if not call.is_list and self.weather.rate and self.weather.chance.random() < NEWS_AMID_A_PASS:
            self.training.bring_news(self)
        left, concerns, status = self.episode
        if left and concerns(call):
            self.episode = (left - 1, concerns, status)
            return _refused(status)
        if self.weather.strikes():
            return self._fault(call)
        return self._through(call)

    def _through(self, call: Call) -> Answer:
        return self.cluster.send(*call)

    # --- Faults -----------------------------------------------------------------------------------
    def _fault(self, call: Call) -> Answer:
        """Answer a request that meets a fault; some kinds of request meet fewer kinds."""
        chance = self.weather.chance.random()
        if chance < 0.35:
            return self._status(call)
        if chance < 0.6:
            return self._broken(call)
        if chance < 0.66:
            return self._killed(call)
        if chance < 0.7:
            return self._begin_episode(call)
        if chance < 0.76 and not self.training.is_frozen:
            self._frozen(call)
        else:
            self.training.disturb(self)
        return self._through(call)

    def _status(self, call: Call) -> Answer:
        """Refuse a request, or hide that it was done."""
        statuses: tuple[int, ...] = ANY_STATUS
        if call.method in ("POST", "PUT", "PATCH", "DELETE"):
            statuses = (*statuses, 409)
        if call.is_list:
            statuses = (*statuses, 410)
        status = self.weather.chance.choice(statuses)
        if status >= 500 and self.weather.chance.random() < 0.5:
            self.weather.count(f"{status} after the effect")
            self._through(call)
        else:
            self.weather.count(f"{status} instead of an answer")
        return _refused(status)

    def _broken(self, call: Call) -> Answer:
        """Lose a request, or its answer, or the end of that."""
        way = self.weather.chance.choice(BREAKS)
        self.weather.count(f"request: {way}")
        if way == "lost":
            raise ConnectionResetError
        status, headers, data = self._through(call)
        if way == "answer lost":
            raise ConnectionResetError
        if way == "truncated":
            raise http.client.IncompleteRead(data[: len(data) // 2], len(data))
        return status, headers, b"<html>"

    def _killed(self, call: Call) -> Answer:
        """End the process before or after a request."""
        when = self.weather.chance.choice(["before", "after"])
        self.weather.count(f"killed {when} a request")
        if when == "after":
            self._through(call)
        self.is_dead = True
        raise Killed

    def _frozen(self, call: Call) -> None:
        """Freeze the process here, until another one has had its time."""
        self.weather.count("frozen after a list" if self._has_listed() else "frozen before a request")
        self.training.play_with_another(self.weather.chance.randint(1, 6))

    def _has_listed(self) -> bool:
        return "limit=" in self.cluster.requests[-1][1]

    def _begin_episode(self, call: Call) -> Answer:
        """Refuse everything, or one kind of request, for a while."""
        kind = self.weather.chance.choice(list(_CONCERNS))
        status = self.weather.chance.choice([0, 403, 429, 503])
        self.weather.count(f"refused for a while: {kind}")
        self.episode = (self.weather.chance.randint(2, LONGEST_EPISODE), _CONCERNS[kind], status)
        return self._through(call)

    # --- Watches ----------------------------------------------------------------------------------
    def watch(self) -> Connection:
        """Return the transport of one watch."""
        return Connection(self)


_CONCERNS: dict[str, Callable[[Call], bool]] = {
    "everything": lambda call: True,
    "events": lambda call: call.plural == "events",
    "writes of Jobs": lambda call: call.plural == "jobs" and call.method != "GET",
    "lists": lambda call: call.is_list,
}


# Every kind of fault that strikes here.
KINDS = {
    *(f"{status} instead of an answer" for status in (*ANY_STATUS, 409, 410)),
    *(f"{status} after the effect" for status in ANY_STATUS if status >= 500),
    *(f"request: {way}" for way in BREAKS),
    *("killed before a request", "killed after a request"),
    *("frozen before a request", "frozen after a list"),
    *(f"refused for a while: {kind}" for kind in _CONCERNS),
    *(f"watch: refused with {status}" for status in WATCH_STATUSES),
    *("watch: 410 as an event", *(f"watch: {way}" for way in WATCH_FAULTS)),
}


def _refused(status: int) -> Answer:
    if not status:
        raise ConnectionRefusedError
    headers = {"retry-after": "1"} if status == 429 else {}
    return status, headers, json.dumps({"message": "no"}).encode()


class Connection:
    """Brings the news of one watch, and goes on where it was until it is cut."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.history, self.weather = network.cluster.history, network.weather
        self.is_open = False
        self.at = 0  # place in the history

    def is_idle(self) -> bool:
        """Whether it is open, and has told everything."""
        return self.is_open and self.at == len(self.history)

    def send(self, method: str, path: str, body: bytes | None, kind: str) -> Answer:
        """Answer the list that a watch begins with."""
        return self.network.send(method, path, body, kind)

    def lines(self, path: str) -> Iterator[bytes]:
        """Yield what a watch brings; raise QuietError where there is no more for now."""
        if self.network.is_dead:
            raise QuietError
        address = urlsplit(path)
        query = dict(parse_qsl(address.query))
        plural = address.path.rpartition("/")[2]
        if not self.is_open:
            yield from self._begin(int(query["resourceVersion"]))
        while self.at < len(self.history):
            _, kind, of, item = self.history[self.at]
            self.at += 1
            if of == plural and selected(item, query):
                yield from self._told({"type": kind, "object": item})
        if not self.is_open:
            return
        raise QuietError

    def _begin(self, version: int) -> Iterator[bytes]:
        if self.weather.strikes():
            self._refuse(self.weather.chance.choice(WATCH_STATUSES))
        self.is_open = True
        self.at = bisect_right(self.history, version, key=lambda each: each[0])
        if self.weather.strikes():
            self.weather.count("watch: 410 as an event")
            self.is_open = False
            yield _line({"type": "ERROR", "object": {"kind": "Status", "code": 410, "message": "too old"}})

    def _refuse(self, status: int) -> None:
        self.weather.count(f"watch: refused with {status}")
        raise ApiError(status, "no")

    def _told(self, event: Json) -> Iterator[bytes]:
        """Yield an event, and what goes wrong with it."""
        if not self.weather.strikes():
            yield _line(event)
            return
        way = self.weather.chance.choice(WATCH_FAULTS)
        self.weather.count(f"watch: {way}")
        if way == "doubled event":
            yield _line(event)
        elif way == "replayed events":
            yield _line(event)
            yield from self._replayed(event["object"]["metadata"]["name"])
            return
        elif way == "reordered events":
            yield _line(event)
            yield from self._replayed(event["object"]["metadata"]["name"], slice(-2, -1))
            return
        elif way == "late news":
            self.at -= 1
            raise QuietError
        else:
            self.is_open = False
            if way == "cut":
                raise ConnectionResetError
            yield b'{"type": "MODIFIED", "obj'
        yield _line(event)

    def _replayed(self, name: str, which: slice = slice(-4, None)) -> Iterator[bytes]:
        """Yield the last events of an object again, as a proxy that connects anew might."""
        before = [each for each in self.history[: self.at] if each[3]["metadata"]["name"] == name][which]
        for _, kind, _, item in before:
            yield _line({"type": kind, "object": item})


def _line(event: Json) -> bytes:
    return json.dumps(event).encode()
