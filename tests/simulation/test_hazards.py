"""Everything that may go wrong around a restart, each by itself: nothing is miscounted, lost, or run again."""

from __future__ import annotations

import json

import pytest

from jobsetgen.runtime.watcher.api import ApiError
from jobsetgen.runtime.watcher.contract import A_JOB, LAST_APPLIED, PATIENCE
from tests.simulation.cluster import RefusedError, conditions, uid
from tests.simulation.gitops import TRACKING
from tests.simulation.training import Killed, Training, spec

MODES = pytest.mark.parametrize("jobs", ["git", "watcher"])
WORKERS = spec({"workers": "replicas: 3"}, failurePolicy="{maxRestarts: 3}")
BLOCKING = spec({"workers": "replicas: 2"}, failurePolicy="{maxRestarts: 3, restartStrategy: BlockingRecreate}")
NAMES = ["train-workers-0", "train-workers-1", "train-workers-2"]
FIX = WORKERS.replace("train:1", "train:2")


def running(text: str = WORKERS, **settings: object) -> Training:
    """Return a set that runs."""
    training = Training(text, **settings)
    training.settle()
    return training


def restarts(training: Training) -> tuple[int, int]:
    state = training.state
    return state["restarts"], state["countedRestarts"]


def images(training: Training) -> set[str]:
    jobs = training.cluster.jobs().values()
    return {job["spec"]["template"]["spec"]["containers"][0]["image"] for job in jobs}


def requests_of_a_restart(jobs: str) -> int:
    """Return how many requests it takes from a failure until everything is quiet."""
    training = running(jobs=jobs)
    begin = len(training.cluster.requests)
    training.cluster.fail("train-workers-1")
    training.settle()
    return len(training.cluster.requests) - begin


@MODES
@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_at_every_single_request_of_a_restart(jobs, when):
    for fatal in range(1, requests_of_a_restart(jobs) + 1):
        training = running(jobs=jobs)
        calls = 0

        def die(method: str, path: str, fatal: int = fatal) -> None:
            nonlocal calls
            calls += 1
            if calls == fatal:
                raise Killed

        setattr(training.cluster, when, die)
        training.cluster.fail("train-workers-1")
        before = training.names()
        training.settle()
        assert restarts(training) == (1, 1), fatal
        assert training.running() == NAMES, fatal
        assert not set(before.values()) & set(training.names().values()), fatal


@MODES
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("status", [0, 409, 410, 429, 500])
def test_an_error_at_every_single_request_of_a_restart(jobs, when, status):
    for bad in range(1, requests_of_a_restart(jobs) + 1):
        training = running(jobs=jobs)
        calls = 0
        send = training.cluster.send

        def answer(method: str, path: str, body: bytes | None, kind: str, bad: int = bad, send=send):
            nonlocal calls
            calls += 1
            if calls != bad:
                return send(method, path, body, kind)
            if when == "after":
                send(method, path, body, kind)
            if status == 0:
                raise ConnectionResetError
            return status, {"retry-after": "1"}, json.dumps({"message": "no"}).encode()

        training.cluster.send = answer
        training.cluster.fail("train-workers-1")
        training.settle()
        assert restarts(training) == (1, 1), bad
        assert training.running() == NAMES, bad


@MODES
def test_a_watcher_frozen_after_its_list_wakes_when_another_has_restarted_the_set(jobs):
    training = running(jobs=jobs)
    training.cluster.fail("train-workers-1")
    frozen, other = training.watchers[0], training.watcher()
    listed = frozen.api.pages

    def freeze(plural, query):
        pages = list(listed(plural, query))
        if plural == "jobs":
            frozen.api.pages = listed
            training.watchers = [other]
            training.settle()
            training.cluster.fail("train-workers-0")
            training.settle()
        yield from pages

    frozen.api.pages = freeze
    frozen.step()
    training.watchers = [frozen, other]
    training.settle()
    assert restarts(training) == (2, 2)
    assert training.running() == NAMES


@MODES
def test_a_watcher_frozen_before_its_list_deletes_nothing_of_the_attempt_that_another_has_begun(jobs):
    training = running(jobs=jobs)
    training.cluster.fail("train-workers-1")
    frozen, other = training.watchers[0], training.watcher()
    refresh = frozen.cache.refresh

    def freeze(jobset):
        frozen.cache.refresh = refresh
        training.watchers = [other]
        training.settle()
        refresh(jobset)

    frozen.cache.refresh = freeze
    frozen.step()
    before = training.names()
    training.watchers = [frozen, other]
    training.settle()
    assert restarts(training) == (1, 1)
    assert training.running() == NAMES
    assert training.names() == before


@MODES
@pytest.mark.parametrize("request_of_it", ["DELETE", "POST"])
def test_a_watcher_frozen_in_the_middle_of_its_actions_does_no_harm_when_it_wakes(jobs, request_of_it):
    training = running(jobs=jobs)
    training.tool.heals = False
    frozen, other = training.watchers[0], training.watcher()
    made: list[dict[str, str]] = []

    def sleep(method: str, path: str) -> None:
        if method == request_of_it and "/jobs" in path and not made:
            made.append({})
            training.watchers = [other]
            training.settle()
            training.cluster.fail("train-workers-0")
            training.settle()
            made.append(training.names())

    training.cluster.before = sleep
    training.cluster.fail("train-workers-1")
    for _ in range(4):
        training.watchers = [frozen]
        training.round()
    training.watchers = [frozen, other]
    training.settle()
    assert made[1:] == [training.names()]
    assert restarts(training) == (2, 2)
    assert training.running() == NAMES


