"""What a failure leads to: rules, actions, both counters, the earliest Job, and the verdict."""

from __future__ import annotations

import pytest

from tests.unit.runtime.world import World, plan, policy, replicated_job, rule

MODES = pytest.mark.parametrize("jobs", ["git", "watcher"])


def workers(jobs: str, failure_policy=None, replicas: int = 3) -> World:
    world = World(plan(jobs, replicated_job("w", replicas), replicated_job("d", 1), failurePolicy=failure_policy))
    world.settle()
    return world


@MODES
def test_without_a_policy_the_set_fails(jobs):
    world = workers(jobs)
    world.fail("a-w-0")
    world.settle()
    assert world.outcome == "Failed FailedJobs"
    assert world.first_failed == "a-w-0"


@MODES
def test_an_empty_policy_is_one_with_no_restart(jobs):
    world = workers(jobs, policy(0))
    world.fail("a-w-0")
    world.settle()
    assert world.outcome == "Failed ReachedMaxRestarts"


@MODES
def test_a_failure_counts_outside_of_the_success_policys_targets(jobs):
    world = World(
        plan(jobs, replicated_job("w"), replicated_job("d"), successPolicy={"operator": "All", "targets": ["w"]})
    )
    world.settle()
    world.fail("a-d-0")
    world.settle()
    assert world.outcome == "Failed FailedJobs"


@MODES
def test_fail_job_set(jobs):
    world = workers(jobs, policy(5, rule("r", "FailJobSet")))
    world.fail("a-w-0")
    world.settle()
    assert world.outcome == "Failed FailJobSetFailurePolicyAction"


@MODES
@pytest.mark.parametrize(
    ("action", "counters", "of_the_job"),
    [
        ("RestartJobSet", (1, 1), {}),
        ("RestartJobSetAndIgnoreMaxRestarts", (1, 0), {}),
        ("RestartJob", (0, 0), {"a-w-0": [1, 1]}),
        ("RestartJobAndIgnoreMaxRestarts", (0, 0), {"a-w-0": [1, 0]}),
    ],
)
def test_what_each_action_counts_and_replaces(jobs, action, counters, of_the_job):
    world = workers(jobs, policy(5, rule("r", action)))
    before = world.uids()
    world.fail("a-w-0")
    world.settle()
    assert (world.counters, world.state["jobRestarts"]) == (counters, of_the_job)
    same = {name for name, uid in world.uids().items() if before[name] == uid}
    assert same == ({"a-w-1", "a-w-2", "a-d-0"} if of_the_job else set())


@MODES
def test_an_uncounted_restart_is_made_whatever_the_limit(jobs):
    world = workers(jobs, policy(0, rule("r", "RestartJobSetAndIgnoreMaxRestarts")))
    for _ in range(3):
        world.fail("a-w-0")
        world.settle()
    assert world.counters == (3, 0)


@MODES
def test_a_whole_set_restart_leaves_the_counters_of_jobs_alone(jobs):
    world = workers(jobs, policy(5, rule("r", "RestartJob", reasons=["DeadlineExceeded"])))
    world.fail("a-w-0", "DeadlineExceeded")
    world.settle()
    world.fail("a-w-1")
    world.settle()
    assert (world.counters, world.state["jobRestarts"]) == ((1, 1), {"a-w-0": [1, 1]})


@MODES
def test_the_earliest_failure_is_named_and_on_a_tie_the_lowest_global_index(jobs):
    world = workers(jobs, policy(5))
    for name, time in (("a-d-0", 3), ("a-w-2", 3), ("a-w-1", 7)):
        world.fail(name, time=time)
    world.step()
    assert world.first_failed == "a-w-2"


# (c[n-p]de)+ [0-9]
CODE = {"literal": "co", "classes": ["63", "6e-70", "64", "65", "20", "30-39"], "code": "0 1 2 3 |0 4 5"}


@MODES
@pytest.mark.parametrize(
    ("fields", "matches"),
    [
        ({}, True),
        ({"reasons": ["PodFailurePolicy", "FailedIndexes"]}, True),
        ({"reasons": ["PodFailurePolicy"]}, False),
        ({"patterns": ["disk", "exit code [0-9]+"]}, True),
        ({"patterns": ["^code"]}, False),
        ({"programs": [CODE]}, True),
        ({"patterns": ["disk"], "programs": [CODE]}, True),
        ({"programs": [{**CODE, "code": f"A {CODE['code']}"}]}, False),
        ({"targets": ["d", "w"]}, True),
        ({"targets": ["d"]}, False),
        ({"reasons": ["FailedIndexes"], "patterns": ["disk"]}, False),
    ],
)
def test_a_rule_matches_by_reason_by_pattern_found_anywhere_and_by_target(jobs, fields, matches):
    world = workers(jobs, policy(5, rule("r", "FailJobSet", **fields)))
    world.fail("a-w-0", "FailedIndexes", "ended with exit code 42")
    world.settle()
    assert world.outcome == ("Failed FailJobSetFailurePolicyAction" if matches else "")
    assert world.counters == ((0, 0) if matches else (1, 1))


