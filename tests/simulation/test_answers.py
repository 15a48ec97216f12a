"""What the API refuses is tried again and told of once; no answer, plan or state ends the watcher."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise

import pytest

from jobsetgen.runtime.watcher import run as loop
from jobsetgen.runtime.watcher.formats import packed, unpacked
from tests.simulation.cluster import Json
from tests.simulation.training import NAME, Training, spec

WORKERS = spec({"workers": "replicas: 3"}, failurePolicy="{maxRestarts: 3}")
ALONE = spec({"workers": "replicas: 40"}, failurePolicy="{maxRestarts: 99, rules: [{action: RestartJob}]}")
NAMES = [f"train-workers-{index}" for index in range(3)]
MODES = pytest.mark.parametrize("jobs", ["git", "watcher"])


def running(text: str = WORKERS, **settings: object) -> Training:
    """Return a set that runs, and that no tool heals."""
    training = Training(text, **settings)
    training.settle()
    training.tool.heals = False
    return training


def told(training: Training, *reasons: str) -> list[str]:
    """Return the messages of the Events with one of these reasons."""
    events = training.cluster.of("events").values()
    return [event["message"] for event in events if event["reason"] in reasons]


class Refusing:
    """Answers requests of a kind with a status and a message, until it is told to stop."""

    def __init__(self, training: Training, method: str, part: str, status: int, message: str = "no quota left") -> None:
        self.training, self.method, self.part = training, method, part
        self.status, self.message = status, message
        self.refused = 0
        self.send = training.cluster.send
        self.begin()

    def answer(self, method: str, path: str, body: bytes | None, kind: str) -> tuple[int, dict[str, str], bytes]:
        if method != self.method or self.part not in path or "dryRun" in path:
            return self.send(method, path, body, kind)
        self.refused += 1
        return self.status, {}, json.dumps({"kind": "Status", "message": self.message}).encode()

    def begin(self) -> None:
        self.training.cluster.send = self.answer

    def stop(self) -> None:
        self.training.cluster.send = self.send

    def end(self) -> None:
        """Stop, and let what is held back be tried again."""
        self.stop()
        for _ in range(12):
            self.training.round()


KINDS = {
    "get the plan": ("GET", "/configmaps/train-restart-plan", "get configmaps train-restart-plan"),
    "list the Jobs": ("GET", "/jobs?", "list jobs"),
    "write the state": ("PUT", "/configmaps/train-restart-state", "update configmaps train-restart-state"),
    "delete a Job": ("DELETE", "/jobs/train-workers-1", "delete jobs train-workers-1"),
    "see its own Job": ("GET", "/jobs/train-restart-watcher", "get jobs train-restart-watcher"),
    "create a Job": ("POST", "/jobs?", "create jobs train-workers-"),
}


@MODES
@pytest.mark.parametrize("status", [400, 403, 422])
@pytest.mark.parametrize("kind", KINDS)
def test_a_refusal_is_told_of_once_tried_again_and_its_end_is_told_of(jobs, status, kind):
    method, part, what = KINDS[kind]
    training = running(jobs=jobs)
    refusing = Refusing(training, method, part, status)
    training.cluster.fail("train-workers-1")
    for _ in range(30):
        training.round()
    assert refusing.refused > 5
    (message,) = told(training, "RequestRefused", "JobCreationFailed", "JobDeletionFailed")
    assert message.startswith(what)
    assert message.endswith(f": {status}: no quota left; it is tried again")
    assert told(training, "RequestAccepted") == []
    refusing.end()
    training.settle()
    verb = " ".join(what.split()[:2])
    assert told(training, "RequestAccepted") == [f"{verb}: no longer refused"]
    assert training.running() == NAMES
    assert (training.state["restarts"], training.state["countedRestarts"]) == (1, 1)


def test_a_refusal_with_another_reason_is_told_of_and_one_with_other_numbers_is_not():
    training = running(jobs="watcher")
    refusing = Refusing(training, "POST", "/jobs?", 403)
    training.cluster.fail("train-workers-1")
    for used in range(30):
        refusing.message = f'"train-workers-{used % 3}" is forbidden: exceeded quota: used: pods={used}'
        training.round()
    assert len(told(training, "JobCreationFailed")) == 1
    refusing.message = "denied by a webhook"
    for _ in range(10):
        training.round()
    first, second = told(training, "JobCreationFailed")
    assert "exceeded quota" in first
    assert "denied by a webhook" in second


def test_the_same_refusal_is_told_of_again_at_growing_intervals():
    training = running(jobs="watcher")
    Refusing(training, "POST", "/jobs?", 403)
    training.cluster.fail("train-workers-1")
    times, before = [], 0
    for _ in range(800):
        training.cluster.seconds += 19
        training.round()
        if len(told(training, "JobCreationFailed")) > before:
            before += 1
            times.append(training.cluster.seconds)
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert gaps == [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]


def test_reasons_that_never_end_are_told_of_ten_times():
    training = running(jobs="watcher")
    refusing = Refusing(training, "GET", "/configmaps/train-restart-plan", 403)
    for word in range(50):
        refusing.message = "no" + "o" * word
        training.round()
    assert len(told(training, "RequestRefused")) == 11


def test_of_many_refused_together_one_is_named_and_the_others_are_counted():
    training = running(ALONE, jobs="watcher")
    Refusing(training, "DELETE", "/jobs/", 403)
    for name in training.names():
        training.cluster.fail(name)
    for _ in range(5):
        training.round()
    (message,) = told(training, "JobDeletionFailed")
    assert message.startswith("delete jobs train-workers-")
    assert "(and 39 more): 403: no quota left" in message


def test_one_job_that_is_refused_keeps_no_other_waiting_and_is_not_over_while_it_is():
    training = running(jobs="watcher")
    refusing = Refusing(training, "POST", "/jobs?", 422)
    answer = refusing.answer

    def only_one(method: str, path: str, body: bytes | None, kind: str) -> tuple[int, dict[str, str], bytes]:
        is_other = method == "POST" and b'"train-workers-2"' not in (body or b"")
        return (refusing.send if is_other else answer)(method, path, body, kind)

    training.cluster.send = only_one
    training.cluster.fail("train-workers-1")
    for _ in range(20):
        training.round()
    assert training.running() == NAMES[:2]
    assert len(told(training, "JobCreationFailed")) == 1
    assert told(training, "RequestAccepted") == []


@pytest.mark.parametrize("status", [404, 409])
def test_what_has_changed_meanwhile_is_no_refusal(status):
    training = running(jobs="watcher")
    refusing = Refusing(training, "DELETE", "/jobs/", status)
    training.cluster.fail("train-workers-1")
    for _ in range(5):
        training.round()
    refusing.end()
    training.settle()
    assert told(training, "RequestRefused", "JobDeletionFailed", "RequestAccepted") == []
    assert training.running() == NAMES


def test_a_patch_of_a_job_that_is_another_one_by_now_is_no_refusal():
    training = running(WORKERS.replace("maxRestarts: 3", "maxRestarts: 0"), jobs="git")
    refusing = Refusing(
        training, "PATCH", "/jobs/train-workers", 422, "metadata.uid: Invalid value: field is immutable"
    )
    training.cluster.fail("train-workers-1")
    for _ in range(10):
        training.round()
    assert refusing.refused > 1
    assert told(training, "RequestRefused") == []


def test_a_watcher_that_may_create_no_events_asks_once_a_pass_and_goes_on(capsys):
    training = running(jobs="watcher")
    refusing = Refusing(training, "POST", "/events?", 403, "no events for you")
    training.cluster.fail("train-workers-1")
    training.watchers[0].step()
    assert refusing.refused == 1
    output = capsys.readouterr().out
    assert output.count("no events for you") == 1
    assert output.count("restart 1 of the whole set") == 2
    training.settle()
    assert training.running() == NAMES


def test_the_events_of_a_new_run_are_told_though_they_read_like_those_of_the_last():
    training = running(jobs="watcher")
    for text in (WORKERS, WORKERS.replace("train:1", "train:2")):
        training.push(text)
        training.tool.sync()
        training.settle()
        training.cluster.fail("train-workers-1")
        training.settle()
    assert (
        told(training, "DefaultFailurePolicy") == ["restart 1 of the whole set (first failed job: train-workers-1)"] * 2
    )


@MODES
def test_a_state_that_is_gone_is_told_of_where_a_watcher_was_here_before(jobs):
    training = running(jobs=jobs)
    assert told(training, "StateLost") == []
    training.cluster.fail("train-workers-1")
    training.settle()
    training.cluster.objects["configmaps", f"{NAME}-restart-state"]["data"] = {}
    training.settle()
    assert told(training, "StateLost") == ["there is no state; the run goes on at restart 1, all of them counted"]


# --- The loop -------------------------------------------------------------------------------------
class Passes:
    """Stands for the event that stops the loop, and for the one that wakes it, over so many passes."""

    def __init__(self, training: Training, passes: int) -> None:
        self.training, self.left = training, passes
        self.rests: list[float] = []

    def is_set(self) -> bool:
        return self.left == 0

    def clear(self) -> None:
        self.training.cluster.tick()

    def wait(self, seconds: float) -> None:
        self.rests.append(seconds)
        self.left -= 1


class Awake(Passes):
    """The event that wakes the loop: there is always news."""

    def wait(self, seconds: float) -> None:
        """Wait for nothing."""


def rests(training: Training, passes: int, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Run the loop of a watcher for so many passes; return for how long each was followed by nothing."""
    monkeypatch.setattr(loop, "_follow", lambda watcher, wake: None)
    stopping = Passes(training, passes)
    loop.run(training.watchers[0], stopping, Awake(training, passes))
    return stopping.rests


