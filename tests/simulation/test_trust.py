"""What the watcher takes from a plan, a state, a live Job and an answer that somebody may have changed."""

from __future__ import annotations

import base64
import copy
import gzip
import json
from collections.abc import Callable, Sequence

import pytest

from jobsetgen.runtime.watcher import log, store
from jobsetgen.runtime.watcher.api import ApiError, _trial_name
from jobsetgen.runtime.watcher.contract import ATTEMPT, JOB_ATTEMPT, Say
from jobsetgen.runtime.watcher.formats import UNPACKED, packed, unpacked
from tests.simulation.cluster import Cluster, Json, RefusedError
from tests.simulation.test_answers import Refusing, told
from tests.simulation.training import NAME, Training, spec

WORKERS = spec({"workers": "replicas: 2"}, failurePolicy="{maxRestarts: 5}")
NAMES = ["train-workers-0", "train-workers-1"]
PLAN = ("configmaps", f"{NAME}-restart-plan")
STATE = ("configmaps", f"{NAME}-restart-state")
OURS, THEIRS = "registry.example.com/train:1", "registry.example.com/somebody:1"


def running(text: str = WORKERS, **settings: object) -> Training:
    """Return a set that runs, under a tool that puts nothing back."""
    training = Training(text, **settings)
    training.settle()
    training.tool.heals = False
    return training


def restarted(training: Training) -> None:
    """Let a Job fail, and the set restart."""
    before = training.state["restarts"]
    training.cluster.fail("train-workers-1")
    training.settle()
    assert training.state["restarts"] == before + 1
    assert training.running() == NAMES


def pods(training: Training) -> list[Json]:
    """Return the specs of the pods of the set's Jobs."""
    return [job["spec"]["template"]["spec"] for job in training.cluster.jobs().values()]


def images(training: Training) -> set[str]:
    """Return the images of the set's Jobs."""
    return {each["containers"][0]["image"] for each in pods(training)}


# --- jobs: watcher: the plan ----------------------------------------------------------------------
def edit(item: Json, change: Callable[[Json], None]) -> None:
    """Change a plan where it is."""
    plan = json.loads(item["data"]["plan.json"])
    change(plan)
    item["data"]["plan.json"] = json.dumps(plan)


def other_image(plan: Json) -> None:
    """Let a plan have another image, and leave its generation."""
    plan["replicatedJobs"][0]["job"]["spec"]["template"]["spec"]["containers"][0]["image"] = THEIRS


def other_account(plan: Json) -> None:
    """Let a plan have another account, and leave its generation."""
    plan["replicatedJobs"][0]["job"]["spec"]["template"]["spec"]["serviceAccountName"] = "admin"


def no_run_id(plan: Json) -> None:
    """Let a plan look like that of an older release, with another image."""
    del plan["runId"]
    other_image(plan)


@pytest.mark.parametrize("change", [other_image, other_account, no_run_id])
def test_nothing_is_created_from_a_plan_that_was_edited(change):
    training = running(jobs="watcher")
    edit(training.cluster.objects[PLAN], change)
    before = training.names()
    training.cluster.fail("train-workers-1")
    for _ in range(30):
        training.round()
    assert training.names() == before
    (message,) = told(training, "GenerationMismatch")
    assert message.startswith("plan.json: its Jobs are those of generation ")
    assert message.endswith("; nothing is done. Apply the plan as jobsetgen wrote it")
    training.tool.sync()
    training.settle()
    assert training.state["restarts"] == 1
    assert training.running() == NAMES
    assert images(training) == {OURS}
    assert told(training, "Readable") == ["plan and state can be read"]


def test_with_jobs_in_git_an_edited_plan_decides_what_the_next_attempt_runs():
    training = running()
    edit(training.cluster.objects[PLAN], other_image)
    edit(training.cluster.objects[PLAN], other_account)
    restarted(training)
    assert images(training) == {THEIRS}
    assert {each["serviceAccountName"] for each in pods(training)} == {"admin"}
    assert told(training, "GenerationMismatch") == []


def test_a_watcher_that_starts_anew_holds_to_the_run_id_in_its_state():
    training = running(jobs="watcher")
    edit(training.cluster.objects[PLAN], no_run_id)
    training.cluster.fail("train-workers-1")
    training.watchers = [training.watcher()]
    for _ in range(30):
        training.round()
    assert len(told(training, "GenerationMismatch")) == 1
    assert images(training) == {OURS}


