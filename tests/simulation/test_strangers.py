"""Whoever may create Jobs and pods can give them the labels of a set. What merely has the labels decides nothing."""

from __future__ import annotations

import copy

import pytest

from jobsetgen.runtime.watcher.contract import INTERVAL, JOBSET
from tests.simulation.cluster import Json, uid
from tests.simulation.training import NAME, Training, spec

MODES = pytest.mark.parametrize("jobs", ["git", "watcher"])
WORKERS = spec({"workers": "replicas: 3"}, failurePolicy="{maxRestarts: 3}")
BLOCKING = spec({"workers": "replicas: 2"}, failurePolicy="{maxRestarts: 3, restartStrategy: BlockingRecreate}")
TWO = spec({"driver": "replicas: 1", "workers": "replicas: 2"}, failurePolicy="{maxRestarts: 3}")
NAMES = ["train-workers-0", "train-workers-1", "train-workers-2"]
OTHER_IMAGE = "registry.example.com/somebody:1"


def running(text: str = WORKERS, **settings: object) -> Training:
    """Return a set that runs, under a tool that puts nothing back."""
    training = Training(text, **settings)
    training.settle()
    training.tool.heals = False
    return training


def forge(training: Training, name: str, *, index: int = 0, owners: list[Json] | None = None) -> Json:
    """Create somebody's Job with the labels and the generation of the set's, and another image."""
    model = next(job for each, job in training.cluster.jobs().items() if each.startswith("train-workers"))
    job = copy.deepcopy(model)
    labels = {**job["metadata"]["labels"], "jobset.sigs.k8s.io/job-index": str(index)}
    job["metadata"] = {"name": name, "labels": labels, "ownerReferences": owners or []}
    job["spec"]["template"]["spec"]["containers"][0]["image"] = OTHER_IMAGE
    job["spec"]["template"]["spec"].pop("schedulingGates", None)
    del job["status"]
    training.cluster.create("jobs", job)
    return training.cluster.objects["jobs", name]


def another_plan(training: Training) -> list[Json]:
    """Create somebody's ConfigMap with the name of a plan, and return a reference to it as the owner."""
    item = training.cluster.create("configmaps", {"metadata": {"name": "mine-restart-plan"}, "data": {}})
    return [{"apiVersion": "v1", "kind": "ConfigMap", "name": "mine-restart-plan", "uid": uid(item)}]


def images(training: Training) -> set[str]:
    """Return the images of the set's own Jobs."""
    own = [job for name, job in training.cluster.jobs().items() if name in NAMES]
    return {job["spec"]["template"]["spec"]["containers"][0]["image"] for job in own}


def undisturbed(training: Training) -> None:
    """See that the set has neither restarted nor ended, and still restarts when one of its own Jobs fails."""
    training.settle()
    assert (training.state["restarts"], training.outcome) == (0, "")
    training.cluster.fail("train-workers-1")
    training.settle()
    assert training.state["restarts"] == 1
    assert images(training) == {"registry.example.com/train:1"}


@MODES
@pytest.mark.parametrize("end", ["fail", "complete"])
@pytest.mark.parametrize("stem", ["evil-", "train-workers-0", "train-others-"])
def test_forged_jobs_neither_restart_nor_end_a_set(jobs, end, stem):
    training = running(jobs=jobs)
    owners = another_plan(training)
    forged = [f"{stem}{index}" for index in range(3)]
    for index, name in enumerate(forged):
        forge(training, name, index=index, owners=owners)
        getattr(training.cluster, end)(name)
    undisturbed(training)
    assert set(forged) <= training.names().keys()


def test_a_job_of_a_name_of_the_set_counts_only_when_its_own_plan_owns_it():
    training = running(jobs="watcher")
    for name in NAMES:
        training.cluster.delete("jobs", name, foreground=True)
    training.cluster.tick()
    training.cluster.create("jobs", _job("train-workers-0", owners=another_plan(training)))
    training.cluster.complete("train-workers-0")
    for _ in range(20):
        training.round()
    assert training.state["counts"]["workers"]["succeeded"] == 0
    assert training.running() == NAMES[1:]


def test_a_job_that_names_the_plan_as_its_owner_is_one_of_the_set_until_the_next_restart():
    """Whoever may create Jobs may write any owner; its UID is on every Job of the set."""
    training = running(jobs="watcher")
    owners = training.cluster.jobs()["train-workers-1"]["metadata"]["ownerReferences"]
    training.cluster.delete("jobs", "train-workers-0", foreground=True)
    training.cluster.tick()
    forge(training, "train-workers-0", owners=owners)
    training.cluster.fail("train-workers-0")
    training.settle()
    assert training.state["restarts"] == 1
    assert images(training) == {"registry.example.com/train:1"}