TROUBLE: dict[str, Callable[[Training], object]] = {
    "a refused list": lambda training: Refusing(training, "GET", "/jobs?", 403),
    "an API that is down": lambda training: Refusing(training, "GET", "/", 503),
}


@pytest.mark.parametrize("trouble", TROUBLE)
def test_passes_in_trouble_follow_at_growing_intervals_and_at_once_when_it_is_over(trouble, monkeypatch):
    training = running(jobs="watcher")
    refusing = TROUBLE[trouble](training)
    training.cluster.fail("train-workers-1")
    waits = rests(training, 20, monkeypatch)
    grown = waits[waits.index(0.2) :]
    assert grown == sorted(grown)
    assert grown[-1] == 10
    refusing.stop()
    assert rests(training, 5, monkeypatch)[1:] == [0.1] * 4


@pytest.mark.parametrize(("method", "part"), [("POST", "/jobs?"), ("DELETE", "/jobs/")])
def test_a_refused_action_is_tried_at_growing_intervals_and_slows_no_pass(method, part, monkeypatch):
    training = running(jobs="watcher")
    refusing = Refusing(training, method, part, 403)
    training.cluster.fail("train-workers-1")
    assert rests(training, 60, monkeypatch) == [0.1] * 60
    tries = refusing.refused // len(NAMES)
    assert 6 <= tries <= 14  # in a minute: after 0.2 s, 0.4 s … 10 s, 10 s