def test_the_plan_of_an_older_release_passes():
    training = running(jobs="watcher")
    edit(training.cluster.objects[PLAN], lambda plan: plan.pop("runId"))
    restarted(training)
    assert told(training, "GenerationMismatch") == []


@pytest.mark.parametrize("field", ["parallelism", "backoffLimit"])
def test_what_changes_in_place_is_no_other_generation(field):
    training = running(jobs="watcher")
    edit(training.cluster.objects[PLAN], lambda plan: plan["replicatedJobs"][0]["job"]["spec"].update({field: 1}))
    restarted(training)
    assert told(training, "GenerationMismatch") == []


# --- The state ------------------------------------------------------------------------------------
def edit_state(training: Training, key: str, change: Callable[[Json], None]) -> None:
    """Change a part of the state where it is."""
    parts = training.cluster.objects[STATE]["binaryData"]
    content = json.loads(unpacked(parts[key]))
    change(content)
    parts[key] = packed(json.dumps(content))


def test_an_edited_plan_in_the_state_is_made_anew_from_the_plan_on_offer():
    training = running(jobs="watcher")
    edit_state(training, "plan.json.gz", other_image)
    restarted(training)
    (message,) = told(training, "StateUnreadable")
    assert message.startswith("plan.json.gz: its Jobs are those of generation ")
    assert images(training) == {OURS}
    kept = json.loads(unpacked(training.cluster.objects[STATE]["binaryData"]["plan.json.gz"]))
    assert kept == json.loads(training.cluster.objects[PLAN]["data"]["plan.json"])


@pytest.mark.parametrize("key", ["plan.json.gz", "jobs.json.gz"])
def test_what_would_fill_the_memory_when_unpacked_is_not_unpacked(key):
    training = running(jobs="watcher")
    content = b" " * (UNPACKED + 1)
    training.cluster.objects[STATE]["binaryData"][key] = base64.b64encode(gzip.compress(content)).decode()
    training.settle()
    restarted(training)
    (message,) = told(training, "StateUnreadable")
    assert message.startswith(f"{key} cannot be unpacked: it has more than 33,554,432 bytes; ")


def pattern(of_jobs: Json) -> None:
    """Let a state say that somebody has changed the account and the image."""
    pods = {"serviceAccountName": "admin", "containers": [{"name": "main", "image": THEIRS}]}
    of_jobs["patterns"] = {"workers": {"patch": {"spec": {"template": {"spec": pods}}}}}


def test_a_watcher_that_creates_the_jobs_uses_no_pattern_of_a_state():
    training = running(jobs="watcher")
    edit_state(training, "jobs.json.gz", pattern)
    restarted(training)
    assert images(training) == {OURS}
    assert not any("serviceAccountName" in each for each in pods(training))


def test_a_pattern_that_a_state_of_git_has_is_kept():
    """An older release has looked at the Jobs of this generation, and restarts go on as they were."""
    training = running(jobs="git")
    edit_state(training, "jobs.json.gz", pattern)
    training.watchers = [training.watcher()]
    restarted(training)
    assert images(training) == {THEIRS}
    assert {each["serviceAccountName"] for each in pods(training)} == {"admin"}
    assert told(training, "NotCarried") == []


# --- jobs: git: the Jobs --------------------------------------------------------------------------
HOST = {"name": "host", "hostPath": {"path": "/"}}
TAKEN = {"serviceAccountName": "admin", "securityContext": {"runAsUser": 0}, "volumes": [HOST]}
TAKEN_FIELDS = ("hostPath", "securityContext", "serviceAccountName")


def created_first(carried: Sequence[str] = ()) -> Training:
    """Return a set with a Job that somebody has created under its exact name before the tool did."""
    training = Training(WORKERS, jobs="git")
    edit(training.cluster.objects[PLAN], lambda plan: plan.update({"carriedFields": carried} if carried else {}))
    template = training.cluster.objects["jobs", "train-workers-0"]["spec"]["template"]["spec"]
    template.update(copy.deepcopy(TAKEN))
    template["containers"][0].update(image=THEIRS, volumeMounts=[{"name": "host", "mountPath": "/host"}])
    training.settle()
    training.tool.heals = False
    return training


def test_a_restart_takes_accounts_and_nodes_from_the_plan_and_says_so_before():
    training = created_first()
    assert training.state["restarts"] == 0
    (message,) = told(training, "NotCarried")
    assert message == (
        'Jobs of workers differ from the plan in spec.template.spec.serviceAccountName ("admin"), '
        'spec.template.spec.securityContext ({"runAsUser":0}), '
        'spec.template.spec.volumes[host].hostPath ({"path":"/"}); '
        "restarts use the plan's. watcher.carriedFields can allow them"
    )
    assert len(told(training, "Differs")) == 1
    for _ in range(2):
        restarted(training)
        assert images(training) == {THEIRS}
        for each in pods(training):
            assert not each.get("volumes")
            assert not each["containers"][0].get("volumeMounts")
            assert not {"serviceAccountName", "securityContext"} & set(each)
    assert len(told(training, "NotCarried")) == 1


