"""The script as a process, over TLS, with the token and the authority that a pod has."""

from __future__ import annotations

import json
import os
import signal
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import trustme

from jobsetgen import Settings, Source, compile
from jobsetgen.runtime.watcher.decide import decide
from jobsetgen.runtime.watcher.https import Https
from jobsetgen.runtime.watcher.stamp import job_object
from jobsetgen.runtime.watcher.view import Job, Seen
from tests.cases import ROOT
from tests.simulation.cluster import NAMESPACE, uid
from tests.simulation.server import Server
from tests.simulation.training import NAME, Training, spec

WORKERS = spec({"workers": "replicas: 3"}, failurePolicy="{maxRestarts: 1}")
RUNTIME = ROOT / "jobsetgen" / "runtime"
NAMES = ["train-workers-0", "train-workers-1", "train-workers-2"]


class Process:
    """A watcher's process beside its cluster."""

    def __init__(self, server: Server, training: Training) -> None:
        self.server, self.training = server, training
        options = {"plan": f"{NAME}-restart-plan", "state": f"{NAME}-restart-state", "job": f"{NAME}-restart-watcher"}
        own = uid(training.cluster.of("jobs")[options["job"]])
        self.command = [sys.executable, "-u", "-m", "watcher", "--credentials", str(server.folder)]
        self.command += [word for name, value in options.items() for word in (f"--{name}", value)]
        self.environment = {"PATH": os.environ["PATH"], "JOB_UID": own, **server.environment}
        self.start()

    def start(self) -> None:
        self.child = subprocess.Popen(
            self.command, cwd=RUNTIME, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )

    def stop(self) -> None:
        if self.child.poll() is None:
            self.child.kill()
        self.child.communicate()

    def wait(self, condition: Callable[[], bool], seconds: float = 120) -> None:
        """Let the controllers run until something is so; TimeoutError where it never is."""
        end = time.monotonic() + seconds
        while not self.server.holds(condition):
            if time.monotonic() > end:
                raise TimeoutError(self.training.state)
            self.server.tick()
            time.sleep(0.02)

    def runs(self) -> None:
        self.wait(lambda: self.training.running() == NAMES and self.training.state != {})


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Process]:
    training = Training(WORKERS, jobs="watcher")
    training.watchers = []
    with Server(training.cluster, tmp_path).running() as server:
        started = Process(server, training)
        yield started
        started.stop()


def fail(process: Process, name: str) -> None:
    with process.server.lock:
        process.training.cluster.fail(name)


def test_a_restart_and_the_end_of_a_set_that_completes(process):
    process.runs()
    before = process.training.names()
    fail(process, "train-workers-1")
    process.wait(lambda: process.training.state["restarts"] == 1)
    process.runs()
    assert not set(before.values()) & set(process.training.names().values())
    for name in NAMES:
        with process.server.lock:
            process.training.cluster.complete(name)
    assert process.child.wait(120) == 0
    assert process.training.outcome == "Completed AllJobsCompleted"


def test_a_set_that_fails_fails_the_watchers_job_by_its_deadline(process):
    for attempt in (1, 2):
        process.runs()
        fail(process, "train-workers-0")
        process.wait(lambda attempt=attempt: len(process.training.state["evidence"]) == attempt)
    own = process.training.cluster.of("jobs")[f"{NAME}-restart-watcher"]
    process.wait(lambda: own is not None and "activeDeadlineSeconds" in own_spec(process))
    assert own_spec(process)["activeDeadlineSeconds"] == 1
    assert process.child.poll() is None  # the Job controller ends it


def own_spec(process: Process) -> dict:
    return process.training.cluster.of("jobs")[f"{NAME}-restart-watcher"]["spec"]


def test_a_token_that_is_rotated(process):
    process.runs()
    process.server.rotate()
    fail(process, "train-workers-1")
    process.wait(lambda: process.training.state["restarts"] == 1)
    process.runs()


def test_watches_that_are_cut(process):
    process.runs()
    for _ in range(5):
        process.server.cut()
        time.sleep(0.1)
    fail(process, "train-workers-1")
    process.wait(lambda: process.training.state["restarts"] == 1)
    process.runs()


def test_watches_that_begin_too_long_ago_lead_to_a_new_list(process):
    process.runs()
    process.server.expired = 4
    process.server.cut()
    process.wait(lambda: process.server.expired == 0)
    fail(process, "train-workers-1")
    process.wait(lambda: process.training.state["restarts"] == 1)
    process.runs()


def test_watches_that_begin_too_long_ago_for_ever_hide_no_failure(process):
    process.runs()
    process.server.expired = 10**6
    process.server.cut()
    time.sleep(2)
    begun = process.server.watches
    fail(process, "train-workers-1")
    process.wait(lambda: process.training.state["restarts"] == 1)
    process.runs()
    assert process.server.watches - begun < 40  # three kinds of object, at growing intervals


def test_a_plan_that_cannot_be_read_does_not_end_the_process(process):
    process.runs()
    plan = process.training.cluster.objects["configmaps", f"{NAME}-restart-plan"]
    text = plan["data"]["plan.json"]
    with process.server.lock:
        plan["data"]["plan.json"] = text.replace('"maxRestarts"', '"maxRestart"')
        process.training.cluster.fail("train-workers-1")
    process.wait(lambda: reasons(process).count("PlanUnreadable") == 1)
    with process.server.lock:
        plan["data"]["plan.json"] = text
    process.wait(lambda: process.training.state["restarts"] == 1)
    process.runs()
    assert process.child.poll() is None