def test_a_job_that_may_not_be_deleted_delays_no_restart_of_another():
    training = running(ALONE, jobs="watcher")
    Refusing(training, "DELETE", "/jobs/train-workers-0", 403)
    training.cluster.fail("train-workers-0")
    for _ in range(30):
        training.round()
    before = training.names()["train-workers-1"]
    training.cluster.fail("train-workers-1")
    for _ in range(3):
        training.round()
    assert training.names()["train-workers-1"] != before


def test_a_refusal_that_comes_and_goes_is_told_of_at_growing_intervals_too():
    training = running(jobs="watcher")
    refusing = Refusing(training, "GET", "/configmaps/train-restart-plan", 403)
    for second in range(400):
        (refusing.stop if second % 2 else refusing.begin)()
        training.round()
    assert len(told(training, "RequestRefused")) == 3  # at once, after one minute, after two more
    assert len(told(training, "RequestAccepted")) == 3


def test_a_refusal_that_was_away_for_long_is_told_of_at_once():
    training = running(jobs="watcher")
    refusing = Refusing(training, "GET", "/configmaps/train-restart-plan", 403)
    for _ in range(2):
        refusing.begin()
        training.round()
        refusing.stop()
        training.round()
        training.cluster.seconds += 400
    assert len(told(training, "RequestRefused")) == 2