def test_an_option_lets_a_restart_keep_them():
    training = created_first(TAKEN_FIELDS)
    assert told(training, "NotCarried") == []
    assert len(told(training, "Differs")) == 1
    restarted(training)
    for each in pods(training):
        assert {key: each[key] for key in TAKEN} == TAKEN
        assert each["containers"][0]["volumeMounts"] == [{"name": "host", "mountPath": "/host"}]


def test_of_many_fields_some_are_told():
    training = Training(WORKERS, jobs="git")
    template = training.cluster.objects["jobs", "train-workers-0"]["spec"]["template"]["spec"]
    template.update({f"field{index:04}": "x" * 9_999 for index in range(2_000)})
    training.settle()
    (message,) = told(training, "NotCarried")
    assert message.count("spec.template.spec.") == 5
    assert "and 1,995 more" in message
    assert len(message) < 1_000


# --- Bounds ---------------------------------------------------------------------------------------
def test_changes_that_are_small_only_when_packed_are_given_up(monkeypatch):
    monkeypatch.setattr(store, "_PATTERNS", 100_000)
    training = Training(WORKERS, jobs="git")
    notes = training.cluster.objects["jobs", "train-workers-0"]["metadata"].setdefault("annotations", {})
    notes["example.com/note"] = "x" * 100_000
    training.settle()
    training.tool.heals = False
    (message,) = told(training, "StateTooLarge")
    assert message.startswith("what others have changed in Jobs of workers is too large to be kept")
    restarted(training)
    for job in training.cluster.jobs().values():
        assert "example.com/note" not in job["metadata"]["annotations"]
    assert len(told(training, "StateTooLarge")) == 1


@pytest.mark.parametrize(
    ("method", "part", "status"),
    [("POST", "/jobs?", 403), ("DELETE", "/jobs/", 409), ("POST", "/jobs?", 500)],
)
def test_what_fails_for_each_of_many_jobs_has_some_lines_of_the_log(method, part, status, capsys, monkeypatch):
    moments = [1_000.0]
    monkeypatch.setattr(log, "_written", {})
    monkeypatch.setattr(log.time, "monotonic", lambda: moments[0])
    training = running(spec({"workers": "replicas: 40"}, failurePolicy="{maxRestarts: 5}"), jobs="watcher")
    refusing = Refusing(training, method, part, status)
    training.cluster.fail("train-workers-1")
    capsys.readouterr()
    for _ in range(30):
        training.round()
    lines = capsys.readouterr().out.splitlines()
    assert refusing.refused > 150
    assert len(lines) < 110
    moments[0] += 60
    for _ in range(15):  # what was refused is held back for up to 10 s
        training.round()
    again = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert sum(each.get("leftOut", 0) for each in again) > 40


def test_an_event_has_no_characters_that_a_terminal_obeys():
    training = running(jobs="watcher")
    Refusing(training, "POST", "/jobs?", 403, "no \x1b[2J\n\x9b2J\u202equota")
    training.cluster.fail("train-workers-1")
    for _ in range(10):
        training.round()
    (message,) = told(training, "JobCreationFailed")
    assert message.endswith("403: no  [2J  2J quota; it is tried again")


def test_a_refused_update_with_another_number_each_time_is_told_once():
    training = running(jobs="watcher", update_policy="Recreate")
    create, trials = training.cluster.create, []

    def refuse_trials(plural: str, item: Json, dry_run: bool = False) -> Json:
        if dry_run:
            trials.append(plural)
            raise RefusedError(422, f"denied: {len(trials)} of 10 pods")
        return dict(create(plural, item))

    training.cluster.create = refuse_trials
    training.push(WORKERS.replace("train:1", "train:2"))
    training.tool.sync()
    for _ in range(300):
        training.round()
    assert len(trials) > 2
    assert told(training, "UpdateRefused") == ["the old run goes on: 422: denied: 1 of 10 pods"]