def made_while_one_goes_slowly(**settings):
    """Return how many Jobs are there anew, second by second, while another is held."""
    training = running(**settings)
    training.tool.heals = False
    training.cluster.slow = {"train-workers-0"}
    before = set(training.names().values())
    training.cluster.fail("train-workers-1")
    for _ in range(10):
        training.round()
        yield len(set(training.names().values()) - before)


@pytest.mark.parametrize("settings", [{"jobs": "watcher"}, {"jobs": "git", "gitops": "none"}])
def test_new_jobs_wait_for_old_ones_that_go_but_only_a_moment(settings):
    made = list(made_while_one_goes_slowly(**settings))
    assert sorted(set(made)) == [0, 2]
    assert PATIENCE <= made.index(2) <= PATIENCE + 1


def test_new_jobs_wait_longer_where_many_old_ones_go():
    training = running(WORKERS.replace("replicas: 3", "replicas: 200"), jobs="watcher")
    training.cluster.slow = {"train-workers-0"}
    before = set(training.names().values())
    training.cluster.fail("train-workers-1")
    seconds = 0
    while not set(training.names().values()) - before:
        training.round()
        seconds += 1
    assert 200 * A_JOB <= seconds <= 200 * A_JOB + 2


def test_new_jobs_are_made_at_once_where_a_tool_would_put_them_back():
    made = list(made_while_one_goes_slowly(jobs="git"))
    assert made.index(2) < PATIENCE


def test_a_service_is_put_back_while_jobs_wait():
    training = running(jobs="git", gitops="none")
    training.tool.heals = False
    training.cluster.slow = {"train-workers-0"}
    training.cluster.fail("train-workers-1")
    training.round()
    assert training.state["restarts"] == 1
    training.cluster.delete("services", "train")
    training.round()
    training.round()
    assert training.cluster.of("services").keys() == {"train"}
    assert training.names().keys() == {"train-workers-0"}


def test_what_watches_bring_is_gone_through_with_no_watch_in_between():
    training = running(jobs="watcher")
    watcher = training.watchers[0]
    watcher.cache.follows = {"configmaps", "jobs"}
    watcher.step()

    class Guarded(dict):
        """Fails who goes through it while a watch may change it."""

        def __iter__(self):
            assert watcher.cache.lock._is_owned()
            return super().__iter__()

        def values(self):
            assert watcher.cache.lock._is_owned()
            return super().values()

    watcher.cache.jobs = Guarded(watcher.cache.jobs)
    training.cluster.fail("train-workers-1")
    watcher.cache.take_in("jobs", "MODIFIED", training.cluster.get("jobs", "train-workers-1"))
    for _ in range(3):
        watcher.step()
    assert training.state["restarts"] == 1


@MODES
def test_a_watcher_whose_plan_is_gone_waits_for_news_of_it(jobs):
    training = running(jobs=jobs)
    watcher = training.watchers[0]
    training.cluster.fail("train-workers-1")
    watcher.step()
    assert watcher.pause == 0
    training.cluster.delete("configmaps", "train-restart-plan")
    watcher.step()
    assert watcher.pause > 0


@MODES
def test_a_job_that_is_going_is_not_deleted_again_before_a_watch_says_that_it_goes(jobs):
    training = running(jobs=jobs)
    watcher, deleted = training.watchers[0], []
    watcher.cache.follows = {"configmaps", "jobs"}  # watches that bring nothing but what is taken in here
    watcher.step()
    training.cluster.fail("train-workers-1")
    watcher.cache.take_in("jobs", "MODIFIED", training.cluster.get("jobs", "train-workers-1"))
    training.cluster.before = lambda method, path: deleted.append(path) if method == "DELETE" else None
    for _ in range(3):
        watcher.step()
    assert len(deleted) == len(set(deleted)) == 3


def test_a_watcher_frozen_before_it_suspends_leaves_the_jobs_of_the_next_generation_alone():
    training = running(spec({"workers": "replicas: 3"}, failurePolicy="{maxRestarts: 0}"))
    frozen = training.watchers[0]
    asleep = [False]

    def sleep(method: str, path: str) -> None:
        if method == "PATCH" and "/jobs/train-workers" in path and not asleep[0]:
            asleep[0] = True
            training.push(FIX)
            training.tool.sync()
            training.watchers = [training.watcher()]
            training.settle()

    training.cluster.before = sleep
    training.cluster.fail("train-workers-1")
    for _ in range(3):
        if not asleep[0]:
            frozen.step()
            training.cluster.tick()
    training.settle()
    assert asleep == [True]
    assert training.running() == NAMES
    assert images(training) == {"registry.example.com/train:2"}


@MODES
def test_two_watchers_at_once_count_once(jobs):
    training = running(jobs=jobs)
    training.watchers.append(training.watcher())
    training.cluster.fail("train-workers-1")
    training.settle()
    assert restarts(training) == (1, 1)


def test_a_job_that_is_made_while_its_set_is_taken_away_goes_with_the_plan():
    training = running()
    training.tool.heals = False
    taken = [False]

    def take_away(method: str, path: str) -> None:  # as Flux does it: each object once, while a request is on its way
        if method == "POST" and "/jobs?" in path and not taken[0]:
            taken[0] = True
            training.tool.push([])
            for plural, name in list(training.cluster.objects):
                training.cluster.delete(plural, name)

    training.cluster.before = take_away
    training.cluster.fail("train-workers-1")
    for _ in range(60):
        training.round()
    assert taken == [True]
    assert training.cluster.objects == {}