@MODES
def test_a_state_that_can_be_neither_read_nor_written_is_told_of_now_and_then(jobs):
    training = running(jobs=jobs)
    training.cluster.objects["configmaps", f"{NAME}-restart-state"]["data"]["state.json"] = "{"
    Refusing(training, "PUT", "/configmaps/", 403)
    for _ in range(50):
        training.round()
    assert len(told(training, "StateUnreadable")) == 1
    assert len(told(training, "Differs")) <= 1


def test_events_that_could_not_be_created_are_created_by_the_next_pass():
    training = running(ALONE, jobs="watcher")
    refusing = Refusing(training, "POST", "/events?", 500)
    for name in NAMES:
        training.cluster.fail(name)
    training.watchers[0].step()
    assert told(training, "RestartJobFailurePolicyAction") == []
    refusing.stop()
    training.watchers[0].step()
    assert len(told(training, "RestartJobFailurePolicyAction")) == 3


def test_a_trial_that_is_refused_again_and_again_is_told_of_once():
    training = running(jobs="watcher")
    send = training.cluster.send
    tries = 0

    def refuse(method: str, path: str, body: bytes | None, kind: str) -> tuple[int, dict[str, str], bytes]:
        nonlocal tries
        if "dryRun" not in path:
            return send(method, path, body, kind)
        tries += 1
        return 422, {}, json.dumps({"message": f'Job "train-workers-0-x7k{tries:02}" is invalid'}).encode()

    training.cluster.send = refuse
    training.push(WORKERS.replace("train:1", "train:2"))
    training.tool.sync()
    for _ in range(300):
        training.round()
    assert tries > 2
    assert told(training, "UpdateRefused") == ['the old run goes on: 422: Job "train-workers-0" is invalid']


def test_a_policy_that_names_a_uid_is_a_refusal():
    training = running(jobs="watcher")
    Refusing(training, "DELETE", "/jobs/", 403, "policy x: metadata.uid must not be set")
    training.cluster.fail("train-workers-1")
    for _ in range(5):
        training.round()
    assert len(told(training, "JobDeletionFailed")) == 1


@pytest.mark.parametrize("error", [ValueError("Invalid header value"), UnicodeDecodeError("utf-8", b"x", 0, 1, "no")])
def test_a_token_that_cannot_be_sent_ends_nothing(error, monkeypatch):
    training = running(jobs="watcher")
    send = training.cluster.send

    def broken(*_: object) -> tuple[int, dict[str, str], bytes]:
        raise error

    training.cluster.send = broken
    assert rests(training, 8, monkeypatch)[-1] == 10
    training.cluster.send = send
    assert rests(training, 3, monkeypatch)[-1] == 0.1


def test_passes_that_fail_again_and_again_are_told_of_and_so_is_their_end(monkeypatch):
    training = running(jobs="watcher")
    refusing = Refusing(training, "GET", "/jobs?", 500, "storage is not there")
    rests(training, 4, monkeypatch)
    assert told(training, "PassFailed") == []
    rests(training, 8, monkeypatch)
    assert told(training, "PassFailed") == ["passes fail and are repeated: 500: storage is not there"]
    refusing.stop()
    rests(training, 2, monkeypatch)
    assert told(training, "Recovered") == ["passes no longer fail"]


