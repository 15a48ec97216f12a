"""When a set is complete, and when which Job may start, be suspended, resumed or released."""

from __future__ import annotations

import pytest

from jobsetgen.runtime.watcher.contract import Create, Patch, Pod, Release
from jobsetgen.runtime.watcher.formats import mark_of
from tests.unit.runtime.world import World, plan, policy, replicated_job

MODES = pytest.mark.parametrize("jobs", ["git", "watcher"])


def success(jobs: str, operator: str, targets: list[str], replicas: int = 2) -> World:
    parts = replicated_job("w", replicas), replicated_job("d", 1)
    world = World(plan(jobs, *parts, successPolicy={"operator": operator, "targets": targets}))
    world.settle()
    return world


@MODES
@pytest.mark.parametrize(
    ("operator", "targets", "complete", "ends"),
    [
        ("All", [], ["a-w-0", "a-w-1"], False),
        ("All", [], ["a-w-0", "a-w-1", "a-d-0"], True),
        ("All", ["w"], ["a-w-0"], False),
        ("All", ["w"], ["a-w-0", "a-w-1"], True),
        ("All", ["w"], ["a-d-0"], False),
        ("Any", [], ["a-d-0"], True),
        ("Any", ["w"], ["a-d-0"], False),
        ("Any", ["w"], ["a-w-1"], True),
    ],
)
def test_the_success_policy(jobs, operator, targets, complete, ends):
    world = success(jobs, operator, targets)
    world.complete(*complete)
    world.settle()
    assert world.outcome == ("Completed AllJobsCompleted" if ends else "")


@MODES
def test_without_any_success_a_set_cannot_complete_even_with_no_replicas(jobs):
    world = World(plan(jobs, replicated_job("w", 0)))
    world.settle()
    assert world.outcome == ""


@MODES
def test_targets_without_replicas_complete_on_any_success(jobs):
    world = success(jobs, "All", ["w"], replicas=0)
    world.complete("a-d-0")
    world.settle()
    assert world.outcome == "Completed AllJobsCompleted"


def started(world: World, name: str) -> bool:
    if name not in world.items:
        return False
    gated = world.items[name]["metadata"]["labels"]["jobset.sigs.k8s.io/replicatedjob-name"]
    is_gated = next(each["gated"] for each in world.plan["replicatedJobs"] if each["name"] == gated)
    return not is_gated or name in world.noted("released")


@MODES
def test_several_dependencies_of_both_kinds_all_have_to_be_met(jobs):
    waits = [{"name": "w", "status": "Ready"}, {"name": "d", "status": "Complete"}]
    world = World(plan(jobs, replicated_job("w"), replicated_job("d"), replicated_job("e", dependsOn=waits)))
    world.settle()
    world.ready("a-w-0")
    world.settle()
    assert not started(world, "a-e-0")
    world.complete("a-d-0")
    world.settle()
    assert started(world, "a-e-0")


@MODES
def test_a_skipped_replicated_job_does_not_hold_back_later_ones(jobs):
    waits = [{"name": "w", "status": "Complete"}]
    world = World(plan(jobs, replicated_job("w"), replicated_job("d", dependsOn=waits), replicated_job("e")))
    world.settle()
    assert (started(world, "a-d-0"), started(world, "a-e-0")) == (False, True)


@MODES
@pytest.mark.parametrize("how", ["ready", "complete"])
def test_ready_counts_ready_and_succeeded_jobs(jobs, how):
    world = World(plan(jobs, replicated_job("w", 2), replicated_job("d", dependsOn=[{"name": "w", "status": "Ready"}])))
    world.settle()
    world.ready("a-w-0")
    getattr(world, how)("a-w-1")
    world.settle()
    assert started(world, "a-d-0")


@MODES
def test_a_job_is_ready_when_its_ready_and_succeeded_pods_are_all_its_pods(jobs):
    world = World(plan(jobs, replicated_job("w"), replicated_job("d", dependsOn=[{"name": "w", "status": "Ready"}])))
    world.settle()
    world.ready("a-w-0", pods=1)
    world.settle()
    assert not started(world, "a-d-0")
    world.items["a-w-0"]["status"]["succeeded"] = 1
    world.settle()
    assert started(world, "a-d-0")