@MODES
def test_no_match_restarts_the_set_for_the_earliest_job(jobs):
    world = workers(jobs, policy(5, rule("r", "FailJobSet", targets=["d"])))
    world.fail("a-w-1", time=2)
    world.fail("a-w-2", time=1)
    world.step()
    assert world.counters == (1, 1)
    assert world.first_failed == "a-w-2"


@MODES
def test_the_events_of_a_whole_set_restart_are_two_and_of_a_jobs_one(jobs):
    world = workers(jobs, policy(5, rule("r", "RestartJob", targets=["d"])))
    world.fail("a-w-1")
    world.settle()
    assert [say.reason for say in world.said] == ["DefaultFailurePolicy", "RestartJobSetFailurePolicyAction"]
    world.fail("a-d-0")
    world.settle()
    assert [say.reason for say in world.said][2:] == ["RestartJobFailurePolicyAction"]


@MODES
def test_the_event_of_a_rule_names_it(jobs):
    world = workers(jobs, policy(5, rule("disk", "RestartJobSet")))
    world.fail("a-w-1")
    world.settle()
    assert [say.reason for say in world.said] == ["FailurePolicy_disk", "RestartJobSetFailurePolicyAction"]


@MODES
def test_failed_and_completed_are_final(jobs):
    world = workers(jobs)
    world.fail("a-w-0")
    world.settle()
    state = world.state["terminal"]
    world.condition("a-w-0", "Complete")
    world.settle()
    assert world.state["terminal"] == state


@MODES
def test_while_a_failed_job_is_left_no_job_is_made(jobs):
    world = workers(jobs, policy(5, rule("r", "RestartJob")))
    world.fail("a-w-0", time=1)
    world.fail("a-w-1", time=2)
    world.gone("a-w-2")
    world.step()
    assert "a-w-2" not in world.items


@MODES
def test_blocking_recreate_waits_with_a_single_job_too(jobs):
    world = workers(jobs, policy(5, rule("r", "RestartJob"), strategy="BlockingRecreate"))
    world.lingers = {"a-w-0"}
    world.fail("a-w-0")
    world.gone("a-w-2")
    world.settle()
    assert "a-w-2" not in world.items
    world.gone("a-w-0")
    world.settle()
    assert {"a-w-0", "a-w-2"} <= set(world.items)


@MODES
def test_a_job_that_has_decided_to_fail_counts_as_failed(jobs):
    world = workers(jobs, policy(5))
    world.condition("a-w-0", "FailureTarget", "BackoffLimitExceeded")
    world.settle()
    assert world.counters == (1, 1)


@MODES
def test_success_comes_before_a_failure_that_is_only_decided(jobs):
    world = workers(jobs, policy(5))
    world.plan["successPolicy"] = {"operator": "Any", "targets": []}
    world.complete("a-w-1")
    world.condition("a-w-0", "FailureTarget", "BackoffLimitExceeded")
    world.settle()
    assert world.outcome == "Completed AllJobsCompleted"


@MODES
def test_a_job_that_was_decided_to_fail_is_not_counted_again_when_it_has_failed(jobs):
    world = workers(jobs, policy(5))
    world.lingers = {"a-w-0"}
    world.condition("a-w-0", "FailureTarget", "BackoffLimitExceeded")
    world.settle()
    world.fail("a-w-0")
    world.settle()
    assert world.counters == (1, 1)


@MODES
def test_the_evidence_of_each_failure_is_kept_and_capped(jobs):
    world = workers(jobs, policy(100))
    for attempt in range(60):
        world.fail("a-w-0", "PodFailurePolicy", "é" * 600, time=attempt)
        world.settle()
    evidence = world.state["evidence"]
    assert len(evidence) == 50
    assert evidence[-1] == {
        "time": "2026-01-01T00:00:59Z",
        "attempt": 59,
        "job": "a-w-0",
        "action": "RestartJobSet",
        "rule": "",
        "reason": "PodFailurePolicy",
        "message": "é" * 256,
    }