def test_a_plan_that_goes_later_leaves_the_jobs_that_were_made():
    training = running()
    training.tool.heals = False
    training.cluster.fail("train-workers-1")
    for _ in range(70):
        training.round()
    for name in ("plan", "state"):
        training.cluster.delete("configmaps", f"train-restart-{name}")
    training.round(watch=False)
    assert training.running() == NAMES


def owned(training) -> list[str]:
    return [name for name, job in sorted(training.cluster.jobs().items()) if job["metadata"].get("ownerReferences")]


def test_two_watchers_do_not_free_what_was_just_made():
    training = running()
    training.tool.heals = False
    training.watchers.append(training.watcher())
    for _ in range(60):
        training.round()
    training.cluster.fail("train-workers-1")
    for _ in range(10):
        training.round()
    assert owned(training) == NAMES
    for _ in range(40):
        training.round()
    assert owned(training) == []


def test_a_job_is_freed_by_its_own_age_whatever_others_are_made():
    training = running()
    training.tool.heals = False
    training.cluster.fail("train-workers-1")
    for second in range(100):
        training.round()
        if second % 10 == 9:  # somebody deletes another one again and again
            training.cluster.delete("jobs", "train-workers-2", foreground=True)
    assert "train-workers-0" not in owned(training)


def test_owners_of_others_stay():
    training = running()
    training.tool.heals = False
    training.cluster.fail("train-workers-1")
    for _ in range(10):
        training.round()
    other = {"apiVersion": "v1", "kind": "ConfigMap", "name": "train-restart-state"}
    other["uid"] = training.cluster.of("configmaps")["train-restart-state"]["metadata"]["uid"]
    job = training.cluster.objects["jobs", "train-workers-0"]
    job["metadata"]["ownerReferences"].append(other)
    for _ in range(60):
        training.round()
    assert training.cluster.jobs()["train-workers-0"]["metadata"]["ownerReferences"] == [other]


def test_a_set_whose_plan_was_deleted_amid_a_restart_comes_back():
    training = running()
    training.tool.heals = False
    training.cluster.fail("train-workers-1")
    for _ in range(10):
        training.round()
    plan = training.cluster.objects["configmaps", "train-restart-plan"]
    training.cluster.delete("configmaps", "train-restart-plan")
    for _ in range(5):
        training.round()
    meta = {key: value for key, value in plan["metadata"].items() if key not in ("uid", "resourceVersion")}
    training.cluster.create("configmaps", {**plan, "metadata": meta})
    for _ in range(30):
        training.round()
    assert training.running() == NAMES


def test_replicas_that_are_added_to_a_blocked_set_replace_nothing():
    training = running(update_policy="Block")
    before = training.names()
    training.push(training.text.replace("replicas: 3", "replicas: 4"), update_policy="Block")
    training.tool.sync()
    training.tool.heals = False  # Argo CD does not, after a sync that has failed
    for _ in range(100):
        training.round()
    assert {name: training.names()[name] for name in before} == before
    training.cluster.fail("train-workers-1")
    for _ in range(20):
        training.round()
    assert restarts(training) == (1, 1)


def test_jobs_that_are_given_back_to_git_are_watched():
    training = running(jobs="watcher")
    training.push(training.text, jobs="git")
    training.tool.sync()
    training.settle(200)
    training.cluster.fail("train-workers-1")
    training.settle(200)
    assert training.running() == NAMES
    assert restarts(training) == (1, 1)


def test_a_self_healer_that_is_always_faster():
    training = running()
    training.cluster.after = lambda method, path: training.tool.heal()
    training.cluster.fail("train-workers-1")
    training.settle()
    assert restarts(training) == (1, 1)
    assert training.running() == NAMES
    assert training.tool.is_synced()


@MODES
def test_a_pod_that_ends_for_ten_minutes(jobs):
    training = running(jobs=jobs)
    training.cluster.fail("train-workers-1")
    training.cluster.slow = {"train-workers-0"}
    for _ in range(600):
        training.round()
    old = uid(training.cluster.jobs()["train-workers-0"])
    assert restarts(training) == (1, 1)
    # The others do not wait for it; but where they read the attempt from the state, their containers do.
    assert training.running() == (["train-workers-0"] if jobs == "git" else NAMES)
    training.cluster.slow = set()
    training.settle()
    assert training.running() == NAMES
    assert uid(training.cluster.jobs()["train-workers-0"]) != old


@MODES
def test_blocking_recreate_waits_for_a_slow_pod(jobs):
    training = running(BLOCKING, jobs=jobs)
    training.cluster.slow = {"train-workers-0"}
    training.cluster.fail("train-workers-1")
    for _ in range(30):
        training.round()
    assert training.running() == ["train-workers-0"]
    training.cluster.slow = set()
    training.settle()
    assert training.running() == NAMES[:2]


def test_blocking_recreate_waits_for_the_pods_of_jobs_that_a_tool_has_replaced():
    training = running(BLOCKING)
    training.cluster.slow = {"train-workers-0"}
    begun = len(training.cluster.started)
    training.push(BLOCKING.replace("train:1", "train:2"))
    training.tool.sync()
    for _ in range(30):
        training.round()
    assert images(training) == {"registry.example.com/train:2"}
    assert training.cluster.started[begun:] == []
    training.cluster.slow = set()
    training.settle()
    assert training.running() == NAMES[:2]


