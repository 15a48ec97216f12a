"""What a row of the table of consequences claims, and how it is observed in a cluster.

Each check looks at objects, UIDs, pods and the watcher's counters; none asks the code under test.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import NamedTuple

from jobsetgen.diff import rows_of_jobs as of_jobs
from jobsetgen.diff import rows_of_objects as of_objects
from jobsetgen.diff import rows_of_sets as of_sets
from jobsetgen.diff.contexts import Context
from jobsetgen.diff.rows import Row
from tests.cluster.harness.changed_set import PLAN, ChangedSet, Snapshot, wait
from tests.cluster.oracles.tool_applies import Object
from tests.diff_scenarios import LATE, is_refused_watcher

QUIET = 5.0  # seconds in which a watcher that acts would have acted: it gets its news at once


# Changes that begin another generation, which the watcher's Job names.
NEW_GENERATIONS = (of_jobs.JOBS, of_jobs.RESPELLED, of_jobs.RUN)


class Change(NamedTuple):
    """A change that has been applied, for a row in a context.

    `state` is what the set was before: running, finished or suspended. `refused` are the messages of the tool.
    """

    it: ChangedSet
    row: Row
    context: Context
    state: str
    before: Snapshot
    refused: list[str]

    @property
    def has_tool(self) -> bool:
        """Whether a tool prunes and replaces."""
        return self.context.profile != "none"

    def generation(self, number: int) -> str:
        """Return the generation of the old state, 0, or the new one, 1."""
        return str(self.it.plan(number)["generation"])


def assert_claim(change: Change) -> None:
    """Assert that what the row says is what happens."""
    check = _BY_TRIGGER.get((change.row.trigger, change.row.id)) or _BY_ID[change.row.id]
    check(change)


# --- What several checks share ----------------------------------------------------------------------
def _stays(change: Change) -> None:
    """Nothing of the training is touched for a while, and counters stay."""
    time.sleep(QUIET)
    it, before = change.it, change.before
    assert it.uids() == before.jobs
    assert it.counters() == before.counters
    if change.state == "suspended":
        assert it.is_suspended()
    elif change.state == "running":
        assert it.is_running()


def _passes(change: Change) -> None:
    """Nothing is refused, except by kubectl the watcher's Job, where it names another generation."""
    it = change.it
    if not (is_refused_watcher(change.context) and change.row.trigger in NEW_GENERATIONS):
        assert change.refused == []
        return
    assert len(change.refused) == 1
    assert f'"{it.name}-restart-watcher" is invalid' in change.refused[0]
    assert it.watcher_uid() == change.before.watcher


def _is_as_new(change: Change) -> None:
    """Every object of the new state is there."""
    for item in change.it.objects(1):
        assert change.it.live(item) is not None, item["metadata"]["name"]


def _has_replaced_jobs(change: Change) -> None:
    """All Jobs are others, of the new generation, and the counters are at zero."""
    it, before = change.it, change.before
    old = set(before.jobs.values())
    wait(lambda: len(it.uids()) == 4 and not old & set(it.uids().values()), what="Jobs are replaced")
    wait(it.is_suspended if change.state == "suspended" else it.is_running, what="they run")
    wait(lambda: it.generations() == {change.generation(1)}, what="generation")
    wait(lambda: it.counters() == (0, 0), what="counters at zero")


def _until_gone(change: Change, item: Object) -> None:
    wait(lambda: change.it.live(item) is None, what=f"{item['metadata']['name']} goes")


# --- By id ------------------------------------------------------------------------------------------
def _recreates(change: Change) -> None:
    _passes(change)
    if change.state == "finished" and not change.has_tool:
        _needs_another_watcher(change)
        return
    assert change.state != "running" or change.before.counters == (1, 1)
    _has_replaced_jobs(change)


def _at_next_restart(change: Change) -> None:
    _passes(change)
    if change.state == "finished":
        _recreates(change)  # it has no next restart: it runs again
        return
    _stays(change)
    assert change.it.generations() == {change.generation(0)}
    change.it.restart()
    assert change.it.generations() == {change.generation(1)}


def _needs_another_watcher(change: Change) -> None:
    """The watcher has ended with its set, and kubectl brings another only when its Job is deleted."""
    it = change.it
    _stays(change)
    it.client.delete("jobs", it.job["metadata"]["name"], propagation="Foreground")
    wait(lambda: it.watcher_uid() == "", what="the watcher's Job goes")
    assert it.apply_new() == []
    _has_replaced_jobs(change)