def test_a_long_refusal_is_a_short_line_of_the_log(capsys):
    training = running(jobs="watcher")
    Refusing(training, "POST", "/jobs?", 422, "x" * 600_000)
    training.cluster.fail("train-workers-1")
    capsys.readouterr()
    for _ in range(10):
        training.round()
    lines = capsys.readouterr().out.splitlines()
    assert any("xxx" in line for line in lines)
    assert max(len(line) for line in lines) < 3_000
    assert all(len(message) <= 1_000 for message in told(training, "JobCreationFailed"))


class Strict(Cluster):
    """Takes a time to live as the API does: of 32 bits."""

    def patch(self, plural: str, name: str, body: Json) -> Json:
        if (body.get("spec") or {}).get("ttlSecondsAfterFinished", 0) > 2**31 - 1:
            raise RefusedError(400, "cannot unmarshal number into Go struct field of type int32")
        return super().patch(plural, name, body)


class StrictTraining(Training):
    make_cluster = Strict


def test_the_longest_time_to_live_is_handed_over():
    text = spec({"workers": "replicas: 2"}, ttlSecondsAfterFinished="2147483647")
    training = StrictTraining(text, jobs="watcher")
    training.settle()
    training.cluster.complete("train-workers-0")
    training.cluster.tick(5)
    training.cluster.complete("train-workers-1")
    for _ in range(100):
        training.round()
    assert told(training, "RequestRefused") == []
    assert training.outcome == "Completed AllJobsCompleted"
    ttls = [job["spec"]["ttlSecondsAfterFinished"] for job in training.cluster.jobs().values()]
    assert ttls == [2**31 - 1] * 2
    assert training.exits == [0]


@pytest.mark.parametrize("name", ["t", "t" * 40, "t" * 41, "t" * 63])
def test_the_name_of_a_trial_is_about_as_long_as_the_jobs(name):
    """Names of pods are made from it, and are refused where they are too long."""
    made = f"{_trial_name(name)}{'x' * 5}"
    assert len(made) <= max(len(name), 46)
    assert made.startswith(name[:35])


# --- Numbers without a limit ----------------------------------------------------------------------
@pytest.mark.parametrize("jobs", ["git", "watcher"])
@pytest.mark.parametrize("label", ["9" * 63, str(2**31)])
def test_a_label_that_is_no_number_of_restarts_counts_for_nothing_when_the_state_is_lost(jobs, label):
    training = running(jobs=jobs)
    live = training.cluster.objects["jobs", "train-workers-0"]["metadata"]["labels"]
    live.update({ATTEMPT: label, JOB_ATTEMPT: label})
    training.cluster.objects[STATE].update(data={}, binaryData={})
    training.watchers = [training.watcher()]
    training.settle()
    assert (training.state["restarts"], training.state["jobRestarts"]) == (0, {})


@pytest.mark.parametrize("jobs", ["git", "watcher"])
def test_restarts_end_at_the_most_that_a_status_has_and_still_restart(jobs):
    text = spec({"workers": "replicas: 2"}, failurePolicy=f"{{maxRestarts: {2**31 - 1}}}")
    training = running(text, jobs=jobs)
    state = training.cluster.objects[STATE]
    readable = json.loads(state["data"]["state.json"])
    readable["restarts"] = 2**31 - 1
    state["data"]["state.json"] = json.dumps(readable)
    for _ in range(3):
        training.settle()
        before = training.names()
        training.cluster.fail("train-workers-1")
        training.settle()
        assert not set(before.values()) & set(training.names().values())
        assert training.running() == NAMES
    assert (training.state["restarts"], training.state["countedRestarts"]) == (2**31 - 1, 3)


@pytest.mark.parametrize("number", [2**31, 10**18, 10**40])
def test_a_state_that_counts_more_is_made_anew(number):
    training = running(jobs="watcher")
    state = training.cluster.objects[STATE]
    readable = json.loads(state["data"]["state.json"])
    state["data"]["state.json"] = json.dumps({**readable, "restarts": number})
    training.settle()
    assert len(told(training, "StateUnreadable")) == 1
    assert training.state["restarts"] == 0


@pytest.mark.parametrize("jobs", ["git", "watcher"])
@pytest.mark.parametrize("replicas", ["1000001", "1000000000", "1" + "0" * 5000], ids=len)
def test_a_plan_of_very_many_jobs_is_refused_before_they_are_counted(jobs, replicas):
    training = running(jobs=jobs)
    plan = training.cluster.objects[PLAN]
    text = plan["data"]["plan.json"]
    assert '"replicas": 2' in text
    plan["data"]["plan.json"] = text.replace('"replicas": 2', f'"replicas": {replicas}')
    for _ in range(5):
        training.round()
    assert len(told(training, "PlanUnreadable")) == 1


