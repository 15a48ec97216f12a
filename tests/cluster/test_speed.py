"""Side by side on one API server: the real controller's restart, and ours in both modes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from tests.cluster.harness import kwok
from tests.cluster.harness.control_plane import ControlPlane, control_plane
from tests.cluster.harness.figures import record_figures
from tests.cluster.harness.tiers import IS_FULL, SPEED_JOBS, SPEED_ROUNDS
from tests.cluster.oracles.restart_timing import AUDIT, BEFORE, SIDES, Timing, requests_without_uid, time_restart

# From 100 Jobs on: of the controller's seconds, and of those that the earlier release takes in the same rounds. How
# much faster than the controller it is depends on the machine; whether it has become slower does not.
OF_CONTROLLER, OF_BEFORE = 1.0, 1.1
# CI has one round, on a machine that may do other things: it leaves the earlier release out, and compares no times.
IN_TURN = (*SIDES, *BEFORE) if IS_FULL else SIDES
MOST_ROUNDS_OF_500 = 3  # one takes five minutes
MORE_ROUNDS = 2  # when those before say no
Timings = dict[str, list[Timing]]


@pytest.fixture(scope="module")
def fast(cluster_seconds: dict[str, float], tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """A cluster with room for a thousand pods, whose API server writes down what is deleted and changed."""
    folder = tmp_path_factory.mktemp("fast")
    (folder / "audit.json").write_text(json.dumps(AUDIT))
    audit = [f"--audit-policy-file={folder / 'audit.json'}", f"--audit-log-path={folder / 'audit.log'}"]
    flags = {"kube-apiserver": audit}
    with control_plane(folder, jobset=True, kwok=True, scheduler=True, flags=flags) as started:
        kwok.add_nodes(started, *(f"node-{index}" for index in range(8)))
        yield started


@pytest.mark.parametrize("jobs", SPEED_JOBS)
def test_a_restart_takes_less_time_than_under_the_controller(fast: ControlPlane, jobs: int, tmp_path: Path) -> None:
    timings: Timings = {side: [] for side in IN_TURN}
    for _ in range(SPEED_ROUNDS if jobs < 500 else min(SPEED_ROUNDS, MOST_ROUNDS_OF_500)):
        measure(fast, jobs, timings, tmp_path)
    for _ in range(MORE_ROUNDS):
        if not too_slow(timings, jobs):
            break
        measure(fast, jobs, timings, tmp_path)
    record_figures(f"speed of {jobs:3} Jobs", figures(timings))
    assert too_slow(timings, jobs) == {}


def measure(plane: ControlPlane, jobs: int, timings: Timings, folder: Path) -> None:
    """Let a set restart under each, in turn."""
    for side in IN_TURN:
        timing, wrong, namespace = time_restart(plane, side, jobs, folder)
        timings[side].append(timing)
        print(f"{side} {jobs}: {timing}", flush=True)
        assert wrong == [], side
        if side != "controller":
            requests, unnamed = requests_without_uid(plane.folder / "audit.log", namespace)
            assert requests >= jobs
            assert unnamed == [], "requests that name no UID"


def too_slow(timings: Timings, jobs: int) -> dict[str, float]:
    """Return the ratios that are above what they may be; none where times are not compared."""
    if jobs < 100 or not IS_FULL:
        return {}
    limits = {("watcher", "controller"): OF_CONTROLLER, ("git", "controller"): OF_CONTROLLER}
    limits |= {(now, before): OF_BEFORE for before, now in BEFORE.items() if before in timings}
    ratios = {pair: ratio(timings, *pair) for pair in limits}
    return {f"{side} to {other}": each for (side, other), each in ratios.items() if each > limits[side, other]}


def ratio(timings: Timings, side: str, other: str = "controller") -> float:
    """Return the ratio of medians of a side to another."""
    mine, theirs = (median(each.all_made for each in timings[name]) for name in (side, other))
    return round(mine / theirs, 2)


def figures(timings: Timings) -> dict[str, Any]:
    """Return what a reader wants to know: the medians of each moment, the extremes, the ratios."""
    return {
        side: {
            "rounds": len(rounds),
            "medians": {name: median(getattr(each, name) for each in rounds) for name in Timing._fields},
            "least": min(each.all_made for each in rounds),
            "most": max(each.all_made for each in rounds),
            "ratio": ratio(timings, side),
        }
        for side, rounds in timings.items()
    }
