"""Generations, states that are lost, ends: what a run is, and what is left of it."""

from __future__ import annotations

import copy
import json

import pytest

from jobsetgen.runtime.watcher.contract import Create, Delete, Leave, Patch, Try
from jobsetgen.runtime.watcher.decide import decide
from jobsetgen.runtime.watcher.view import Job, Seen
from tests.unit.runtime.world import World, plan, policy, replicated_job

MODES = pytest.mark.parametrize("jobs", ["git", "watcher"])


def running(jobs: str, replicas: int = 2, **fields) -> World:
    world = World(plan(jobs, replicated_job("w", replicas), **{"failurePolicy": policy(3), **fields}))
    world.settle()
    return world


def next_plan(world: World, **fields) -> None:
    """Put a plan of another generation into Git."""
    text = json.dumps({**world.plan, **fields}).replace('"g1"', '"g2"')
    world.plan = json.loads(text)


def restarted(jobs: str) -> World:
    world = running(jobs)
    world.fail("a-w-0")
    world.settle()
    return world


def test_a_plan_without_its_jobs_holds_back_creation_for_a_minute_and_then_the_old_run_goes_on():
    world = running("git")
    next_plan(world)
    world.seen = {"offered_since": 0.0}
    world.now = 30.0
    world.fail("a-w-0")
    assert [action for action in world.settle() if isinstance(action, Create)] == []
    assert world.counters == (1, 1)
    world.now = 61.0
    made = [action for action in world.settle() if isinstance(action, Create)]
    assert len(made) == 2
    assert {
        item["spec"]["template"]["metadata"]["annotations"]["jobsetgen.io/generation"] for item in world.items.values()
    } == {"g1"}


def test_a_new_generation_begins_when_one_of_its_jobs_appears_with_every_counter_at_zero():
    world = restarted("git")
    next_plan(world)
    world.gone("a-w-0")
    world.apply()
    world.settle()
    assert world.state["generation"] == "g2"
    assert world.counters == (0, 0)


def test_jobs_of_another_generation_are_the_tools_to_replace_for_a_minute():
    world = running("git")
    next_plan(world)
    world.gone("a-w-0")
    world.apply()
    world.seen = {"running_since": 0.0}
    world.now = 59.0
    assert [action for action in world.settle() if isinstance(action, Delete)] == []
    world.now = 60.0
    assert [action.name for action in world.settle() if isinstance(action, Delete)] == ["a-w-1"]


def test_a_job_suspended_at_the_end_that_takes_a_new_generation_in_place_is_made_anew():
    world = running("git", failurePolicy=None)
    world.fail("a-w-0")
    world.settle()
    suspended = world.uids()["a-w-1"]
    next_plan(world)
    world.gone("a-w-0")
    world.apply()
    world.items["a-w-1"]["spec"]["template"]["metadata"]["annotations"]["jobsetgen.io/generation"] = "g2"
    actions = world.settle()
    assert Delete("a-w-1", suspended) in actions
    assert world.uids()["a-w-1"] != suspended
    assert world.outcome == ""


@pytest.mark.parametrize(("policy_name", "tries"), [("Recreate", True), ("OnRestart", False), ("Block", False)])
def test_only_recreate_asks_the_api_about_a_new_generation(policy_name, tries):
    world = running("watcher", updatePolicy=policy_name)
    next_plan(world)
    assert world.decide() == ([Try("g2")] if tries else [])
    assert world.state["generation"] == "g1"


def test_recreate_replaces_everything_once_the_api_has_nothing_against_it():
    world = running("watcher")
    before = world.uids()
    next_plan(world)
    world.seen = {"trial": ("g2", "")}
    world.settle()
    assert world.state["generation"] == "g2"
    assert not set(before.values()) & set(world.uids().values())


def test_recreate_leaves_the_old_run_alone_where_the_api_refuses_and_says_so():
    world = running("watcher")
    next_plan(world)
    world.seen = {"trial": ("g2", "422: no such image")}
    assert world.settle() == []
    assert ("UpdateRefused", "the old run goes on: 422: no such image") in {
        (say.reason, say.message) for say in world.said
    }