def _job(name: str, owners: list[Json]) -> Json:
    labels = {JOBSET: NAME, "jobset.sigs.k8s.io/replicatedjob-name": "workers", "jobset.sigs.k8s.io/job-index": "0"}
    return {
        "metadata": {"name": name, "labels": labels, "ownerReferences": owners},
        "spec": {"template": {"metadata": {}, "spec": {"containers": [{"name": "main", "image": OTHER_IMAGE}]}}},
    }


@pytest.mark.parametrize("name", ["a-train-workers-0", "debug", "train-workers-00", "train-workers-3", "train-x-0"])
@pytest.mark.parametrize("moment", ["before the first look", "later", "with a new generation"])
def test_a_copy_under_another_name_says_nothing_about_what_restarts_run(name, moment):
    training = Training(WORKERS)
    if moment == "before the first look":
        training.cluster.tick()
        training.cluster.tick()
    else:
        training.settle()
    forge(training, name)
    if moment == "with a new generation":
        training.push(WORKERS.replace("backoffLimit: 0", "backoffLimit: 1"), run_id="again")
        training.tool.sync()
        training.cluster.objects["jobs", name]["spec"]["template"]["metadata"]["annotations"] = dict(
            training.cluster.jobs()["train-workers-0"]["spec"]["template"]["metadata"]["annotations"]
        )
        training.watchers = [training.watcher()]
    training.settle()
    training.tool.heals = False
    undisturbed(training)


def test_pods_of_somebodys_job_hold_back_no_restart():
    training = running(BLOCKING)
    evil = forge(training, "train-evil")
    evil["metadata"]["labels"] = {}  # nobody sees the Job, only its pods
    owner = {"kind": "Job", "name": "train-evil", "uid": uid(evil)}
    meta = {"name": "evil-pod", "labels": {JOBSET: NAME}, "ownerReferences": [owner]}
    training.cluster.create("pods", {"metadata": meta, "spec": {"containers": []}, "status": {"ready": True}})
    training.cluster.fail("train-workers-1")
    training.settle()
    assert training.state["restarts"] == 1
    assert set(NAMES[:2]) <= set(training.running())


def test_a_pod_of_a_job_that_never_was_holds_back_a_restart_no_longer_than_it_is_there():
    training = running(BLOCKING)
    owner = {"kind": "Job", "name": "train-workers-0", "uid": "never"}
    meta = {"name": "evil-pod", "labels": {JOBSET: NAME}, "ownerReferences": [owner]}
    training.cluster.create("pods", {"metadata": meta, "spec": {"containers": []}, "status": {"ready": True}})
    training.cluster.fail("train-workers-1")
    training.settle()
    assert training.running() == NAMES[:2]
    assert "evil-pod" not in training.cluster.of("pods")


def unknown_jobs(training: Training) -> list[str]:
    """Return what events say about Jobs that are not the set's."""
    events = training.cluster.of("events").values()
    return [event["message"] for event in events if event["reason"] == "UnknownJob"]


@MODES
def test_they_are_reported_at_most_once_in_ten_minutes_with_their_number(jobs):
    training = running(jobs=jobs)
    for index in range(50):
        forge(training, f"evil-{index:02}")
    for _ in range(5):
        training.round()
    said = "50 Jobs with the label of this set but not part of it, such as evil-00; left alone"
    assert unknown_jobs(training) == [said]
    forge(training, "evil-50")
    for _ in range(5):
        training.round()
    assert unknown_jobs(training) == [said]
    training.cluster.seconds += INTERVAL
    for _ in range(5):
        training.round()
    assert unknown_jobs(training) == [said, said.replace("50 Jobs", "51 Jobs")]


# What an earlier plan, another mode or a replaced plan leaves behind is the set's, and counts for nothing.


def fewer(training: Training) -> None:
    training.push(WORKERS.replace("replicas: 3", "replicas: 2"))


def another_kind(training: Training) -> None:
    training.push(TWO.replace("driver", "leader"))


LESS = pytest.mark.parametrize(
    ("text", "push", "left"),
    [(WORKERS, fewer, "train-workers-2"), (TWO, another_kind, "train-driver-0")],
    ids=["fewer replicas", "a removed replicatedJob"],
)


@LESS
@MODES
def test_jobs_that_a_smaller_plan_leaves_behind_are_deleted(jobs, text, push, left):
    training = running(text, jobs=jobs)
    push(training)
    training.tool.sync(prune=False)
    for _ in range(100):
        training.round()
    assert left not in training.names()
    assert len(training.running()) == len(training.names()) == (2 if text is WORKERS else 3)