def test_bits_beyond_the_jobs_of_a_plan_are_not_kept():
    training = running()
    state = training.cluster.objects[STATE]
    of_jobs = json.loads(unpacked(state["binaryData"]["jobs.json.gz"]))
    of_jobs["applied"] = {"workers": "f" * 1_000_000}
    state["binaryData"]["jobs.json.gz"] = packed(json.dumps(of_jobs))
    training.cluster.fail("train-workers-1")
    training.settle()
    assert training.state["applied"] == {"workers": "3"}


def test_what_is_remembered_of_generations_does_not_grow():
    training = running()
    for number in range(500):
        edit(training.cluster.objects[PLAN], lambda plan, number=number: plan.update(generation=f"{number:0>10000}"))
        training.round()
        training.watchers[0].reporter.report_once(Say("Normal", "Odd", f"{number:0>10000}"[::-1]))
    observer, reporter = training.watchers[0].observer, training.watchers[0].reporter
    assert sum(map(len, observer.first_seen)) < 10_000
    assert max(len(event.message) for event in reporter.reported) <= 1_000


# --- Trials that are never answered ---------------------------------------------------------------
def unanswered(training: Training, status: int) -> Refusing:
    """Answer dry runs alone with a status."""
    refusing = Refusing(training, "POST", "/jobs?", status)
    refusing.stop()
    answer = training.cluster.send

    def send(method: str, path: str, body: bytes | None, kind: str) -> tuple[int, dict[str, str], bytes]:
        if "dryRun" not in path:
            return answer(method, path, body, kind)
        refusing.refused += 1
        return status, {}, b'{"message": "failed calling webhook"}'

    training.cluster.send = send
    return refusing


STATUSES = pytest.mark.parametrize("status", [0, 302, 429, 500, 504])


@STATUSES
def test_a_set_in_git_does_not_wait_for_ever_for_trials(status):
    training = Training(WORKERS, gitops="argocd")
    refusing = unanswered(training, status)
    for _ in range(200):
        training.round()
    (message,) = told(training, "NotCompared")
    assert "failed calling webhook" in message
    asked = refusing.refused
    restarted(training)
    assert refusing.refused == asked  # once in a run


@STATUSES
def test_an_update_waits_for_trials_and_the_old_run_does_not(status):
    training = running(jobs="watcher", update_policy="Recreate")
    unanswered(training, status)
    training.push(WORKERS.replace("train:1", "train:2"))
    training.tool.sync()
    for _ in range(20):
        training.round()
    restarted(training)
    for _ in range(200):
        training.round()
    (message,) = told(training, "UpdateRefused")
    assert "failed calling webhook" in message
    assert images(training) == {OURS}


# --- Answers of other shapes ----------------------------------------------------------------------
@pytest.mark.parametrize("name", ["x\x1b[2J\nERROR forged line", "y" * 500])
def test_the_reason_of_an_event_has_no_more_than_a_reason_has(name):
    training = running(jobs="watcher")
    training.watchers[0].reporter.report(Say("Warning", f"FailurePolicy_{name}", "text"))
    training.round()
    (reason,) = [each["reason"] for each in training.cluster.of("events").values() if "FailurePolicy" in each["reason"]]
    assert len(reason) <= 128
    assert reason.isprintable()


def test_an_event_that_the_api_cannot_take_keeps_no_other_waiting():
    training = running(jobs="watcher")
    create = training.cluster.create

    def refuse(plural: str, item: Json, dry_run: bool = False) -> Json:
        if plural == "events" and item["reason"] == "Odd":
            raise RefusedError(422, "invalid")
        return dict(create(plural, item, dry_run))

    training.cluster.create = refuse
    for reason in ("Odd", "Usual"):
        training.watchers[0].reporter.report(Say("Normal", reason, "text"))
    training.round()
    assert told(training, "Usual") == ["text"]
    assert training.watchers[0].reporter.queue == []


def test_a_list_whose_pages_repeat_ends_in_trouble():
    training = running(jobs="watcher")
    send = training.cluster.send

    def repeat(method: str, path: str, body: bytes | None, kind: str) -> tuple[int, dict[str, str], bytes]:
        if method == "GET" and "/jobs?" in path:
            return 200, {}, b'{"metadata": {"resourceVersion": "1", "continue": "x"}, "items": []}'
        return send(method, path, body, kind)

    training.cluster.send = repeat
    with pytest.raises(ApiError, match="does not end"):
        list(training.watchers[0].api.pages("jobs", {}))
