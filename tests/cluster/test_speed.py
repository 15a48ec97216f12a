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
from tests.cluster.oracles.restart_timing import AUDIT, SIDES, Timing, requests_without_uid, time_restart

# Of the controller's seconds, from 100 Jobs on. CI has one round, on a machine that may do other things.
AT_MOST = {"watcher": 0.7, "git": 0.8} if IS_FULL else {"watcher": 1.0, "git": 1.0}
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
    timings: Timings = {side: [] for side in SIDES}
    for _ in range(SPEED_ROUNDS):
        measure(fast, jobs, timings, tmp_path)
    for _ in range(MORE_ROUNDS):
        if not too_slow(timings, jobs):
            break
        measure(fast, jobs, timings, tmp_path)
    record_figures(f"speed of {jobs:3} Jobs", figures(timings))
    assert too_slow(timings, jobs) == {}


def measure(plane: ControlPlane, jobs: int, timings: Timings, folder: Path) -> None:
    """Let a set restart under each, in turn."""
    for side in SIDES:
        timing, wrong, namespace = time_restart(plane, side, jobs, folder)
        timings[side].append(timing)
        print(f"{side} {jobs}: {timing}", flush=True)
        assert wrong == [], side
        if side != "controller":
            requests, unnamed = requests_without_uid(plane.folder / "audit.log", namespace)
            assert requests >= jobs
            assert unnamed == [], "requests that name no UID"


def too_slow(timings: Timings, jobs: int) -> dict[str, float]:
    """Return the ratios that are above what they may be."""
    if jobs < 100:
        return {}
    ratios = {side: ratio(timings, side) for side in AT_MOST}
    return {side: each for side, each in ratios.items() if each > AT_MOST[side]}


def ratio(timings: Timings, side: str) -> float:
    """Return the ratio of medians of a side to the controller."""
    mine, theirs = (median(each.all_made for each in timings[name]) for name in (side, "controller"))
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