def _not_taken_up(change: Change) -> None:
    _passes(change)
    _stays(change)
    if change.state == "running":
        change.it.restart()
    assert change.it.generations() == {change.generation(0)}


def _sync_fails(change: Change) -> None:
    assert change.refused != []
    _stays(change)


def _refused_late(change: Change) -> None:
    """The watcher brings back the old Jobs, and each further sync deletes them again; a valid state ends that."""
    it = change.it
    assert change.refused != []
    first = set(change.before.jobs.values())
    _has_old_jobs_again(change, first)
    second = set(it.uids().values())
    assert it.apply_new() != []
    _has_old_jobs_again(change, first | second)
    it.apply_old()
    wait(it.is_running, what="a valid state runs")
    _stays(change._replace(before=it.snapshot()))


def _has_old_jobs_again(change: Change, gone: set[str]) -> None:
    """Jobs of the old state run that are none of those that are gone, and the counters stay."""
    it = change.it
    wait(lambda: it.is_running() and not gone & set(it.uids().values()), what="old Jobs are back")
    assert it.generations() == {change.generation(0)}
    assert it.counters() == change.before.counters


def _suspends(change: Change) -> None:
    it, before = change.it, change.before
    _passes(change)
    wait(it.is_suspended, what="pods end")
    time.sleep(QUIET)
    assert it.is_suspended()
    assert (it.uids(), it.counters()) == (before.jobs, before.counters)


def _resumes(change: Change) -> None:
    it, before = change.it, change.before
    _passes(change)
    wait(it.is_running, what="pods run")
    assert (it.uids(), it.counters()) == (before.jobs, before.counters)


def _prunes(change: Change) -> None:
    """What is no longer in Git goes with a tool, and stays without one."""
    it = change.it
    gone = it.objects(0, only=True)
    assert gone
    if not change.has_tool:
        time.sleep(QUIET)
        assert all(it.live(item) for item in gone)
        return
    for item in gone:
        _until_gone(change, item)
    if it.new_name:
        _stays(change)
    else:
        wait(lambda: not it.jobs() and not it.active(), what="nothing is left")


def _deletes_data(change: Change) -> None:
    """Each claim that is no longer in Git goes when its pods have ended, and then its volume does."""
    it = change.it
    claims = [item for item in it.objects(0, only=True) if item["kind"] == "PersistentVolumeClaim"]
    assert claims
    for claim in claims:
        wait(lambda claim=claim: _is_going(it.live(claim)), what="claim goes")  # type: ignore[misc]
        # A claim goes only when no pod uses it any more, as at the end of the old run.
        it.client.delete_collection("jobs")
        _until_gone(change, claim)
        name = claim["metadata"]["name"]
        wait(lambda name=name: it.volume(name) is None, what="volume goes")  # type: ignore[misc]


def _is_going(item: Object | None) -> bool:
    return item is None or "deletionTimestamp" in item["metadata"]


def _creates(change: Change) -> None:
    _passes(change)
    added = change.it.objects(1, only=True)
    assert added
    _is_as_new(change)
    wait(change.it.is_running, what="the set runs")


def _in_place(change: Change) -> None:
    """What differs between the states is in the cluster, and no object is another one."""
    _passes(change)
    _assert_changed_fields(change)
    _stays(change)


def _assert_changed_fields(change: Change) -> None:
    """Every object that differs between the states is as the new one says, in the fields that it names."""
    old = {(item["kind"], item["metadata"]["name"]): item for item in change.it.objects(0)}
    changed = [item for item in change.it.objects(1) if item != old[item["kind"], item["metadata"]["name"]]]
    assert changed
    for item in changed:
        live = change.it.live(item) or {}
        assert _contains(live, item), item["metadata"]["name"]


def _contains(live: object, wanted: object) -> bool:
    """Whether what is stored has everything that was applied; what is stored as a default is more."""
    if wanted in (False, None, {}):
        return not live  # is not stored
    if isinstance(wanted, Mapping):
        return isinstance(live, Mapping) and all(_contains(live.get(key), each) for key, each in wanted.items())
    if isinstance(wanted, list):
        return isinstance(live, list) and len(live) == len(wanted) and all(map(_contains, live, wanted))
    return str(live) == str(wanted)


