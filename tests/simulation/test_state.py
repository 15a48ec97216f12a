"""The state always fits into its ConfigMap, whatever the set and its failures are like, and only its readers read it."""

from __future__ import annotations

import base64
import copy
import importlib.util
import json
import random
import uuid
from types import ModuleType
from typing import Any

import pytest

from jobsetgen import Settings, Source, compile
from jobsetgen.rules.common.plan_size import state_bound
from jobsetgen.runtime.watcher.contract import MARKED
from jobsetgen.runtime.watcher.decide import decide
from jobsetgen.runtime.watcher.failure import EVIDENCE
from jobsetgen.runtime.watcher.formats import ROOM, packed, room_taken, state_of, stored, unpacked
from jobsetgen.runtime.watcher.stamp import fill, slots
from jobsetgen.runtime.watcher.view import Job, Seen
from tests.compat.moments import FOLDER, MODES
from tests.simulation.cluster import NAMESPACE
from tests.simulation.training import NAME, Inline, Training, spec

Json = dict[str, Any]
WORKERS = spec({"workers": "replicas: 3"}, failurePolicy="{maxRestarts: 3}")
ALONE = "{maxRestarts: 3, rules: [{name: r, action: RestartJob}]}"
EACH_MODE = pytest.mark.parametrize("jobs", MODES)
OLD_WATCHER = FOLDER / "format-1" / "restart_watcher.py"