@LESS
@pytest.mark.parametrize("end", ["fail", "complete"])
def test_jobs_that_are_left_behind_count_for_nothing_while_they_are_there(text, push, left, end):
    training = running(text)
    push(training)
    training.tool.sync(prune=False)
    training.round()
    getattr(training.cluster, end)(left)
    for _ in range(30):
        training.round()
    assert left in training.names()
    assert (training.state["restarts"], training.outcome) == (0, "")


def test_a_watcher_that_starts_anew_still_knows_what_was_left_behind():
    training = running()
    fewer(training)
    training.tool.sync(prune=False)
    training.round()
    training.watchers = [training.watcher()]
    for _ in range(100):
        training.round()
    assert training.names().keys() == set(NAMES[:2])
    assert unknown_jobs(training) == []


def test_the_pods_of_what_is_left_behind_hold_back_a_blocking_set():
    training = running(BLOCKING)
    training.cluster.slow = {"train-workers-1"}
    begun = len(training.cluster.started)
    training.push(BLOCKING.replace("replicas: 2", "replicas: 1"))
    training.tool.sync()
    for _ in range(30):
        training.round()
    assert training.cluster.started[begun:] == []
    training.cluster.slow = set()
    training.settle()
    assert training.running() == NAMES[:1]


@pytest.mark.parametrize("slow", [False, True])
def test_jobs_that_git_has_made_go_when_the_watcher_makes_them(slow):
    training = running()
    old = set(training.names().values())
    training.cluster.slow = set(NAMES[:1]) if slow else set()
    training.push(WORKERS, jobs="watcher", update_policy="Recreate")
    training.tool.sync(prune=False)
    for _ in range(20):
        training.round()
    training.cluster.slow = set()
    training.settle(200)
    assert training.running() == NAMES
    assert not old & set(training.names().values())
    assert unknown_jobs(training) == []


def test_jobs_that_a_watcher_has_made_go_when_git_makes_them():
    training = running(jobs="watcher")
    old = set(training.names().values())
    training.push(WORKERS.replace("train:1", "train:2"), jobs="git")
    training.tool.sync()
    training.tool.heals = True
    training.settle(300)
    assert training.running() == NAMES
    assert not old & set(training.names().values())
    assert images(training) == {"registry.example.com/train:2"}


def test_old_jobs_of_a_generation_that_comes_back_are_not_taken_for_new_ones():
    """Generation A, then B, then A again while pods of the first A still end: labels cannot tell these from new."""
    training = running(jobs="watcher")
    old = training.names()
    training.cluster.slow = set(NAMES)
    training.push(WORKERS.replace("train:1", "train:2"))
    training.tool.sync()
    for _ in range(5):
        training.round()
    training.push(WORKERS)
    training.tool.sync()
    for _ in range(5):
        training.round()
    assert training.names() == old
    assert training.state["counts"]["workers"]["active"] == 0
    training.watchers = [training.watcher()]  # one that has seen nothing of it
    training.cluster.slow = set()
    training.settle(200)
    assert training.running() == NAMES
    assert not set(old.values()) & set(training.names().values())
    assert images(training) == {"registry.example.com/train:1"}


def test_jobs_of_a_plan_that_was_replaced_are_waited_for_and_made_anew():
    training = running(jobs="watcher")
    old = set(training.names().values())
    plan = training.cluster.objects["configmaps", "train-restart-plan"]
    training.cluster.slow = set(NAMES)
    training.cluster.delete("configmaps", "train-restart-plan")
    meta = {key: value for key, value in plan["metadata"].items() if key not in ("uid", "resourceVersion")}
    training.cluster.create("configmaps", {**plan, "metadata": meta})
    for _ in range(10):
        training.round()
    assert training.state["counts"]["workers"]["active"] == 0
    assert unknown_jobs(training) == []
    training.cluster.slow = set()
    training.settle(200)
    assert training.running() == NAMES
    assert not old & set(training.names().values())


# What a change of mode, of the plan or of the release leaves behind, amid other things.


@pytest.mark.parametrize("rules", ["{maxRestarts: 3}", "{maxRestarts: 3, rules: [{action: RestartJob}]}"])
def test_a_restart_counts_once_when_git_takes_the_jobs_over_amid_it(rules):
    text = spec({"workers": "replicas: 3"}, failurePolicy=rules).replace("metadata.annotations[", "metadata.labels[")
    text = text.replace("jobset.sigs.k8s.io/restart-attempt", "jobset.sigs.k8s.io/job-index")
    training = running(text, jobs="watcher")
    training.cluster.slow = set(NAMES)
    training.cluster.fail("train-workers-1", early=True)
    training.round()
    generation = training.state["generation"]
    training.push(text, jobs="git")
    training.tool.sync(jobs=False)
    for _ in range(10):
        training.round()
    training.cluster.slow = set()
    training.tool.heals = True
    training.settle(200)
    assert training.state["generation"] == generation
    assert training.state["restarts"] + sum(each[0] for each in training.state["jobRestarts"].values()) == 1
    assert training.running() == NAMES