def _policy_only(change: Change) -> None:
    """The plan is the new one, and no Job is touched."""
    _passes(change)
    plan = next(item for item in change.it.objects(1) if item["metadata"]["name"].endswith(PLAN))
    assert (change.it.live(plan) or {})["data"] == plan["data"]
    _stays(change)


def _watcher_only(change: Change) -> None:
    _passes(change)
    assert change.it.watcher_uid() not in ("", change.before.watcher)
    _stays(change)
    change.it.restart()  # by the new watcher
    assert change.it.counters() == (2, 2)


def _ownership(change: Change) -> None:
    _passes(change)
    _is_as_new(change)


# --- By trigger, where a sentence says more ---------------------------------------------------------
def _kubectl_refuses_jobs(change: Change) -> None:
    """A set goes on as it is; when its Jobs are deleted, what was refused passes, and the set starts over."""
    _sync_fails(change)
    if change.has_tool:
        return
    change.it.delete_jobs()
    assert change.it.apply_new() == []
    _has_replaced_jobs(change)


def _watcher_is_refused(change: Change) -> None:
    """Training goes on; when the watcher's Job is deleted, the next apply passes."""
    it = change.it
    _sync_fails(change)
    assert it.watcher_uid() == change.before.watcher
    it.client.delete("jobs", it.job["metadata"]["name"], propagation="Foreground")
    wait(lambda: it.watcher_uid() == "", what="the watcher's Job goes")
    assert it.apply_new() == []
    _stays(change)


def _runs_again(change: Change) -> None:
    """The set runs again, but with OnRestart a running one only from its next restart."""
    if change.context.policy == "OnRestart":
        _at_next_restart(change)
    else:
        _recreates(change)


def _edited_alone(change: Change) -> None:
    """The edited Job is replaced as it was edited, the others go on, and no restart is counted."""
    it, before = change.it, change.before
    _passes(change)
    wait(it.is_running, what="all run")
    time.sleep(QUIET)
    after = it.uids()
    assert {name for name, uid in after.items() if uid != before.jobs[name]} == {"demo-workers-1"}
    images = {name: job["spec"]["template"]["spec"]["containers"][0]["image"] for name, job in it.jobs().items()}
    assert [image[-1] for _, image in sorted(images.items())] == ["1", "2", "1", "1"]
    assert it.counters() == before.counters
    assert it.is_running()


def _renamed(change: Change) -> None:
    """The set runs under the new name; the old one goes with a tool, and goes on without one."""
    it = change.it
    _passes(change)
    assert it.new_name != it.old_name
    wait(lambda: it.is_running(it.new_name), what="the new set runs")
    wait(lambda: it.counters() == (0, 0), what="counters of the new set")
    if change.has_tool:
        wait(lambda: not it.jobs(it.old_name) and not it.active(it.old_name), what="the old set goes")
    else:
        time.sleep(QUIET)
        assert it.uids(it.old_name) == change.before.jobs
        assert it.is_running(it.old_name)


def _taken_over(change: Change) -> None:
    """Jobs belong to the plan if the watcher creates them; if Git owns them, those that run go on and belong to nobody."""
    it = change.it
    _passes(change)
    owned = change.context.mode == "watcher"
    wait(lambda: {"ownerReferences" in job["metadata"] for job in it.jobs().values()} == {owned}, what="owner")
    wait(it.is_running, what="they run")
    if not owned:
        _stays(change)


def _handed_over(change: Change) -> None:
    """All Jobs are replaced."""
    it = change.it
    _passes(change)
    old = set(change.before.jobs.values())
    wait(lambda: len(it.uids()) == 4 and not old & set(it.uids().values()), what="Jobs are replaced")
    wait(it.is_running, what="they run")


def _profile_changes(change: Change) -> None:
    """Annotations of what is in Git are those of the new profile, and no Job is touched."""
    _passes(change)
    _assert_changed_fields(change)
    _stays(change)


def _limit_is_followed(change: Change) -> None:
    """The one restart that the new limit allows has been, so the next failure ends the set."""
    _policy_only(change)
    assert change.before.counters == (1, 1)
    change.it.fail()
    reason = "ReachedMaxRestarts"
    wait(lambda: (change.it.state().get("terminal") or {}).get("reason") == reason, what=reason)