@MODES
def test_in_order_goes_on_only_after_the_whole_replicated_job_has_started(jobs):
    world = World(plan(jobs, replicated_job("w", 2), replicated_job("d"), replicated_job("e"), startupOrder="InOrder"))
    world.settle()
    world.ready("a-w-0")
    world.settle()
    assert not started(world, "a-d-0")
    world.ready("a-w-1")
    world.settle()
    assert (started(world, "a-d-0"), started(world, "a-e-0")) == (True, False)


@MODES
def test_a_restart_applies_the_start_order_again(jobs):
    world = World(plan(jobs, replicated_job("w"), replicated_job("d"), startupOrder="InOrder", failurePolicy=policy(1)))
    world.settle()
    world.ready("a-w-0")
    world.settle()
    assert started(world, "a-d-0")
    world.fail("a-w-0")
    world.settle()
    assert not started(world, "a-d-0")


def test_a_suspended_in_order_set_makes_all_jobs_and_a_dependency_holds_all_the_same():
    world = World(plan("watcher", replicated_job("w"), replicated_job("d"), startupOrder="InOrder", suspend=True))
    world.settle()
    assert sorted(world.items) == ["a-d-0", "a-w-0"]
    waits = [{"name": "w", "status": "Ready"}]
    world = World(plan("watcher", replicated_job("w"), replicated_job("d", dependsOn=waits), suspend=True))
    world.settle()
    assert list(world.items) == ["a-w-0"]


@MODES
def test_deleting_a_child_by_hand_makes_it_again(jobs):
    world = World(plan(jobs, replicated_job("w", 2)))
    world.settle()
    world.gone("a-w-1")
    world.settle()
    assert sorted(world.items) == ["a-w-0", "a-w-1"]


def test_suspending_suspends_what_runs_where_the_watcher_owns_the_jobs_and_resuming_resumes_it():
    world = World(plan("watcher", replicated_job("w", 2)))
    world.settle()
    world.complete("a-w-0")
    world.plan = {**world.plan, "suspend": True}
    world.settle()
    assert [item["spec"].get("suspend", False) for item in world.items.values()] == [False, True]
    world.plan = {**world.plan, "suspend": False}
    world.settle()
    assert [item["spec"].get("suspend", False) for item in world.items.values()] == [False, False]


def test_where_git_owns_the_jobs_git_suspends_and_resumes_what_it_made():
    world = World(plan("git", replicated_job("w", 2)))
    world.settle()
    world.plan = {**world.plan, "suspend": True}
    assert [action for action in world.settle() if isinstance(action, Patch)] == []
    world.items["a-w-0"]["spec"]["suspend"] = True
    world.plan = {**world.plan, "suspend": False}
    assert [action for action in world.settle() if isinstance(action, Patch)] == []


@MODES
def test_a_queued_job_is_never_resumed(jobs):
    world = World(plan(jobs, replicated_job("w"), suspend=True))
    world.settle()
    world.items["a-w-0"]["metadata"]["labels"]["kueue.x-k8s.io/queue-name"] = "q"
    world.items["a-w-0"]["spec"]["suspend"] = True
    world.plan = {**world.plan, "suspend": False}
    assert [action for action in world.settle() if isinstance(action, Patch)] == []


@MODES
def test_a_queued_job_of_a_suspended_set_is_left_to_kueue(jobs):
    world = World(plan(jobs, replicated_job("w", 2), suspend=True))
    world.settle()
    for item in world.items.values():
        item["metadata"]["labels"]["kueue.x-k8s.io/queue-name"] = "q"
        item["spec"]["suspend"] = True
    world.settle()
    assert "KueueDecides" not in {say.reason for say in world.said}
    for item in world.items.values():
        item["spec"]["suspend"] = False
    assert [action for action in world.settle() if isinstance(action, Patch)] == []
    assert [say.reason for say in world.said].count("KueueDecides") > 0


