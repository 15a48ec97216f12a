"""The sequences that tell implementations apart, one by one, whoever owns the Jobs."""

from __future__ import annotations

import pytest

from jobsetgen.runtime.watcher.contract import Create, Delete
from tests.unit.runtime.world import World, plan, policy, replicated_job, rule

MODES = pytest.mark.parametrize("jobs", ["git", "watcher"])


def workers(jobs: str, replicas: int = 2, **fields) -> World:
    world = World(plan(jobs, replicated_job("w", replicas), **fields))
    world.settle()
    return world


@MODES
def test_sequence_1_success_policy_any_met_and_another_job_failed_the_failure_policy_acts(jobs):
    world = workers(jobs, successPolicy={"operator": "Any", "targets": []}, failurePolicy=policy(1))
    world.complete("a-w-0")
    world.fail("a-w-1")
    world.settle()
    assert world.counters == (1, 1)
    assert world.outcome == ""


@MODES
def test_sequence_2_the_last_success_while_suspended_completes(jobs):
    world = workers(jobs, suspend=True)
    world.complete("a-w-0", "a-w-1")
    world.settle()
    assert world.outcome == "Completed AllJobsCompleted"


@MODES
def test_sequence_3_a_failure_while_suspended_restarts_into_suspended_jobs(jobs):
    world = workers(jobs, suspend=True, failurePolicy=policy(1))
    world.fail("a-w-0")
    world.settle()
    assert world.counters == (1, 1)
    assert [item["spec"]["suspend"] for item in world.items.values()] == [True, True]


@MODES
def test_sequence_4_a_whole_set_restart_runs_completed_jobs_again(jobs):
    world = workers(jobs, failurePolicy=policy(1))
    before = world.uids()
    world.complete("a-w-0")
    world.fail("a-w-1")
    world.settle()
    assert world.uids().keys() == before.keys()
    assert not set(world.uids().values()) & set(before.values())


@MODES
def test_sequence_5_two_restart_job_failures_at_once_the_first_restarts_the_second_fails_the_set(jobs):
    world = workers(jobs, failurePolicy=policy(1, rule("r", "RestartJob")))
    world.fail("a-w-1", time=1)
    world.fail("a-w-0", time=2)
    world.step()
    assert world.state["jobRestarts"] == {"a-w-1": [1, 1]}
    assert world.outcome == "Failed ReachedMaxRestarts"
    assert world.first_failed == "a-w-0"


@MODES
def test_sequence_6_per_job_and_whole_set_restarts_count_together(jobs):
    rules = policy(2, rule("one", "RestartJob", reasons=["DeadlineExceeded"]))
    world = workers(jobs, failurePolicy=rules)
    for reason in ("DeadlineExceeded", "BackoffLimitExceeded"):
        world.fail("a-w-0", reason)
        world.settle()
    assert world.outcome == ""
    world.fail("a-w-0", "BackoffLimitExceeded")
    world.settle()
    assert world.outcome == "Failed ReachedMaxRestarts"
    assert (world.counters, world.state["jobRestarts"]) == ((1, 1), {"a-w-0": [1, 1]})


@MODES
def test_sequence_7_the_first_rule_wins_also_with_a_later_failure(jobs):
    late = rule("late", "RestartJobSetAndIgnoreMaxRestarts", reasons=["DeadlineExceeded"])
    world = workers(jobs, failurePolicy=policy(3, late, rule("early", "FailJobSet")))
    world.fail("a-w-0", "BackoffLimitExceeded", time=1)
    world.fail("a-w-1", "DeadlineExceeded", time=9)
    world.step()
    assert world.counters == (1, 0)
    assert world.first_failed == "a-w-1"


@MODES
@pytest.mark.parametrize("strategy", ["Recreate", "BlockingRecreate"])
def test_sequence_8_with_one_job_terminating_blocking_creates_nothing_and_recreate_the_others(jobs, strategy):
    world = workers(jobs, 3, failurePolicy=policy(1, strategy=strategy))
    world.lingers = {"a-w-2"}
    world.fail("a-w-0")
    made = [action for action in world.settle() if isinstance(action, Create)]
    assert [action.job_index for action in made] == ([0, 1] if strategy == "Recreate" else [])
    world.gone("a-w-2")
    made = [action for action in world.settle() if isinstance(action, Create)]
    assert [action.job_index for action in made] == ([2] if strategy == "Recreate" else [0, 1, 2])