def reasons(process: Process) -> list[str]:
    return [event["reason"] for event in process.training.cluster.of("events").values()]


@pytest.mark.parametrize(
    ("flags", "levels"),
    [
        ([], {"info", "warning"}),
        (["--log-level", "debug"], {"debug", "info", "warning"}),
        (["--log-level", "warning"], {"warning"}),
    ],
)
def test_the_log_has_the_levels_that_were_asked_for(process, flags, levels):
    process.stop()
    process.command += flags
    process.start()
    lines: list[bytes] = []
    reader = threading.Thread(target=lambda: lines.extend(process.child.stdout))  # a full pipe would hold the watcher
    reader.start()
    process.runs()
    fail(process, "train-workers-1")
    process.wait(lambda: process.training.state["restarts"] == 1)
    process.runs()
    for name in NAMES:
        with process.server.lock:
            process.training.cluster.complete(name)
    assert process.child.wait(120) == 0
    reader.join()
    assert {json.loads(line)["level"] for line in lines} == levels


def use_another_authority(process: Process) -> None:
    process.server.write_credentials(trustme.CA())


def use_another_name(process: Process) -> None:
    process.environment["KUBERNETES_SERVICE_HOST"] = "localhost"  # the certificate is that of 127.0.0.1


@pytest.mark.parametrize("change", [use_another_authority, use_another_name])
def test_a_server_with_a_wrong_certificate_is_refused_and_sent_no_token(process, change):
    process.stop()
    change(process)
    process.start()
    before = list(process.training.cluster.requests)
    assert process.child.stdout is not None
    lines = [next(process.child.stdout) for _ in range(3)]
    assert all(b"CERTIFICATE_VERIFY_FAILED" in line for line in lines)
    assert process.training.cluster.requests == before


def test_a_watch_waits_longer_for_news_than_a_request_for_its_answer_on_the_same_connection(process, monkeypatch):
    transport = connected(process, monkeypatch)
    path = f"/apis/batch/v1/namespaces/{NAMESPACE}/jobs"
    transport.send("GET", f"{path}?limit=1", None, "application/json")
    socket = transport.own.connection.sock
    assert socket.gettimeout() == 30
    news = transport.lines(f"{path}?watch=1&resourceVersion=0")
    next(news)
    assert socket.gettimeout() == 100
    news.close()


def test_an_authority_that_is_replaced_is_trusted_by_the_next_connection(process, monkeypatch):
    transport = connected(process, monkeypatch)
    path = f"/api/v1/namespaces/{NAMESPACE}/configmaps?limit=1"
    process.server.write_credentials(trustme.CA())
    with pytest.raises(ssl.SSLCertVerificationError):
        transport.send("GET", path, None, "application/json")
    process.server.write_credentials(process.server.authority)
    assert transport.send("GET", path, None, "application/json")[0] == 200
    transport.own.connection.close()


def connected(process: Process, monkeypatch: pytest.MonkeyPatch) -> Https:
    """Return a transport to the server of a process."""
    for name, value in process.server.environment.items():
        monkeypatch.setenv(name, value)
    return Https(str(process.server.folder))


def test_sigterm_ends_it_and_it_makes_nothing_any_more(process):
    process.runs()
    process.child.send_signal(signal.SIGTERM)
    assert process.child.wait(120) == 1
    posts = [path for method, path in process.training.cluster.requests if method == "POST"]
    fail(process, "train-workers-1")
    for _ in range(20):
        process.server.tick()
    assert [path for method, path in process.training.cluster.requests if method == "POST"] == posts


def test_killed_and_started_again_in_the_middle_of_a_restart(process):
    process.runs()
    fail(process, "train-workers-1")
    process.wait(lambda: process.training.state["restarts"] == 1)
    process.stop()
    process.start()
    process.runs()
    assert process.training.state["restarts"] == 1


@pytest.mark.parametrize(("small", "large", "most"), [((1_000, 1), (10_000, 1), 30), ((64, 1), (64, 64), 10)])
def test_a_pass_grows_with_the_jobs_and_not_with_their_pods(small, large, most):
    assert seconds_of_a_pass(*large) < most * seconds_of_a_pass(*small)


def seconds_of_a_pass(replicas: int, pods: int) -> float:
    """Return the processor time of a pass over a number of Jobs, each of a number of pods."""
    text = spec({"workers": f"replicas: {replicas}"}).replace(
        "parallelism: 2, completions: 2", f"parallelism: {pods}, completions: {pods}"
    )
    settings = Settings(namespace=NAMESPACE, jobs="watcher", restart_watcher="Always")
    objects = list(compile([Source(name="set.yaml", content=text.encode())], settings).objects())
    (plan,) = [item["data"]["plan.json"] for item in objects if item["metadata"]["name"] == "train-restart-plan"]
    content = json.loads(plan)
    seen = Seen(content, "uid", {}, 0.0)
    state, actions = decide({}, seen)
    made = [job_object(content, state, action, "uid") for action in actions]
    jobs = {}
    for place, item in enumerate(made):
        item["metadata"]["uid"] = f"uid-{place:036}"
        jobs[item["metadata"]["name"]] = Job(item)
    assert len(jobs) == replicas
    taken = []
    for _ in range(5):
        begin = time.process_time()
        decide(state, seen._replace(jobs=jobs))
        taken.append(time.process_time() - begin)
    print(f"{replicas} Jobs of {pods} pods: {min(taken) * 1000:.2f} ms")
    return min(taken)