def test_a_set_that_was_restarted_is_watched_when_the_watcher_takes_its_jobs_over():
    text = WORKERS.replace("jobset.sigs.k8s.io/restart-attempt", "jobset.sigs.k8s.io/job-index")
    training = running(text)
    training.cluster.fail("train-workers-1")
    for _ in range(60):  # until the plan has let go of the Jobs that the watcher has made
        training.round()
    training.push(text, jobs="watcher")
    training.tool.sync(prune=False)
    training.settle(200)
    assert training.running() == NAMES
    training.cluster.fail("train-workers-0")
    training.settle(200)
    assert training.state["restarts"] == 2
    assert unknown_jobs(training) == []


def test_a_job_of_the_last_plan_that_a_frozen_watcher_makes_late_is_deleted():
    training = running()
    frozen = training.watchers[0]
    asleep = [False]

    def sleep(method: str, path: str) -> None:
        if method == "POST" and "/jobs?" in path and not asleep[0]:
            asleep[0] = True
            fewer(training)
            training.tool.sync(prune=False)
            training.watchers = [training.watcher()]
            for _ in range(5):
                training.round()

    training.cluster.delete("jobs", "train-workers-2", foreground=True)
    training.cluster.tick()
    training.cluster.before = sleep
    frozen.step()
    assert asleep == [True]
    assert "train-workers-2" in training.names()
    for _ in range(100):
        training.round()
    assert training.names().keys() == set(NAMES[:2])
    assert unknown_jobs(training) == []


def test_a_job_that_comes_back_into_the_plan_runs_on():
    training = running()
    training.cluster.complete("train-workers-2")
    before = training.names()
    fewer(training)
    training.tool.sync(prune=False)
    training.round()
    training.push(WORKERS)
    training.tool.sync(prune=False)
    for _ in range(100):
        training.round()
    assert training.names()["train-workers-2"] == before["train-workers-2"]
    assert training.state["counts"]["workers"]["succeeded"] == 1


def test_what_is_left_behind_goes_with_a_set_that_ends_before():
    training = running()
    fewer(training)
    training.tool.sync(prune=False)
    training.round()
    training.round()
    for name in NAMES[:2]:
        training.cluster.complete(name)
    training.settle()
    assert training.exits == [0]
    assert training.names().keys() == set(NAMES[:2])


def test_on_restart_a_new_template_runs_as_git_has_it():
    training = Training(WORKERS)
    for name in NAMES:
        training.tool.git["jobs", name]["spec"]["template"]["spec"]["containers"][0]["image"] = OTHER_IMAGE
        training.cluster.delete("jobs", name)
    training.cluster.tick()
    training.tool.sync()
    training.settle()
    training.tool.heals = False
    assert images(training) == {OTHER_IMAGE}
    training.push(WORKERS.replace("train:1", "train:2"), jobs="watcher", update_policy="OnRestart")
    training.tool.sync(prune=False)
    training.round()
    training.cluster.fail("train-workers-1")
    training.settle(200)
    assert training.running() == NAMES
    assert images(training) == {"registry.example.com/train:2"}


def test_names_that_strangers_hold_do_not_keep_the_others_waiting():
    large = WORKERS.replace("replicas: 3", "replicas: 30").replace(
        "name: main,", f"name: main, args: ['{'x' * 600_000}'],"
    )
    training = Training(large, jobs="watcher")
    training.tool.heals = False
    for index in range(25):
        training.cluster.create("jobs", _job(f"train-workers-{index}", owners=[]))
    for _ in range(20):
        training.round()
    own = [name for name in training.names() if training.cluster.jobs()[name]["metadata"]["ownerReferences"]]
    assert len(own) == 5
    (said,) = unknown_jobs(training)
    assert said.endswith("train-workers-0 has the name of a Job of this set, which cannot be created beside it")


def test_jobs_that_all_terminate_at_first_sight_keep_the_tools_marks():
    training = Training(WORKERS)
    training.tool.heals = False
    training.cluster.tick()
    marks = {name: job["metadata"]["annotations"] for name, job in training.cluster.jobs().items()}
    training.cluster.slow = set(NAMES)
    for name in NAMES:
        training.cluster.delete("jobs", name, foreground=True)
    training.round()
    training.cluster.slow = set()
    training.settle()
    live = training.cluster.jobs()
    assert live.keys() == set(NAMES)
    for name in NAMES:
        assert marks[name].items() <= live[name]["metadata"]["annotations"].items()
