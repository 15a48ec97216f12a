"""A watch goes on, whatever it is sent: a set without news would be left alone for ever."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator

import pytest

from jobsetgen.runtime.watcher.api import Api, ApiError
from jobsetgen.runtime.watcher.watch import Watch

JOB = {"metadata": {"name": "a", "resourceVersion": "8"}}


class Feed:
    """Stands for the cache, the event that stops it, and the transport; plays one watch after another, and stops after the
    last. A watch is what it brings; a float lets so many seconds pass."""

    def __init__(self, *watches: list[object]) -> None:
        self.api = Api(self, "ns", self)
        self.watches = list(watches)
        self.asked: list[str] = []
        self.taken: list[str] = []
        self.lists = 0
        self.waits: list[float] = []
        self.seconds = 0.0
        self.stale = threading.Event()
        self.resting: set[str] = set()
        self.silent: list[set[str]] = []
        self.while_followed: list[set[str]] = []

    def is_set(self) -> bool:
        return not self.watches

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.silent.append(set(self.resting))

    def send(self, method: str, path: str, body: bytes | None, kind: str) -> tuple[int, dict[str, str], bytes]:
        assert (method, path) == ("GET", "/apis/batch/v1/namespaces/ns/jobs?limit=1")
        self.lists += 1
        return 200, {}, b'{"metadata": {"resourceVersion": "7"}}'

    def lines(self, path: str) -> Iterator[bytes]:
        self.while_followed.append(set(self.resting))
        self.asked.append(path.rpartition("resourceVersion=")[2])
        for each in self.watches.pop(0):
            if isinstance(each, float):
                self.seconds += each
                continue
            if isinstance(each, Exception):
                raise each
            yield each if isinstance(each, bytes) else json.dumps(each).encode()

    def take_in(self, plural: str, kind: str, item: dict) -> None:
        self.taken.append(item["metadata"]["name"])


def followed(*watches: list[object]) -> Feed:
    feed = Feed(*watches)
    watch = Watch(feed, "jobs", {}, threading.Event())
    watch.clock = lambda: feed.seconds
    watch.follow()
    return feed


NEWS = {"type": "ADDED", "object": JOB}


def test_one_that_is_cut_goes_on_where_it_was():
    feed = followed([NEWS, OSError("cut")], [NEWS])
    assert (feed.asked, feed.lists, feed.taken) == (["7", "8"], 1, ["a", "a"])


@pytest.mark.parametrize(
    "trouble",
    [b"{", b"[]", {"type": "ADDED"}, {"type": "ERROR", "object": {"code": 410}}, ApiError(410, "gone"), RuntimeError()],
    ids=repr,
)
def test_one_that_is_sent_what_it_cannot_take_begins_with_a_new_list(trouble):
    feed = followed([NEWS, trouble], [NEWS])
    assert (feed.asked, feed.lists, feed.taken) == (["7", "7"], 2, ["a", "a"])
    assert feed.stale.is_set()


GONE = {"type": "ERROR", "object": {"code": 410, "message": "too old resource version"}}
SHORT = {
    "is refused": [ApiError(403, "no")],
    "is told that its version is gone": [GONE],
    "brings something before that": [NEWS, GONE],
    "is cut": [OSError("cut")],
    "ends": [],
}


@pytest.mark.parametrize("end", SHORT)
def test_one_that_ends_soon_again_and_again_is_begun_less_often_until_one_has_lasted(end):
    waits = followed(*[SHORT[end]] * 12).waits
    assert waits[0] < 1 < waits[3] < 10 < min(waits[-4:])
    assert max(waits) <= 45
    assert followed(*[SHORT[end]] * 12, [NEWS, 100.0, OSError("cut")]).waits[-1] < 1


def test_while_none_runs_the_passes_know_that_news_is_missing():
    feed = followed(*[[GONE]] * 3)
    assert feed.silent == [{"jobs"}] * 3
    assert feed.while_followed == [set()] * 3


def test_every_end_is_logged_with_its_reason(capsys):
    followed(*[[GONE]] * 3)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    ends = [line for line in lines if line["message"] == "a watch has ended"]
    assert [line["error"] for line in ends] == ["ApiError('410: too old resource version')"] * 3


def test_a_bookmark_is_a_place_and_no_news():
    bookmark = {"type": "BOOKMARK", "object": {"metadata": {"resourceVersion": "9"}}}
    feed = followed([bookmark, OSError("cut")], [])
    assert (feed.asked, feed.taken) == (["7", "9"], [])


def test_news_that_is_older_than_what_came_before_leads_to_a_list_and_is_not_taken_in():
    late = {"type": "MODIFIED", "object": {"metadata": {"name": "b", "resourceVersion": "7"}}}
    feed = followed([{"type": "DELETED", "object": {"metadata": {"name": "a", "resourceVersion": "9"}}}, late])
    assert feed.taken == ["a"]
    assert feed.stale.is_set()