def _retained(change: Change) -> None:
    """The claim and its volume stay, also when nothing uses them any more."""
    it = change.it
    (claim,) = (item for item in it.objects(0, only=True) if item["kind"] == "PersistentVolumeClaim")
    it.client.delete_collection("jobs")
    wait(lambda: not it.active(), what="pods end")
    time.sleep(QUIET)
    assert not _is_going(it.live(claim))
    assert it.volume(claim["metadata"]["name"]) is not None


def _limits_of_next_restart(change: Change) -> None:
    _passes(change)
    _stays(change)
    assert _limits(change) == {0}
    change.it.restart()
    assert _limits(change) == {1}


def _limits(change: Change) -> set[int]:
    return {job["spec"]["backoffLimit"] for job in change.it.jobs().values()}


def _labels_of_next_restart(change: Change) -> None:
    _passes(change)
    _stays(change)
    assert _teams(change) == {None}
    change.it.restart()
    assert _teams(change) == {"speech"}


def _teams(change: Change) -> set[str | None]:
    return {job["metadata"]["labels"].get("team") for job in change.it.jobs().values()}


def _claim_is_released(change: Change) -> None:
    """Without a tool the claim stays."""
    if change.has_tool:
        _deletes_data(change)
        return
    it = change.it
    (claim,) = (item for item in it.objects(0, only=True) if item["kind"] == "PersistentVolumeClaim")
    time.sleep(QUIET)
    assert not _is_going(it.live(claim))


def _foreign_job(change: Change) -> None:
    """The API refuses it; the set is not touched."""
    _sync_fails(change)
    assert any("prepare" in message for message in change.refused)


def _foreign_set(change: Change) -> None:
    """The API refuses it; the set is not touched."""
    _sync_fails(change)
    assert any("cache" in message for message in change.refused)


def _emptied(change: Change) -> None:
    """With a tool the training ends with what was pruned; without one all of it goes on."""
    _passes(change)
    if not change.has_tool:
        _stays(change)
        return
    _has_ended(change)
    assert change.it.watcher_uid() == ""


def _emptied_by_watcher(change: Change) -> None:
    """The watcher deletes the Jobs and stays. Where Git owns them and nothing prunes, all of it goes on."""
    if change.context.mode == "git":
        assert change.refused != []
        _stays(change)
        return
    _has_ended(change)
    assert change.it.watcher_uid() != ""


def _brought_back(change: Change) -> None:
    """The tool deletes the Jobs, and the watcher, to which no Job of another plan comes, goes on with the old one."""
    it, before = change.it, change.before
    _passes(change)
    old = set(before.jobs.values())
    wait(lambda: it.is_running() and not old & set(it.uids().values()), what="Jobs are back")
    assert it.generations() == {change.generation(0)}
    assert it.counters() == before.counters


def _ends_at_restart(change: Change) -> None:
    _passes(change)
    _stays(change)
    change.it.fail()
    _has_ended(change)


def _has_ended(change: Change) -> None:
    """No Job is left, and none comes back."""
    it = change.it
    wait(lambda: not it.jobs() and not it.active(), what="nothing is left")
    time.sleep(QUIET)
    assert not it.jobs()


def _named_otherwise(change: Change) -> None:
    """Jobs of both names run: those that a tool has deleted are still in the plan, and the watcher brings them back."""
    it, before = change.it, change.before
    _passes(change)
    wait(lambda: it.is_running(jobs=8), what="Jobs of both names run")
    time.sleep(QUIET)
    after = it.uids()
    assert set(after) == {*before.jobs, *(f"{name}-b" for name in before.jobs)}
    kept = {name for name, uid in before.jobs.items() if after[name] == uid}
    assert kept == (set() if change.has_tool else set(before.jobs))
    assert it.counters() == before.counters


def _loses_pods(change: Change) -> None:
    """The pods end, the Jobs stay, and no restart is counted."""
    it, before = change.it, change.before
    _passes(change)
    wait(lambda: not it.active(), what="pods end")
    time.sleep(QUIET)
    assert not it.active()
    assert (it.uids(), it.counters()) == (before.jobs, before.counters)


def _no_pods_after_restart(change: Change) -> None:
    it = change.it
    _passes(change)
    _stays(change)
    it.fail()
    wait(lambda: it.counters() == (2, 2), what="a restart is counted")
    old = set(change.before.jobs.values())
    wait(lambda: len(it.uids()) == 4 and not old & set(it.uids().values()), what="Jobs are replaced")
    time.sleep(QUIET)
    assert not it.active()