@pytest.mark.parametrize("name", ["foreign", "train-foreign"])
def test_the_pods_of_a_foreign_job_hold_back_nothing(name):
    training = running(BLOCKING)
    foreign = training.cluster.get("jobs", "train-workers-0")
    foreign["metadata"] = {"name": name, "labels": foreign["metadata"]["labels"]}
    foreign["spec"]["template"]["spec"].pop("schedulingGates")
    training.cluster.create("jobs", foreign)
    training.settle()
    training.cluster.fail("train-workers-1")
    training.settle()
    assert restarts(training) == (1, 1)
    assert training.running() == sorted([name, *NAMES[:2]])


@MODES
def test_a_clock_that_is_an_hour_off_changes_nothing(jobs):
    training = running(jobs=jobs)
    shifts = [0.0, 0.0]
    training.watchers = [training.watcher(lambda place=place: shifts[place]) for place in range(2)]
    training.settle()
    shifts[:] = [3600.0, -3600.0]
    training.cluster.fail("train-workers-1")
    training.settle()
    assert restarts(training) == (1, 1)
    assert training.running() == NAMES


def test_a_fix_pushed_in_the_middle_of_a_restart_begins_a_run_of_its_own():
    for rounds in range(8):
        training = running()
        training.cluster.fail("train-workers-1")
        for _ in range(rounds):
            training.round()
        training.push(FIX)
        training.tool.sync()
        training.settle()
        assert images(training) == {"registry.example.com/train:2"}, rounds
        assert restarts(training) == (0, 0), rounds
        assert training.running() == NAMES, rounds
        assert training.tool.is_synced()


def test_a_plan_whose_jobs_the_tool_was_refused_goes_on_with_the_old_run():
    training = running()
    training.push(FIX)
    training.tool.sync(jobs=False)
    training.tool.heals = False
    training.settle()
    training.cluster.fail("train-workers-1")
    for _ in range(20):
        training.round()
    assert restarts(training) == (1, 1)
    assert training.running() == []  # held back: the Jobs of the plan may be on their way
    for _ in range(60):
        training.round()
    assert training.running() == NAMES
    assert images(training) == {"registry.example.com/train:1"}
    training.tool.sync()
    training.settle()
    assert images(training) == {"registry.example.com/train:2"}
    assert restarts(training) == (0, 0)


def test_a_failed_set_with_one_spec_fixed_runs_again_whole_also_what_was_suspended():
    text = spec({"driver": "replicas: 1", "workers": "replicas: 2"}, failurePolicy="{maxRestarts: 0}")
    training = running(text)
    training.cluster.fail("train-driver-0")
    training.settle()
    assert training.outcome == "Failed ReachedMaxRestarts"
    assert training.running() == []
    old = training.names()
    training.push(text.replace("train:1", "train:2", 1))
    training.exits.clear()
    training.tool.sync()
    training.settle()
    assert training.running() == ["train-driver-0", "train-workers-0", "train-workers-1"]
    assert not set(old.values()) & set(training.names().values())
    assert training.outcome == ""
    assert training.tool.is_synced()


@MODES
def test_a_state_that_is_deleted_goes_on_at_the_highest_attempt_all_of_it_counted(jobs):
    training = running(jobs=jobs)
    training.cluster.fail("train-workers-1")
    training.settle()
    training.cluster.delete("configmaps", "train-restart-state")
    training.settle()
    assert restarts(training) == (1, 1)
    assert training.running() == NAMES


@MODES
def test_a_state_that_is_deleted_in_the_middle_of_a_restart_loses_no_job(jobs):
    for rounds in range(6):
        training = running(jobs=jobs)
        training.cluster.fail("train-workers-1")
        training.settle()
        training.cluster.fail("train-workers-2")
        for _ in range(rounds):
            training.round()
        training.cluster.delete("configmaps", "train-restart-state")
        training.settle()
        assert training.running() == NAMES, rounds
        assert training.outcome == ""


def test_what_others_changed_after_the_build_is_kept_over_a_restart():
    training = Training(WORKERS)
    for name in NAMES:  # an image transformation of the tool
        job = training.tool.git["jobs", name]
        job["spec"]["template"]["spec"]["containers"][0]["image"] = "mirror.example.com/train:1"
        job["metadata"].setdefault("labels", {})["team"] = "vision"
        training.cluster.delete("jobs", name)
    training.cluster.tick()
    training.tool.sync()
    training.settle()
    training.tool.heals = False
    training.cluster.fail("train-workers-1")
    training.settle()
    assert restarts(training) == (1, 1)
    assert images(training) == {"mirror.example.com/train:1"}
    assert training.tool.is_synced()


def test_a_restart_keeps_the_tools_marks_to_the_byte():
    training = running()
    training.tool.heals = False
    marks = {name: job["metadata"]["annotations"] for name, job in training.cluster.jobs().items()}
    training.cluster.fail("train-workers-1")
    training.settle()
    for name, job in training.cluster.jobs().items():
        for mark in (TRACKING, LAST_APPLIED):
            assert job["metadata"]["annotations"][mark] == marks[name][mark]


@pytest.mark.parametrize("text", ["{", '{"a":{"$slot":"nope"}}', '{"a":{"$text":5}}', '{"$slot":[1]}', "[" * 6_000])
def test_a_last_applied_annotation_that_is_no_json_or_looks_like_slots_stops_nothing(text):
    training = Training(WORKERS)
    training.tool.heals = False
    for job in training.cluster.jobs().values():
        job["metadata"]["annotations"][LAST_APPLIED] = text
    training.settle()
    training.cluster.fail("train-workers-1")
    training.settle()
    assert restarts(training) == (1, 1)
    assert training.running() == NAMES