def test_what_nobody_has_thought_of_is_told_of_with_its_place_and_tried_again(monkeypatch):
    training = running(jobs="watcher")
    with monkeypatch.context() as broken:
        broken.setattr(loop, "decide", lambda state, seen: state["nothing"])
        waits = rests(training, 20, monkeypatch)
    assert waits[-1] == 10
    (message,) = told(training, "InternalError")
    assert message.startswith("a pass fails and is repeated: KeyError('nothing') in <lambda> (test_answers.py:")
    rests(training, 2, monkeypatch)
    assert told(training, "Recovered") == ["passes no longer fail"]


# --- Plans and states that cannot be read ---------------------------------------------------------
def changed(training: Training, **fields: object) -> Json:
    """Change fields of the plan in the cluster; return its ConfigMap as it was."""
    item = training.cluster.objects["configmaps", f"{NAME}-restart-plan"]
    before = json.loads(json.dumps(item))
    item["data"]["plan.json"] = json.dumps({**json.loads(item["data"]["plan.json"]), **fields})
    return before


TWICE = {
    "name": "a", "replicas": 1, "pods": 1, "dependsOn": [], "gated": False, "activeDeadlineSeconds": None,
    "firstGlobalIndex": 0, "firstGroupIndex": 0, "domains": [],
    "job": {"metadata": {"name": {"$slot": "jobName"}}, "spec": {"template": {}}},
}  # fmt: skip
BROKEN = [
    ({"jobs": "both"}, "plan.json: .jobs is 'both' and none of git, watcher; nothing is done"),
    ({"replicatedJobs": {}}, "plan.json: .replicatedJobs is an object and not an array; nothing is done"),
    ({"failurePolicy": {}}, "plan.json: .failurePolicy.maxRestarts is missing; .failurePolicy.restartStrategy is missing; "
     ".failurePolicy.rules is missing; nothing is done"),
    ({"successPolicy": {"operator": "All", "targets": ["x"]}}, "plan.json: .successPolicy.targets names x, which is no "
     "replicatedJob; nothing is done"),
    ({"replicatedJobs": [TWICE, TWICE]}, "plan.json: .replicatedJobs has a twice; nothing is done"),
    ({"replicatedJobs": [{**TWICE, "job": {"metadata": {}, "spec": {"template": {}}}}]}, "plan.json: .replicatedJobs[0]: "
     "its Jobs cannot be made: KeyError('name'); nothing is done"),
    ({"replicatedJobs": [{**TWICE, "job": {"metadata": {"name": {"$slot": "x"}}, "spec": {"template": {}}}}]},
     "plan.json: .replicatedJobs[0]: its Jobs cannot be made: KeyError('x'); nothing is done"),
    ({"replicatedJobs": [{**TWICE, "job": {"metadata": {"name": "x"}, "spec": {"template": {}}}}]},
     "plan.json: .replicatedJobs[0]: its Jobs would be named 'x'; nothing is done"),
    ({"format": "1"}, "plan.json: .format is '1' and none of (1, 2); nothing is done"),
]  # fmt: skip


@MODES
@pytest.mark.parametrize(("fields", "message"), BROKEN)
def test_a_plan_that_cannot_be_read_is_told_of_with_its_path_and_nothing_is_done_until_it_can(jobs, fields, message):
    training = running(jobs=jobs)
    original = changed(training, **fields)
    training.cluster.fail("train-workers-1")
    before = training.names()
    for _ in range(30):
        training.round()
    assert told(training, "PlanUnreadable") == [message]
    assert training.names() == before
    assert training.exits == []
    training.cluster.objects["configmaps", f"{NAME}-restart-plan"] = original
    training.settle()
    assert told(training, "Readable") == ["plan and state can be read"]
    assert training.state["restarts"] == 1
    assert training.running() == NAMES


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "[" * 10_000])
def test_a_plan_that_is_no_json_is_told_of(text):
    training = running()
    training.cluster.objects["configmaps", f"{NAME}-restart-plan"]["data"]["plan.json"] = text
    for _ in range(5):
        training.round()
    (message,) = told(training, "PlanUnreadable")
    assert message.startswith("plan.json")