def _less_time(change: Change) -> None:
    """A Job that has run for less goes on; one that has run for longer fails, which is a restart like any other."""
    it = change.it
    _in_place(change)
    for job in it.jobs():
        it.client.patch("jobs", job, {"spec": {"activeDeadlineSeconds": 1}})
    wait(lambda: it.counters() == (2, 2), what="the failure policy restarts the set")
    assert it.state()["evidence"][-1]["reason"] == "DeadlineExceeded"


def _less_time_after_restart(change: Change) -> None:
    _passes(change)
    _stays(change)
    assert _of_specs(change, "activeDeadlineSeconds") == {None}
    change.it.restart()
    assert _of_specs(change, "activeDeadlineSeconds") == {LATE}


def _of_specs(change: Change, field: str) -> set[object]:
    return {job["spec"].get(field) for job in change.it.jobs().values()}


def _edited_plan(change: Change) -> None:
    """The Jobs stay until the next restart, which creates those of the plan."""
    _passes(change)
    _stays(change)
    assert _images(change) == {"1"}
    change.it.restart()
    assert _images(change) == {"2"}


def _images(change: Change) -> set[str]:
    """Return the last characters of the images."""
    pods = (job["spec"]["template"]["spec"] for job in change.it.jobs().values())
    return {pod["containers"][0]["image"][-1] for pod in pods}


Check = Callable[[Change], None]
_BY_ID: Mapping[str, Check] = {
    "deletes-data": _deletes_data,
    "sync-fails": _sync_fails,
    "refused-late": _refused_late,
    "recreates": _recreates,
    "runs-again": _recreates,
    "at-next-restart": _at_next_restart,
    "not-taken-up": _not_taken_up,
    "suspends": _suspends,
    "resumes": _resumes,
    "ownership": _ownership,
    "creates": _creates,
    "prunes": _prunes,
    "in-place": _in_place,
    "policy-only": _policy_only,
    "watcher-only": _watcher_only,
    "metadata-only": _in_place,
    "pass-through": _in_place,
}
_BY_TRIGGER: Mapping[tuple[str, str], Check] = {
    (of_jobs.JOBS, "sync-fails"): _kubectl_refuses_jobs,
    (of_jobs.RESPELLED, "sync-fails"): _kubectl_refuses_jobs,
    (of_jobs.EDITED, "recreates"): _edited_alone,
    (of_jobs.RUN, "sync-fails"): _kubectl_refuses_jobs,
    (of_jobs.RUN, "runs-again"): _runs_again,
    (of_jobs.LIMITS_OF_JOBS, "at-next-restart"): _limits_of_next_restart,
    (of_jobs.JOB_METADATA, "at-next-restart"): _labels_of_next_restart,
    (of_jobs.EMPTIED, "prunes"): _emptied,
    (of_jobs.EMPTIED_BESIDE, "prunes"): _emptied_by_watcher,
    (of_jobs.EMPTIED_BESIDE, "recreates"): _brought_back,
    (of_jobs.EMPTIED_BESIDE, "at-next-restart"): _ends_at_restart,
    (of_jobs.NAMES, "recreates"): _named_otherwise,
    (of_jobs.NAMES, "creates"): _named_otherwise,
    (of_jobs.STOPPED, "suspends"): _loses_pods,
    (of_jobs.STOPPED, "at-next-restart"): _no_pods_after_restart,
    (of_jobs.DEADLINE, "in-place"): _less_time,
    (of_jobs.DEADLINE, "at-next-restart"): _less_time_after_restart,
    (of_jobs.PLAN, "at-next-restart"): _edited_plan,
    (of_sets.RENAMED, "recreates"): _renamed,
    (of_sets.RENAMED, "creates"): _renamed,
    (of_sets.NAMED_ANEW, "runs-again"): _renamed,
    (of_sets.MODE, "ownership"): _taken_over,
    (of_sets.HANDED_OVER, "recreates"): _handed_over,
    (of_sets.PROFILE, "ownership"): _profile_changes,
    (of_sets.POLICY, "policy-only"): _limit_is_followed,
    (of_objects.CLAIM_REMOVED, "prunes"): _claim_is_released,
    (of_objects.CLAIM_RELEASED, "ownership"): _retained,
    (of_objects.WATCHER_CHANGED, "sync-fails"): _watcher_is_refused,
    (of_objects.FOREIGN_JOB, "sync-fails"): _foreign_job,
    (of_objects.FOREIGN_IMMUTABLE, "sync-fails"): _foreign_set,
}