@pytest.mark.parametrize(
    ("plain", "other"), [('"parallelism":2', '"parallelism":2.0'), ('"backoffLimit":0', '"backoffLimit":false')]
)
def test_a_last_applied_annotation_in_other_forms_of_the_same_values_is_kept_to_the_byte(plain, other):
    training = Training(WORKERS)
    training.tool.heals = False
    for job in training.cluster.jobs().values():
        annotations = job["metadata"]["annotations"]
        assert plain in annotations[LAST_APPLIED]
        annotations[LAST_APPLIED] = annotations[LAST_APPLIED].replace(plain, other)
    training.settle()
    training.cluster.fail("train-workers-1")
    training.settle()
    assert restarts(training) == (1, 1)
    assert all(other in job["metadata"]["annotations"][LAST_APPLIED] for job in training.cluster.jobs().values())


def test_a_sync_after_a_restart_replaces_nothing():
    training = running()
    training.cluster.fail("train-workers-1")
    training.settle()
    before = training.names()
    training.tool.sync()
    training.settle()
    assert training.names() == before


@MODES
def test_nothing_is_made_once_the_namespace_ends(jobs):
    for rounds in range(6):
        training = running(jobs=jobs)
        training.cluster.fail("train-workers-1")
        for _ in range(rounds):
            training.round()
        training.cluster.terminating = True
        for key in list(training.cluster.objects):
            if key[0] != "pods" and key in training.cluster.objects:
                training.cluster.delete(*key)
        for _ in range(20):
            try:
                training.round()
            except RefusedError:
                raise AssertionError("the tool may not be asked") from None
        assert training.cluster.objects == {}, rounds


@MODES
@pytest.mark.parametrize("gone", ["plan", "state", "job"])
def test_nothing_is_made_without_the_plan_the_state_or_the_own_job(jobs, gone):
    training = running(jobs=jobs)
    training.tool.heals = False
    watcher = training.watchers[0]
    key = ("jobs", "train-restart-watcher") if gone == "job" else ("configmaps", f"train-restart-{gone}")
    kept = training.cluster.objects.pop(key)
    for name in NAMES:
        training.cluster.delete("jobs", name, foreground=True)
    for _ in range(20):
        watcher.step()
        training.cluster.tick()
    assert training.cluster.jobs() == {}
    assert kept


@MODES
def test_a_watcher_whose_job_was_replaced_makes_nothing(jobs):
    training = running(jobs=jobs)
    training.tool.heals = False
    old = training.watchers[0]
    training.cluster.objects["jobs", "train-restart-watcher"]["metadata"]["uid"] = "another"
    training.cluster.delete("jobs", "train-workers-0", foreground=True)
    for _ in range(10):
        old.step()
        training.cluster.tick()
    assert "train-workers-0" not in training.cluster.jobs()


def test_nothing_comes_back_after_the_watcher_has_left():
    training = running(spec({"workers": "replicas: 3"}, successPolicy="{operator: Any}"))
    training.cluster.complete("train-workers-1")
    training.cluster.slow = {"train-workers-2"}
    training.cluster.delete("jobs", "train-workers-2", foreground=True)
    for _ in range(10):
        training.round()
    assert training.exits == []  # one Job is still being deleted, and the tool would put it back
    training.cluster.slow = set()
    training.settle()
    assert training.exits == [0]
    training.cluster.started.clear()
    for _ in range(100):
        training.round()
    assert training.running() == []
    assert training.cluster.started == []


@MODES
def test_suspending_and_resuming_keeps_finished_jobs_and_the_counters(jobs):
    training = running(jobs=jobs)
    training.cluster.fail("train-workers-1")
    training.settle()
    training.cluster.complete("train-workers-2")
    training.settle()
    before = training.names()
    suspended = WORKERS.replace("spec:\n", "spec:\n  suspend: true\n", 1)
    training.push(suspended)
    training.tool.sync()
    training.settle()
    assert training.running() == []
    training.push(WORKERS)
    training.tool.sync()
    training.settle()
    assert training.names() == before
    assert training.running() == NAMES[:2]
    assert restarts(training) == (1, 1)


@MODES
def test_a_failure_while_suspended_restarts_into_suspended_jobs_that_resume(jobs):
    training = running(jobs=jobs)
    training.push(WORKERS.replace("spec:\n", "spec:\n  suspend: true\n", 1))
    training.tool.sync()
    training.settle()
    training.cluster.fail("train-workers-1")
    training.settle()
    assert restarts(training) == (1, 1)
    assert sorted(training.names()) == NAMES
    assert training.running() == []
    training.push(WORKERS)
    training.tool.sync()
    training.settle()
    assert training.running() == NAMES


@MODES
def test_driver_first_then_workers(jobs):
    order = "replicas: 2, dependsOn: [{name: driver, status: Ready}]"
    text = spec({"driver": "replicas: 1", "workers": order}, failurePolicy="{maxRestarts: 1}")
    training = Training(text, jobs=jobs)
    training.round()
    assert "train-workers-0" not in training.running()
    training.settle()
    assert training.running() == ["train-driver-0", "train-workers-0", "train-workers-1"]
    training.cluster.fail("train-workers-0")
    training.settle()
    assert restarts(training) == (1, 1)
    assert training.running() == ["train-driver-0", "train-workers-0", "train-workers-1"]


@MODES
def test_the_set_is_complete_when_the_named_replicated_job_is_and_the_driver_still_runs(jobs):
    policy = "{operator: All, targetReplicatedJobs: [workers]}"
    training = running(spec({"driver": "replicas: 1", "workers": "replicas: 2"}, successPolicy=policy), jobs=jobs)
    training.cluster.complete("train-workers-0")
    training.settle()
    assert training.outcome == ""
    training.cluster.complete("train-workers-1")
    training.settle()
    assert training.outcome == "Completed AllJobsCompleted"
    assert training.running() == []