def test_the_watcher_of_a_finished_set_stays_while_the_next_generation_is_refused():
    """The reason may pass, such as a quota that is reached: nobody else would begin the next run."""
    world = running("watcher")
    world.complete("a-w-0", "a-w-1")
    next_plan(world)
    world.seen = {"trial": ("g2", "403: exceeded quota")}
    assert Leave(True) not in world.settle()
    world.seen = {"trial": ("g2", "")}
    world.settle()
    assert world.state["generation"] == "g2"


def test_a_trial_of_another_generation_says_nothing_about_this_one():
    world = running("watcher")
    next_plan(world)
    world.seen = {"trial": ("g0", "")}
    assert world.decide() == [Try("g2")]


def test_on_restart_takes_the_new_generation_up_with_the_next_restart_and_counts_on():
    world = running("watcher", updatePolicy="OnRestart")
    next_plan(world)
    world.settle()
    assert world.state["generation"] == "g1"
    world.fail("a-w-0")
    world.settle()
    assert world.state["generation"] == "g2"
    assert world.counters == (1, 1)
    assert {
        item["spec"]["template"]["metadata"]["annotations"]["jobsetgen.io/generation"] for item in world.items.values()
    } == {"g2"}


def test_a_finished_set_does_not_leave_while_an_offer_is_being_tried():
    world = running("watcher")
    world.complete("a-w-0", "a-w-1")
    world.step()
    next_plan(world)
    assert world.decide() == [Try("g2")]


def test_a_finished_set_does_not_leave_while_jobs_of_another_generation_are_on_their_way():
    world = running("git")
    world.complete("a-w-0", "a-w-1")
    world.step()
    next_plan(world)
    assert world.decide() == []


@MODES
def test_a_changed_rule_touches_no_job(jobs):
    world = running(jobs)
    world.plan = {**world.plan, "failurePolicy": policy(9)}
    assert world.settle() == []
    assert world.state["plan"]["failurePolicy"]["maxRestarts"] == 9


@MODES
def test_an_empty_state_goes_on_at_the_highest_attempt_all_of_it_counted(jobs):
    world = restarted(jobs)
    world.state = {}
    world.settle()
    assert world.counters == (1, 1)


def test_an_empty_state_replaces_jobs_of_an_older_attempt():
    world = running("watcher")
    old = copy.deepcopy(world.items["a-w-1"])
    world.fail("a-w-0")
    world.settle()
    world.items["a-w-1"] = old  # by a watcher that was frozen over the restart
    world.state = {}
    assert Delete("a-w-1", old["metadata"]["uid"]) in world.step()
    assert world.counters == (1, 1)


def test_a_plan_with_another_uid_begins_a_run():
    world = restarted("watcher")
    world.state["planUid"] = "another"
    world.settle()
    assert world.counters == (0, 0)


@MODES
def test_a_job_with_another_uid_is_current_whatever_its_labels(jobs):
    world = running(jobs)
    world.lingers = {"a-w-0", "a-w-1"}
    world.fail("a-w-0")
    world.settle()
    for name in ("a-w-0", "a-w-1"):
        world.gone(name)
    world.lingers = set()
    if jobs == "git":
        world.apply()  # the tool was faster, and its Jobs carry no attempt
        assert [action for action in world.settle() if isinstance(action, Delete | Create)] == []
        labels = [item["metadata"]["labels"]["jobset.sigs.k8s.io/restart-attempt"] for item in world.items.values()]
        assert labels == ["1", "1"]  # so that the number outlives a lost state
    world.settle()
    assert world.state["previous"] == []


def test_a_job_made_late_by_a_frozen_watcher_is_replaced():
    world = restarted("watcher")
    late = copy.deepcopy(world.items["a-w-1"])
    late["metadata"]["labels"]["jobset.sigs.k8s.io/restart-attempt"] = "0"
    late["metadata"]["uid"] = "late"
    world.items["a-w-1"] = late
    assert Delete("a-w-1", "late") in world.settle()


