"""Whole lives of a set in the simulated cluster, in both modes."""

from __future__ import annotations

import pytest

from tests.simulation.training import Training, spec

MODES = pytest.mark.parametrize("jobs", ["git", "watcher"])
WORKERS = spec({"workers": "replicas: 3"}, failurePolicy="{maxRestarts: 2}")


@MODES
def test_two_failures_two_restarts_completion(jobs):
    training = Training(WORKERS, jobs=jobs)
    training.settle()
    for attempt in (1, 2):
        before = training.names()
        training.cluster.fail("train-workers-1")
        training.settle()
        assert training.state["restarts"] == training.state["countedRestarts"] == attempt
        assert training.names().keys() == before.keys()
        assert not set(training.names().values()) & set(before.values())
        assert training.running() == [f"train-workers-{index}" for index in range(3)]
        assert training.tool.is_synced()
    for index in range(3):
        training.cluster.complete(f"train-workers-{index}")
    training.settle()
    assert training.outcome == "Completed AllJobsCompleted"
    assert training.exits == [0]


@MODES
def test_one_failure_too_many(jobs):
    training = Training(spec({"workers": "replicas: 3"}, failurePolicy="{maxRestarts: 0}"), jobs=jobs)
    training.settle()
    training.cluster.fail("train-workers-1")
    training.settle()
    assert training.outcome == "Failed ReachedMaxRestarts"
    assert training.running() == []
    own = training.cluster.of("jobs")["train-restart-watcher"]
    assert own["spec"]["activeDeadlineSeconds"] == 1
    left = training.cluster.jobs()
    if jobs == "git":
        assert [left[f"train-workers-{index}"]["spec"]["suspend"] for index in (0, 2)] == [True, True]
        assert training.tool.is_synced()
    else:
        assert list(left) == ["train-workers-1"]