@MODES
def test_a_state_that_cannot_be_read_is_told_of_with_its_path_and_made_anew(jobs):
    training = running(jobs=jobs)
    training.cluster.fail("train-workers-1")
    training.settle()
    item = training.cluster.objects["configmaps", f"{NAME}-restart-state"]
    broken = {**json.loads(item["data"]["state.json"]), "restarts": "1"}
    del broken["counts"]
    item["data"]["state.json"] = json.dumps(broken)
    for _ in range(5):
        training.round()
    assert told(training, "StateUnreadable") == [
        "state.json: .restarts is a string and not a whole number; .counts is missing; "
        "the state is made anew from the attempts that the Jobs carry"
    ]
    assert (training.state["restarts"], training.state["countedRestarts"]) == (1, 1)
    assert training.running() == NAMES


@pytest.mark.parametrize("patch", [{"metadata": 5}, {"spec": None}, {"metadata": {"name": {"$slot": "x"}}}])
def test_a_state_that_no_job_can_be_made_from_is_made_anew(patch):
    training = running(jobs="git")
    item = training.cluster.objects["configmaps", f"{NAME}-restart-state"]
    of_jobs = json.loads(unpacked(item["binaryData"]["jobs.json.gz"]))
    of_jobs["patterns"] = {"workers": {"patch": patch}}
    item["binaryData"]["jobs.json.gz"] = packed(json.dumps(of_jobs))
    training.settle()
    assert len(told(training, "StateUnreadable")) == 1
    training.cluster.fail("train-workers-1")
    training.settle()
    assert training.running() == NAMES


def test_fewer_restarts_than_none_are_none():
    training = running(WORKERS.replace("maxRestarts: 3", "maxRestarts: -1"))
    training.cluster.fail("train-workers-1")
    training.settle()
    assert training.outcome == "Failed ReachedMaxRestarts"


# --- Many at once ---------------------------------------------------------------------------------
@MODES
def test_of_very_many_events_in_one_pass_the_first_and_the_last_are_told_and_all_are_logged(jobs, capsys):
    training = running(ALONE.replace("maxRestarts: 99", "maxRestarts: 38"), jobs=jobs)
    for place, name in enumerate(sorted(training.names(), key=lambda name: int(name.rpartition("-")[2]))):
        training.cluster.seconds += place
        training.cluster.fail(name)
    capsys.readouterr()
    training.watchers[0].step()
    alone = told(training, "RestartJobFailurePolicyAction")
    assert len(alone) == 24
    assert told(training, "MoreEvents") == ["14 more events of this pass are in the log"]
    (ended,) = told(training, "ReachedMaxRestarts")
    assert ended == "maxRestarts (38) is reached (first failed job: train-workers-38)"
    assert capsys.readouterr().out.count("RestartJobFailurePolicyAction") == 38


@MODES
def test_the_evidence_of_each_failure_of_a_pass_names_its_pod(jobs):
    training = running(ALONE, jobs=jobs)
    for name in NAMES:
        training.cluster.fail(name, early=True)
        for pod in training.cluster.pods_of(training.cluster.of("jobs")[name]):
            pod["status"]["containerStatuses"] = [{"state": {"terminated": {"exitCode": 3}}}]
    writes = [request for request in training.cluster.requests if request[0] == "PUT"]
    training.watchers[0].step()
    assert [entry["job"] for entry in training.state["evidence"]] == NAMES
    assert [entry["exitCode"] for entry in training.state["evidence"]] == [3, 3, 3]
    assert len([request for request in training.cluster.requests if request[0] == "PUT"]) == len(writes) + 1