@MODES
def test_the_attempt_is_hidden_from_the_restart_on_until_nothing_old_is_left(jobs):
    world = running(jobs)
    assert world.state["attemptShown"]
    world.lingers = {"a-w-1"}
    world.fail("a-w-0")
    world.settle()
    assert not world.state["attemptShown"]
    world.gone("a-w-1")
    world.settle()
    assert world.state["attemptShown"]


@MODES
def test_what_still_runs_at_the_end_is_suspended_or_deleted_and_what_has_finished_is_kept(jobs):
    world = running(jobs, successPolicy={"operator": "Any", "targets": []})
    world.complete("a-w-0")
    actions = world.settle()
    if jobs == "git":
        assert [item["spec"].get("suspend", False) for item in world.items.values()] == [False, True]
        assert "jobsetgen.io/ended" in world.items["a-w-1"]["metadata"]["annotations"]
    else:
        assert list(world.items) == ["a-w-0"]
    assert actions[-1] == Leave(True)


def test_it_leaves_only_when_every_job_is_there_and_none_is_terminating():
    world = running("git", successPolicy={"operator": "Any", "targets": []})
    world.complete("a-w-0")
    world.items["a-w-1"]["metadata"]["deletionTimestamp"] = "now"
    assert Leave(True) not in world.settle()
    world.gone("a-w-1")
    actions = world.settle()
    assert Create("w", 1, "jobsetgen.io/ended") in actions
    assert actions[-1] == Leave(True)


def test_a_finished_job_that_terminates_is_waited_for():
    world = running("git")
    world.complete("a-w-0", "a-w-1")
    world.items["a-w-1"]["metadata"]["deletionTimestamp"] = "now"
    assert Leave(True) not in world.settle()


def test_a_job_that_is_failing_is_not_waited_for():
    world = running("git", failurePolicy=None)
    world.condition("a-w-0", "FailureTarget", "BackoffLimitExceeded")
    assert world.settle()[-1] == Leave(False)
    # Its pod may be on a node that is lost, and it then fails for good only when somebody gives up that node.
    assert "suspend" not in world.items["a-w-0"]["spec"]
    assert world.items["a-w-1"]["spec"]["suspend"]


def test_a_queued_job_is_ended_by_its_deadline():
    world = running("git", failurePolicy=None)
    world.items["a-w-1"]["metadata"]["labels"]["kueue.x-k8s.io/queue-name"] = "q"
    world.fail("a-w-0")
    actions = world.settle()
    uid = world.uids()["a-w-1"]
    assert Patch("a-w-1", uid, {"spec": {"activeDeadlineSeconds": 1}}) in actions
    assert "suspend" not in world.items["a-w-1"]["spec"]
    assert Leave(False) not in actions
    world.fail("a-w-1", "DeadlineExceeded")
    assert world.settle()[-1] == Leave(False)


def test_the_time_to_live_counts_from_the_end_of_the_set():
    world = running("watcher", ttlSecondsAfterFinished=100)
    world.complete("a-w-0", time=10)
    world.complete("a-w-1", time=70)
    world.settle()
    assert {name: item["spec"]["ttlSecondsAfterFinished"] for name, item in world.items.items()} == {
        "a-w-0": 160,
        "a-w-1": 100,
    }


@MODES
def test_a_decision_changes_nothing_that_it_was_given_and_is_the_same_each_time(jobs):
    world = restarted(jobs)
    world.fail("a-w-1")
    state = {**world.state, "plan": world.plan}
    before = json.dumps(state)
    made = {name: Job(item) for name, item in world.items.items()}
    turned = dict(reversed(made.items()))
    first, second = (decide(state, Seen(world.plan, "plan-uid", found, 0.0)) for found in (made, turned))
    assert json.dumps(state) == before
    assert first[0] == second[0]
    assert sorted(map(repr, first[1])) == sorted(map(repr, second[1]))