def dependents(jobs: str, status: str = "Ready") -> World:
    second = replicated_job("d", 1, dependsOn=[{"name": "w", "status": status}])
    world = World(plan(jobs, replicated_job("w", 2), second, failurePolicy=policy(5, rule("r", "RestartJob"))))
    world.settle()
    return world


def starts(world: World, name: str) -> bool:
    """Whether a Job has been started: it is there, and nothing holds its pods back."""
    if world.plan["jobs"] == "watcher":
        return name in world.items
    return name in world.noted("released")


@MODES
def test_sequence_9_a_ready_dependency_flaps_and_only_a_dependent_deleted_meanwhile_waits(jobs):
    world = dependents(jobs)
    world.ready("a-w-0", "a-w-1")
    world.settle()
    assert starts(world, "a-d-0")
    world.ready("a-w-0", pods=1)
    before = world.uids()
    world.settle()
    assert world.uids() == before
    assert starts(world, "a-d-0")
    world.gone("a-d-0")
    world.settle()
    assert not starts(world, "a-d-0")
    world.ready("a-w-0")
    world.settle()
    assert starts(world, "a-d-0")


@MODES
def test_sequence_10_in_order_a_restarted_first_leaves_the_second_alone_and_what_is_missing_in_it_waits(jobs):
    restart = policy(5, rule("r", "RestartJob"))
    world = World(
        plan(jobs, replicated_job("w", 1), replicated_job("d", 2), startupOrder="InOrder", failurePolicy=restart)
    )
    world.settle()
    world.ready("a-w-0")
    world.settle()
    assert starts(world, "a-d-0")
    second = world.uids()["a-d-1"]
    world.fail("a-w-0")
    world.gone("a-d-0")
    world.settle()
    assert world.uids()["a-d-1"] == second
    assert not starts(world, "a-d-0")
    world.ready("a-w-0")
    world.settle()
    assert starts(world, "a-d-0")


@MODES
def test_sequence_11_an_in_order_set_resumes_one_replicated_job_at_a_time(jobs):
    world = World(plan(jobs, replicated_job("w"), replicated_job("d"), startupOrder="InOrder", suspend=True))
    world.settle()
    assert [item["spec"]["suspend"] for item in world.items.values()] == [True, True]
    world.plan = {**world.plan, "suspend": False}
    if jobs == "git":  # the tool takes the field away, which Git names no more
        for item in world.items.values():
            del item["spec"]["suspend"]
    world.settle()
    assert not world.items["a-w-0"]["spec"].get("suspend")
    assert not (starts(world, "a-d-0") and not world.items["a-d-0"]["spec"].get("suspend"))
    world.ready("a-w-0")
    world.settle()
    assert starts(world, "a-d-0")
    assert not world.items["a-d-0"]["spec"].get("suspend")


@MODES
def test_sequence_12_a_completed_child_deleted_before_the_end_runs_again(jobs):
    world = workers(jobs)
    world.complete("a-w-0")
    world.settle()
    world.gone("a-w-0")
    world.settle()
    assert "a-w-0" in world.items
    assert world.outcome == ""


@MODES
@pytest.mark.parametrize("status", ["Ready", "Complete"])
def test_sequence_13_a_dependency_without_replicas_is_met_at_once(jobs, status):
    second = replicated_job("d", 1, dependsOn=[{"name": "w", "status": status}])
    world = World(plan(jobs, replicated_job("w", 0), second))
    world.settle()
    assert starts(world, "a-d-0")


@MODES
def test_sequence_14_a_child_deleted_after_the_end_does_not_run_again(jobs):
    world = workers(jobs)
    world.complete("a-w-0", "a-w-1")
    world.settle()
    world.gone("a-w-0")
    world.settle()
    if jobs == "git":  # the tool would put it back and run it, so it is there, suspended
        assert world.items["a-w-0"]["spec"]["suspend"] is True
    else:
        assert list(world.items) == ["a-w-1"]


@MODES
def test_sequence_15_an_active_child_terminating_is_active_and_is_made_again_once_gone(jobs):
    world = workers(jobs)
    world.ready("a-w-0", "a-w-1")
    world.items["a-w-0"]["metadata"]["deletionTimestamp"] = "now"
    assert world.settle() == []
    assert world.state["counts"]["w"]["active"] == 2
    world.gone("a-w-0")
    assert [(action.replicated_job, action.job_index) for action in world.settle() if isinstance(action, Create)] == [
        ("w", 0)
    ]
    assert not [action for action in world.settle() if isinstance(action, Delete)]