@MODES
def test_failed_indexes_is_a_reason_that_a_rule_can_name(jobs):
    rules = "{maxRestarts: 3, rules: [{name: bad, action: FailJobSet, onJobFailureReasons: [FailedIndexes]}]}"
    training = running(spec({"workers": "replicas: 3"}, failurePolicy=rules), jobs=jobs)
    training.cluster.fail("train-workers-1", "FailedIndexes")
    training.settle()
    assert training.outcome == "Failed FailJobSetFailurePolicyAction"


def test_a_queued_job_is_ended_by_its_deadline_and_never_resumed():
    text = spec({"workers": "replicas: 2"}, failurePolicy="{maxRestarts: 0}")
    labels = "template: {metadata: {labels: {kueue.x-k8s.io/queue-name: q}}, spec:"
    training = running(text.replace("template: {spec:", labels, 1))
    training.cluster.fail("train-workers-1")
    training.settle()
    job = training.cluster.jobs()["train-workers-0"]
    assert conditions(job) == {"Failed"}
    assert not job["spec"]["suspend"]


def test_a_set_that_kueue_admits_and_evicts_is_suspended_and_resumed_by_kueue_alone():
    text = WORKERS.replace(
        "template: {spec:", "template: {metadata: {labels: {kueue.x-k8s.io/queue-name: q}}, spec:", 1
    )
    suspended = text + "  suspend: true\n"
    training = running(suspended, jobs="watcher")
    assert training.running() == []

    def admit(*, is_admitted: bool) -> None:
        for job in training.cluster.jobs().values():
            job["spec"]["suspend"] = not is_admitted
        training.settle()

    admit(is_admitted=True)
    assert training.running() == NAMES
    for pushed in (text, suspended):
        training.push(pushed)
        training.tool.sync()
        training.settle()
        assert training.running() == NAMES
    assert "KueueDecides" in reasons(training)
    admit(is_admitted=False)
    assert training.running() == []
    training.push(text)
    training.tool.sync()
    training.settle()
    assert training.running() == []


@pytest.mark.parametrize("policy", ["Recreate", "OnRestart", "Block"])
def test_update_policies_where_the_watcher_owns_the_jobs(policy):
    training = running(jobs="watcher", update_policy=policy)
    old = training.names()
    training.push(FIX)
    training.tool.sync()
    training.settle()
    new = {"Recreate": {"registry.example.com/train:2"}}.get(policy, {"registry.example.com/train:1"})
    assert images(training) == new
    assert (training.names() == old) == (policy != "Recreate")
    training.cluster.fail("train-workers-1")
    training.settle()
    assert images(training) == (
        {"registry.example.com/train:1"} if policy == "Block" else {"registry.example.com/train:2"}
    )
    assert training.state["restarts"] == 1


def test_an_update_that_the_api_refuses_leaves_the_old_run_alone():
    training = running(jobs="watcher")
    create = training.cluster.create

    def refuse(plural, item, dry_run=False):
        if dry_run:
            raise RefusedError(422, "the image is not allowed")
        return create(plural, item, dry_run)

    training.cluster.create = refuse
    old = training.names()
    training.push(FIX)
    training.tool.sync()
    training.settle()
    assert training.names() == old
    assert "UpdateRefused" in {event["reason"] for event in training.cluster.of("events").values()}


def test_a_lost_ttl_is_kept_by_the_job_controller_from_the_end_of_the_set_on():
    text = spec({"workers": "replicas: 2"}, ttlSecondsAfterFinished="100")
    training = running(text, jobs="watcher")
    training.cluster.complete("train-workers-0")
    for _ in range(30):
        training.round()
    training.cluster.complete("train-workers-1")
    training.settle()
    left = {name: job["spec"]["ttlSecondsAfterFinished"] for name, job in training.cluster.jobs().items()}
    assert left["train-workers-1"] == 100
    assert left["train-workers-0"] > 125


@MODES
def test_a_list_that_fails_on_its_way_is_made_again_before_anything_is_decided(jobs):
    training = running(WORKERS.replace("maxRestarts: 3", "maxRestarts: 1"), jobs=jobs)
    training.tool.heals = False
    watcher = training.watchers[0]
    watcher.cache.follows = {"configmaps", "jobs", "pods"}
    watcher.cache.stale.set()
    watcher.step()
    training.cluster.slow |= set(NAMES)
    training.cluster.fail("train-workers-1")
    watcher.cache.stale.set()
    watcher.step()
    previous = training.previous
    send = training.cluster.send

    def busy(method: str, path: str, body: bytes | None, kind: str):
        if method == "GET" and "/jobs?" in path:
            return 429, {}, b"{}"
        return send(method, path, body, kind)

    training.cluster.send = busy
    watcher.cache.stale.set()
    with pytest.raises(ApiError):
        watcher.step()
    training.cluster.send = send
    for _ in range(3):
        watcher.step()
    assert training.previous == previous == NAMES
    assert (restarts(training), training.outcome) == ((1, 1), "")


