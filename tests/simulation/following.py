"""The watches of one process, a turn at a time: the code of the watcher, without its threads and its pauses."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from jobsetgen.runtime.watcher import run
from jobsetgen.runtime.watcher.api import Api
from jobsetgen.runtime.watcher.run import Watcher
from jobsetgen.runtime.watcher.watch import Watch
from tests.simulation.cluster import NAMESPACE
from tests.simulation.network import Network, QuietError
from tests.simulation.training import Killed


class _RestError(BaseException):
    """A watch pauses for some seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds


class _Pauses:
    """Stands for the event that a watch waits for when it pauses."""

    def is_set(self) -> bool:
        return False

    def wait(self, seconds: float) -> bool:
        raise _RestError(seconds)


class Follower:
    """One watch; it is as long open as the network lets it."""

    def __init__(self, watch: Watch, network: Network, clock: Any) -> None:
        self.watch, self.clock = watch, clock
        self.rests_until = 0.0
        watch.clock = clock
        self.connection = network.watch()
        own = Api(self.connection, NAMESPACE, _Pauses())
        own.answers = watch.api.answers
        watch.api = own

    def turn(self) -> None:
        """Pass on the news that there is."""
        if self.clock() < self.rests_until or self.connection.is_idle():
            return
        try:
            self.watch.follow()
        except (QuietError, Killed):  # a process that is gone reads nothing more
            pass
        except _RestError as rest:
            self.rests_until = self.clock() + rest.seconds


def follow_new(watcher: Watcher, network: Network, followers: list[Follower]) -> None:
    """Begin the watches that the process would begin before its next pass."""
    begun: list[Watch] = []

    def note(target: Any, **_: Any) -> SimpleNamespace:
        begun.append(target.__self__)
        return SimpleNamespace(start=lambda: None)

    if watcher.cache.needed <= watcher.cache.follows:
        return
    with patch.object(run, "threading", SimpleNamespace(Thread=note, Event=threading.Event)):
        run._follow(watcher, threading.Event())
    followers += [Follower(each, network, watcher.clock) for each in begun]