def noise(size: int) -> str:
    """Return a text that does not compress: of 6 bits a byte."""
    return base64.b64encode(random.Random(1).randbytes(size * 3 // 4)).decode()


def compiled(text: str, **settings: Any) -> Any:
    limits = {"max_jobs": 200_000, "max_bytes": 2**32}
    settings = {"namespace": NAMESPACE, "restart_watcher": "Always", **limits, **settings}
    return compile([Source(name="set.yaml", content=text.encode())], Settings(**settings))


def plan_of(compilation: Any) -> str:
    texts = [item["data"]["plan.json"] for item in compilation.objects() if "plan.json" in (item.get("data") or {})]
    return str(texts[0])


def live(plan: Json) -> dict[str, Job]:
    """Return the Jobs of a plan as a GitOps tool has made them."""
    jobs = {}
    for each in plan["replicatedJobs"]:
        small = {**each, "job": {**each["job"], "spec": {"template": {"metadata": _pods(each)}}}}
        for index in range(each["replicas"]):
            item = fill(small["job"], slots(plan, small, index))
            item["metadata"]["uid"] = str(uuid.uuid4())
            jobs[item["metadata"]["name"]] = Job(item)
    return jobs


def _pods(each: Json) -> Json:
    return dict(each["job"]["spec"]["template"]["metadata"])


def largest(plan: Json, *, alone: bool) -> Json:
    """Return the largest state that a plan's watcher writes: amid a restart, after very many, full of evidence."""
    chance = random.Random(1)
    jobs = live(plan)
    state, _ = decide({}, Seen(plan, str(uuid.uuid4()), jobs, 0.0))
    for kind in ("restarts", "countedRestarts"):
        state[kind] = 10**9
    state["previous"] = [job.mark for job in jobs.values()]
    state["applied"] = {each["name"]: f"{chance.getrandbits(each['replicas']):x}" for each in plan["replicatedJobs"]}
    if alone:
        state["jobRestarts"] = {name: [chance.randrange(1, 400), chance.randrange(1, 400)] for name in jobs}
    state["counts"] = {name: dict.fromkeys(counts, 10**5) for name, counts in state["counts"].items()}
    job = next(iter(jobs.values()))
    job.failing = job.failed = True
    for at in range(EVIDENCE):
        job.reason = noise(500)
        job.message = "".join(chance.choice('\x01"\\ä😀\n\u2028') for _ in range(2_000)) + noise(at)
        failing = {**state, "previous": [], "terminal": None}
        failed, _ = decide(failing, Seen(plan, state["planUid"], {job.name: job}, 0.0))
        state["evidence"] = failed["evidence"]
        state["evidence"][-1].update(pod="p" * 63, node="n" * 253, exitCode=255)
    state["terminal"] = {"type": "Completed", "reason": noise(200), "message": noise(600), "time": "t" * 20}
    return state


SHAPES = {
    "few Jobs": {"workers": "replicas: 3"},
    "many Jobs": {"workers": "replicas: 1000", "others": "replicas: 1000"},
    "many replicatedJobs": {f"r{index:03}-{'x' * 40}": "replicas: 2" for index in range(150)},
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("policy", ["{maxRestarts: 3}", ALONE])
def test_no_state_is_larger_than_what_the_compiler_reckons_with(shape, policy):
    compilation = compiled(spec(SHAPES[shape], failurePolicy=policy))
    (unit,) = compilation.units
    text = plan_of(compilation)
    state = largest(json.loads(text), alone=policy == ALONE)
    assert len(state["evidence"]) == EVIDENCE
    bound = state_bound(unit.jobset, text.encode())
    assert bound / 4 < room_taken(stored(state)) <= bound


@pytest.mark.parametrize(
    ("jobs", "argument"),
    [
        (6_000, noise(690_000)),
        (20_000, ""),
        (3, "ж" * 260_000),
        (3, "中" * 226_000),
        (3, "😀" * 170_000),
    ],
    ids=["a large plan", "20,000 Jobs", "Cyrillic", "Chinese", "emoji"],
)
def test_a_set_that_compiles_has_room_for_its_restart(jobs, argument):
    text = spec({"workers": f"replicas: {jobs}"}, failurePolicy="{maxRestarts: 3}")
    compilation = compiled(text.replace("name: main,", f"name: main, args: ['{argument}'],"))
    assert compilation.ok, compilation.diagnostics
    plan = json.loads(plan_of(compilation))
    state = decide({}, Seen(plan, "plan-uid", live(plan), 0.0))[0]
    state["previous"] = [job.mark for job in live(plan).values()]
    assert room_taken(stored(state)) <= ROOM


def test_a_set_whose_state_might_not_fit_is_refused():
    text = spec({f"w{index}": "replicas: 1000" for index in range(90)}, failurePolicy=ALONE)
    compilation = compiled(text)
    (error,) = [item for item in compilation.diagnostics if item.is_error]
    assert error.code == "JSG406"
    assert error.message == (
        "the restart-watcher's state may need 1,595 kB for 90,000 Jobs and this plan; a ConfigMap has room for 1,048 kB"
    )


@EACH_MODE
def test_what_is_stored_is_what_is_read(jobs):
    training = Training(WORKERS, jobs=jobs)
    training.settle()
    training.cluster.slow = {"train-workers-0"}
    training.cluster.fail("train-workers-1")
    for _ in range(3):
        training.round()
    state = training.state
    assert stored(state_of(stored(state))) == stored(state)
    assert state_of(stored(state)) == state


def test_a_state_names_jobs_by_uid_only_where_labels_do_not_tell():
    noted = {}
    for jobs in MODES:
        training = Training(WORKERS, jobs=jobs)
        training.settle()
        training.tool.heals = False
        training.cluster.slow = {"train-workers-0", "train-workers-2"}
        training.cluster.fail("train-workers-1")
        training.round()
        assert len(training.previous) >= 2
        noted[jobs] = {mark for kind in MARKED for mark in training.state[kind]}
    assert len(noted["git"]) >= 2
    assert noted["watcher"] == set()


def test_what_others_changed_is_given_up_where_it_does_not_fit_and_people_are_told():
    training = Training(WORKERS)
    for name in ("train-workers-0", "train-workers-1", "train-workers-2"):
        job = training.tool.git["jobs", name]
        job["spec"]["template"]["spec"]["containers"][0]["args"] = [noise(800_000)]
        job["metadata"].setdefault("labels", {})["team"] = "vision"
        training.cluster.delete("jobs", name)
    training.cluster.tick()
    training.tool.sync()
    training.settle()
    events = [event for event in training.cluster.of("events").values() if event["reason"] == "StateTooLarge"]
    assert [event["message"] for event in events] == [
        "what others have changed in Jobs of workers is too large to be kept; restarts use the plan's Jobs"
    ]
    training.tool.heals = False
    training.cluster.fail("train-workers-1")
    training.settle()
    assert training.state["restarts"] == 1
    assert sorted(training.names()) == training.running()
    assert room_taken(training.cluster.of("configmaps")["train-restart-state"]) <= ROOM


def old_watcher() -> ModuleType:
    """Return the watcher of the release that wrote format 1."""
    spec_ = importlib.util.spec_from_file_location("old_watcher", OLD_WATCHER)
    assert spec_ is not None
    assert spec_.loader is not None
    module = importlib.util.module_from_spec(spec_)
    spec_.loader.exec_module(module)
    return module


def old_process(module: ModuleType, training: Training) -> Any:
    """Return a watcher of that release beside a set."""
    mine = training.watcher()
    made = module.Watcher(module.Api(training.cluster, NAMESPACE, mine.api.stopping), mine.names, mine.uid, mine.clock)
    made.pool = Inline()
    return made


@EACH_MODE
@pytest.mark.parametrize("moment", ["running", "amid a restart", "over"])
def test_a_watcher_of_format_1_leaves_a_newer_state_and_its_jobs_alone(jobs, moment):
    text = WORKERS.replace("maxRestarts: 3", "maxRestarts: 0") if moment == "over" else WORKERS
    training = Training(text, jobs=jobs)
    training.settle()
    training.tool.heals = False
    if moment != "running":
        training.cluster.slow = {"train-workers-0"}
        training.cluster.fail("train-workers-1")
        training.round()
    before = json.dumps(sorted(training.cluster.objects.items()))
    training.cluster.requests.clear()
    with pytest.raises(SystemExit, match="a format that this script does not know"):
        old_process(old_watcher(), training).step()
    assert {method for method, _ in training.cluster.requests} == {"GET"}
    assert json.dumps(sorted(training.cluster.objects.items())) == before


@EACH_MODE
def test_a_restart_goes_on_beside_a_watcher_of_format_1(jobs):
    training = Training(WORKERS, jobs=jobs)
    old = old_process(old_watcher(), training)
    training.watchers = []
    for _ in range(8):
        old.step()
        training.round()
    assert training.state["format"] == 1
    training.cluster.fail("train-workers-1")
    old.step()
    training.watchers = [training.watcher()]
    for _ in range(40):
        training.round()
        with pytest.raises(SystemExit):
            old.step()
    assert (training.state["restarts"], training.state["countedRestarts"]) == (1, 1)
    assert training.running() == [f"{NAME}-workers-{index}" for index in range(3)]


def in_format(training: Training, what: str, number: object) -> None:
    """Give the plan or the state in the cluster another number."""
    item = training.cluster.objects["configmaps", f"train-restart-{what}"]
    item["data"][f"{what}.json"] = json.dumps({**json.loads(item["data"][f"{what}.json"]), "format": number})


def told(training: Training, reason: str) -> list[str]:
    """Return the messages of the events with a reason."""
    return [event["message"] for event in training.cluster.of("events").values() if event["reason"] == reason]


@pytest.mark.parametrize("what", ["plan", "state"])
def test_a_newer_format_is_told_of_once_and_nothing_is_done_until_it_is_gone(what):
    training = Training(WORKERS)
    training.settle()
    training.tool.heals = False
    original = copy.deepcopy(training.cluster.objects["configmaps", f"train-restart-{what}"])
    in_format(training, what, 3)
    training.cluster.fail("train-workers-1")
    before = [item for key, item in sorted(training.cluster.objects.items()) if key[0] != "events"]
    for _ in range(3):
        assert training.watchers[0].step() is None
    assert [item for key, item in sorted(training.cluster.objects.items()) if key[0] != "events"] == before
    (message,) = told(training, "UnknownFormat")
    assert message == f"the {what} has format 3, which this release of the watcher does not know; nothing is done"
    training.cluster.objects["configmaps", f"train-restart-{what}"] = original
    training.settle()
    assert len(told(training, "Readable")) == 1
    assert training.state["restarts"] == 1


@pytest.mark.parametrize("number", [0, "2", None, True, 2.0])
def test_a_state_whose_format_is_no_number_of_one_is_made_anew(number):
    training = Training(WORKERS)
    training.settle()
    in_format(training, "state", number)
    training.settle()
    assert told(training, "StateUnreadable")[0].startswith(f"state.json: .format is {number!r} and none of (1, 2)")
    assert training.state["format"] == 2


def test_an_upgrade_that_also_makes_the_set_smaller_leaves_nothing_behind():
    training = Training(WORKERS)
    training.settle()
    training.tool.heals = False
    old = old_process(old_watcher(), training)
    training.cluster.delete("configmaps", "train-restart-state")  # and so one of format 1 is written
    training.tool._apply(("configmaps", "train-restart-state"), training.tool.git["configmaps", "train-restart-state"])
    training.watchers = []
    old.step()
    training.push(WORKERS.replace("replicas: 3", "replicas: 2"))
    training.tool.sync(prune=False)
    old.step()  # sees the plan before it is replaced itself
    training.watchers = [training.watcher()]
    for _ in range(100):
        training.round()
    assert training.names().keys() == {"train-workers-0", "train-workers-1"}
    assert "UnknownJob" not in {event["reason"] for event in training.cluster.of("events").values()}


WRONG = [
    ("planUid", None),
    ("restarts", "1"),
    ("terminal", {"reason": "x"}),
    ("counts", []),
    ("evidence", {}),
    ("jobRestarts", {"a": [1]}),
    ("jobRestarts", []),
    ("patterns", 1),
    ("previous", [1]),
    ("plan", {}),
]


@pytest.mark.parametrize(("key", "value"), WRONG)
def test_a_state_of_other_types_is_made_anew_from_the_jobs(key, value):
    training = Training(WORKERS)
    training.settle()
    training.tool.heals = False
    training.cluster.fail("train-workers-1")
    training.settle()
    item = training.cluster.objects["configmaps", "train-restart-state"]
    parts = {"data": {"state.json": json.loads(item["data"]["state.json"])}}
    parts["binaryData"] = {name: json.loads(unpacked(blob)) for name, blob in item["binaryData"].items()}
    for part in (parts["data"]["state.json"], parts["binaryData"]["jobs.json.gz"]):
        if key in part:
            part[key] = value
    if key == "plan":
        parts["binaryData"]["plan.json.gz"] = value
    item["data"]["state.json"] = json.dumps(parts["data"]["state.json"])
    item["binaryData"] = {name: packed(json.dumps(content)) for name, content in parts["binaryData"].items()}
    training.settle()
    assert "StateUnreadable" in {event["reason"] for event in training.cluster.of("events").values()}
    assert training.state["restarts"] == 1


@pytest.mark.parametrize("key", ["plan.json.gz", "jobs.json.gz"])
@pytest.mark.parametrize("text", ["", "AAAA", "H4sIAAAAAAAAAw=="])
def test_a_state_with_a_broken_part_is_made_anew_from_the_jobs(key, text):
    training = Training(WORKERS)
    training.settle()
    training.tool.heals = False
    training.cluster.fail("train-workers-1")
    training.settle()
    training.cluster.objects["configmaps", "train-restart-state"]["binaryData"][key] = text
    training.settle()
    assert "StateUnreadable" in {event["reason"] for event in training.cluster.of("events").values()}
    assert training.state["restarts"] == 1