def test_a_text_that_names_one_job_names_it_after_a_restart_of_all():
    master = "{name: MASTER_ADDR, value: train-workers-0-0.train}"
    training = Training(WORKERS.replace("env: [", f"env: [{master}, "))
    training.tool.heals = False
    for name in NAMES:  # an image transformation of the tool puts the whole list of containers into the difference
        job = training.tool.git["jobs", name]
        job["spec"]["template"]["spec"]["containers"][0]["image"] = "mirror.example.com/train:1"
        training.cluster.delete("jobs", name)
    training.cluster.tick()
    training.tool.sync()
    training.settle()
    marks = {name: job["metadata"]["annotations"][LAST_APPLIED] for name, job in training.cluster.jobs().items()}
    training.cluster.fail("train-workers-1")
    training.settle()
    live = training.cluster.jobs()
    found = {job["spec"]["template"]["spec"]["containers"][0]["env"][0]["value"] for job in live.values()}
    assert found == {"train-workers-0-0.train"}
    assert images(training) == {"mirror.example.com/train:1"}
    assert {name: job["metadata"]["annotations"][LAST_APPLIED] for name, job in live.items()} == marks
    assert training.tool.is_synced()


@MODES
def test_restarts_of_single_jobs_outlive_a_lost_state(jobs):
    rules = "{maxRestarts: 1, rules: [{name: r, action: RestartJob}]}"
    training = running(spec({"workers": "replicas: 3"}, failurePolicy=rules), jobs=jobs)
    training.tool.heals = False
    training.cluster.fail("train-workers-1")
    training.settle()
    del training.cluster.of("configmaps")["train-restart-state"]["data"]
    training.settle()
    assert training.state["jobRestarts"] == {"train-workers-1": [1, 1]}
    training.cluster.fail("train-workers-1")
    training.settle()
    assert training.outcome == "Failed ReachedMaxRestarts"


def test_restarts_of_single_jobs_that_a_tool_has_put_back_outlive_a_lost_state():
    rules = "{maxRestarts: 1, rules: [{name: r, action: RestartJob}]}"
    training = running(spec({"workers": "replicas: 3"}, failurePolicy=rules))
    training.cluster.fail("train-workers-1")
    training.cluster.after = lambda method, path: training.tool.heal()  # faster than the watcher
    training.settle()
    made = training.cluster.jobs()["train-workers-1"]
    assert "jobset.sigs.k8s.io/job-restart-attempt" not in made["spec"]["template"]["metadata"]["labels"]
    del training.cluster.of("configmaps")["train-restart-state"]["data"]
    training.settle()
    assert training.state["jobRestarts"] == {"train-workers-1": [1, 1]}
    assert training.tool.is_synced()
    training.cluster.fail("train-workers-1")
    training.settle()
    assert training.outcome == "Failed ReachedMaxRestarts"


@pytest.mark.parametrize("index", [7, 10**13])
def test_a_job_that_the_set_does_not_have_is_not_counted(index):
    training = running()
    training.tool.heals = False
    copy = json.loads(json.dumps(training.cluster.jobs()["train-workers-0"]))
    labels = {**copy["metadata"]["labels"], "jobset.sigs.k8s.io/job-index": str(index)}
    copy["metadata"] = {"name": f"train-workers-{index}", "labels": labels}
    del copy["status"]
    training.cluster.create("jobs", copy)
    training.cluster.tick()
    for name in (*NAMES[:2], copy["metadata"]["name"]):
        training.cluster.complete(name)
    training.settle()
    assert training.outcome == ""


def test_a_copy_under_another_name_does_not_say_what_restarts_run():
    training = running()
    copy = json.loads(json.dumps(training.cluster.jobs()["train-workers-0"]))
    copy["metadata"] = {"name": "debug", "labels": copy["metadata"]["labels"]}
    copy["spec"]["template"]["spec"]["containers"][0]["image"] = "busybox:1"
    del copy["status"]
    training.cluster.create("jobs", copy)
    training.push(WORKERS.replace("backoffLimit: 0", "backoffLimit: 1"))
    training.tool.sync()
    training.settle()
    training.tool.heals = False
    training.cluster.fail("train-workers-1")
    training.settle()
    own = {training.cluster.jobs()[name]["spec"]["template"]["spec"]["containers"][0]["image"] for name in NAMES}
    assert own == {"registry.example.com/train:1"}


def test_a_change_in_place_of_git_is_kept_by_later_restarts():
    training = running()
    training.tool.heals = False
    training.push(WORKERS.replace("backoffLimit: 0", "backoffLimit: 5"))
    training.tool.sync(jobs=False)  # the plan comes first, and the watcher looks in between
    training.watchers[0].step()
    training.tool.sync()
    training.settle()
    training.cluster.fail("train-workers-1")
    training.settle()
    assert {job["spec"]["backoffLimit"] for job in training.cluster.jobs().values()} == {5}
    assert training.tool.is_synced()


def test_a_refusal_in_passing_does_not_end_an_update():
    training = running(jobs="watcher")
    training.push(FIX)
    send = training.cluster.send

    def refuse(method: str, path: str, body: bytes | None, kind: str):
        return (403, {}, b"{}") if "dryRun" in path else send(method, path, body, kind)

    training.cluster.send = refuse
    training.tool.sync()
    training.settle()
    assert images(training) == {"registry.example.com/train:1"}
    training.cluster.send = send
    for _ in range(70):
        training.round()
    assert images(training) == {"registry.example.com/train:2"}


def test_one_job_that_may_not_be_changed_does_not_hold_up_the_others():
    training = running()
    training.tool.heals = False
    training.cluster.fail("train-workers-1")
    training.settle()
    training.cluster.delete("jobs", "train-workers-0")
    training.tool._apply(("jobs", "train-workers-0"), training.tool.git["jobs", "train-workers-0"])
    training.cluster.delete("jobs", "train-workers-2")
    send = training.cluster.send

    def refuse(method: str, path: str, body: bytes | None, kind: str):
        refused = method == "PATCH" and "/jobs/train-workers-0" in path
        return (403, {}, b"{}") if refused else send(method, path, body, kind)

    training.cluster.send = refuse
    training.settle()
    assert training.running() == NAMES


