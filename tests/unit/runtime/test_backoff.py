"""What the API refuses is tried again at growing intervals, and very many actions not all at once."""

from __future__ import annotations

import pytest

from jobsetgen.runtime.watcher.backoff import Backoff


def longest(actions: int) -> float:
    """Return the seconds that one of so many actions is held back at most, where each is always refused."""
    now = [0.0]
    backoff = Backoff(lambda: now[0])
    for _ in range(20):
        for action in range(actions):
            backoff.hold(action)
        within = max(each.until for each in backoff.held.values()) - now[0]
        now[0] += within
        assert not any(map(backoff.is_held, range(actions)))
    return within


@pytest.mark.parametrize("actions", [1, 500, 5_000])
def test_no_more_than_fifty_are_tried_in_a_second(actions):
    assert longest(actions) == pytest.approx(max(10.0, actions / 50))


def test_one_that_is_no_longer_refused_begins_anew():
    backoff = Backoff(lambda: 0.0)
    for _ in range(20):
        backoff.hold("create")
    backoff.release("create")
    backoff.hold("create")
    assert backoff.due_within() == pytest.approx(0.2)


@pytest.mark.parametrize(("actions", "least"), [(1, 0.0), (10, 0.2), (5_000, 1.0)])
def test_of_many_some_are_due_all_the_time_and_passes_come_once_a_second(actions, least):
    now = [0.0]
    backoff = Backoff(lambda: now[0])
    for action in range(actions):
        backoff.hold(action)
        now[0] += 0.15 / actions
    assert backoff.due_within() >= least