def waiting(**fields) -> World:
    waits = {"dependsOn": [{"name": "w", "status": "Ready"}], **fields}
    world = World(plan("git", replicated_job("w"), replicated_job("d", **waits)))
    world.settle()
    return world


def test_pods_are_released_when_their_job_would_be_made_and_those_that_replace_them_at_once():
    world = waiting()
    pod = Pod("a-d-0-x", "p1", "a-d-0", mark_of(world.uids()["a-d-0"]), ("jobsetgen.io/startup", "other"))
    world.pods = (pod,)
    assert [action for action in world.settle() if isinstance(action, Release)] == []
    world.ready("a-w-0")
    assert Release(pod) in world.step()
    world.ready("a-w-0", pods=1)
    later = pod._replace(name="a-d-0-y", uid="p2")
    world.pods = (later,)
    assert Release(later) in world.step()


def test_a_release_ends_when_the_job_is_suspended_or_another_one():
    world = waiting()
    world.ready("a-w-0")
    world.settle()
    assert world.noted("released") == ["a-d-0"]
    world.items["a-d-0"]["spec"]["suspend"] = True
    world.settle()
    assert world.state["released"] == []


def test_the_deadline_of_a_gated_job_begins_with_its_release():
    world = waiting(activeDeadlineSeconds=600)
    assert "activeDeadlineSeconds" not in world.items["a-d-0"]["spec"]
    world.ready("a-w-0")
    world.settle()
    assert world.items["a-d-0"]["spec"]["activeDeadlineSeconds"] == 600


def test_the_deadline_of_a_gated_job_ends_with_its_release():
    world = waiting(activeDeadlineSeconds=600)
    world.ready("a-w-0")
    world.settle()
    world.items["a-d-0"]["spec"]["suspend"] = True
    world.settle()
    assert "activeDeadlineSeconds" not in world.items["a-d-0"]["spec"]


def test_under_blocking_recreate_nothing_is_released_beside_an_old_job():
    world = World(plan("git", replicated_job("w", 2), failurePolicy=policy(1, strategy="BlockingRecreate")))
    world.settle()
    assert len(world.state["released"]) == 2
    world.lingers = {"a-w-1"}
    world.fail("a-w-0")
    world.settle()
    world.apply()  # a tool that puts back at once
    world.settle()
    assert world.state["released"] == []
    world.gone("a-w-1")
    world.settle()
    assert len(world.state["released"]) == 2


def test_under_blocking_recreate_nothing_is_released_beside_a_pod_whose_job_a_tool_has_deleted():
    world = World(plan("git", replicated_job("w", 2), failurePolicy=policy(1, strategy="BlockingRecreate")))
    old = Pod("a-w-0-0-x", "p1", "a-w-0", mark_of("gone"), ())
    world.pods = (old, Pod("somebodys", "p2", "", "", ()))
    world.settle()
    assert world.state["released"] == []
    world.pods = world.pods[1:]
    world.settle()
    assert len(world.state["released"]) == 2


def test_under_blocking_recreate_nothing_is_released_beside_a_pod_of_a_job_that_the_tool_has_not_replaced_yet():
    world = World(plan("git", replicated_job("w", 2), failurePolicy=policy(1, strategy="BlockingRecreate")))
    old = world.items["a-w-1"]
    old["spec"]["template"]["metadata"]["annotations"]["jobsetgen.io/generation"] = "before"
    world.pods = (Pod("a-w-1-0-x", "p1", "a-w-1", mark_of(old["metadata"]["uid"]), ()),)
    world.settle()
    assert world.state["released"] == []
    assert world.said[-1].reason == "AwaitsPods"
    world.gone("a-w-1")
    world.pods = ()
    world.apply()
    world.settle()
    assert len(world.state["released"]) == 2


def test_a_job_that_nobody_has_applied_is_the_tools_to_make():
    world = World(plan("git", replicated_job("w", 3)))
    world.gone("a-w-2")
    world.now = 100.0
    actions = world.settle()
    assert [action for action in actions if isinstance(action, Create)] == []
    assert "NotApplied" in {say.reason for say in world.said}