@pytest.mark.parametrize("policy", ["OnRestart", "Block"])
def test_a_set_whose_jobs_change_hands_later_is_watched_until_then(policy):
    training = running()
    training.tool.heals = False
    training.push(FIX, jobs="watcher", update_policy=policy)
    training.tool.sync(prune=False)
    training.settle()
    training.cluster.fail("train-workers-1")
    training.settle()
    assert training.state["restarts"] == 1


def test_a_time_to_live_is_kept_when_the_last_job_is_slow_to_fail():
    training = running(spec({"workers": "replicas: 3"}, ttlSecondsAfterFinished="60"), jobs="watcher")
    training.cluster.slow = {"train-workers-1"}
    training.cluster.fail("train-workers-1", early=True)
    for _ in range(8):
        training.round()
    assert training.outcome == "Failed FailedJobs"
    training.cluster.slow = set()
    for _ in range(8):
        training.round()
    assert {job["spec"]["ttlSecondsAfterFinished"] for job in training.cluster.jobs().values()} == {60}


def test_an_answer_that_is_no_json_is_an_error_of_the_api():
    training = running()
    training.cluster.send = lambda method, path, body, kind: (200, {}, b"<html>")
    with pytest.raises(ApiError):
        training.watchers[0].step()


def test_the_gates_of_a_run_that_goes_on_are_taken_off_though_the_plan_that_git_has_knows_none():
    training = running(BLOCKING)
    training.tool.heals = False
    training.push(BLOCKING.replace("BlockingRecreate", "Recreate"))
    training.tool.sync(jobs=False)
    training.watchers = [training.watcher()]
    training.settle()
    training.cluster.fail("train-workers-1")
    for _ in range(80):
        training.round()
    assert restarts(training) == (1, 1)
    assert training.running() == NAMES[:2]


def test_a_watcher_that_waits_for_another_generation_says_so_and_stays():
    training = running(spec({"workers": "replicas: 1"}, failurePolicy="{maxRestarts: 3}"))
    training.push(training.text.replace("train:1", "train:2"))
    training.tool.sync(jobs=False)
    training.cluster.complete("train-workers-0")
    for _ in range(80):
        training.round()
    assert training.outcome == "Completed AllJobsCompleted"
    assert training.exits == []
    assert "AwaitsGeneration" in reasons(training)
    training.tool.sync()
    training.settle()
    assert training.running() == NAMES[:1]


@MODES
@pytest.mark.parametrize("text", ["{", "[1]", '{"restarts": 1}'])
def test_a_state_that_cannot_be_read_is_taken_up_anew_from_the_jobs(jobs, text):
    training = running(jobs=jobs)
    training.cluster.fail("train-workers-1")
    training.settle()
    training.cluster.of("configmaps")["train-restart-state"]["data"] = {"state.json": text}
    training.settle()
    assert "StateUnreadable" in reasons(training)
    assert restarts(training) == (1, 1)
    training.cluster.fail("train-workers-0")
    training.settle()
    assert restarts(training) == (2, 2)
    assert training.running() == NAMES


def test_what_kueue_put_into_an_admitted_job_is_not_kept_over_a_restart():
    labels = "template: {metadata: {labels: {kueue.x-k8s.io/queue-name: q}}, spec:"
    training = Training(WORKERS.replace("template: {spec:", labels, 1))
    for job in training.cluster.jobs().values():
        pods = job["spec"]["template"]
        pods["spec"]["nodeSelector"] = {"pool": "a"}
        pods["spec"]["tolerations"] = [{"key": "spot", "operator": "Exists"}]
        pods["metadata"]["labels"]["kueue.x-k8s.io/podset"] = "main"
        pods["metadata"]["labels"]["team"] = "vision"
    training.tool.heals = False
    training.settle()
    training.cluster.fail("train-workers-1")
    training.settle()
    assert restarts(training) == (1, 1)
    for job in training.cluster.jobs().values():
        pods = job["spec"]["template"]
        assert not {"nodeSelector", "tolerations"} & set(pods["spec"])
        assert "kueue.x-k8s.io/podset" not in pods["metadata"]["labels"]
        assert pods["metadata"]["labels"]["team"] == "vision"


def test_a_set_that_fails_while_suspended_does_not_run_when_git_resumes_it():
    training = running()
    training.push(WORKERS.replace("maxRestarts: 3", "maxRestarts: 0") + "  suspend: true\n")
    training.tool.sync()
    training.settle()
    training.cluster.fail("train-workers-1")
    training.settle()
    assert training.outcome == "Failed ReachedMaxRestarts"
    own = training.cluster.of("jobs")["train-restart-watcher"]
    assert "activeDeadlineSeconds" not in own["spec"]
    training.push(WORKERS.replace("maxRestarts: 3", "maxRestarts: 0"))
    training.tool.sync()
    training.settle()
    assert training.running() == []
    live = training.cluster.jobs()
    assert [live[name]["spec"]["suspend"] for name in (NAMES[0], NAMES[2])] == [True, True]
    assert training.cluster.of("jobs")["train-restart-watcher"]["spec"]["activeDeadlineSeconds"] == 1


def reasons(training: Training) -> set[str]:
    return {event["reason"] for event in training.cluster.of("events").values()}
