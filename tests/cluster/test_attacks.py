"""The attacks of docs/threat-model.md that need the real API server, under RBAC and without the admission policy.

Each is tried with a token that has the rights of its row and no others. Where nothing holds an attack, the test shows
that it succeeds: it fails on the day when something holds it, and then the page has to say so.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from jobsetgen.runtime.watcher.formats import state_of, stored
from tests.cluster.harness.admission_policy import BoundPolicy, bind, bound_policy
from tests.cluster.harness.client import ApiError, Client
from tests.cluster.harness.compiled_set import CompiledSet
from tests.cluster.harness.control_plane import ControlPlane
from tests.cluster.harness.plain_set import NAMES, TEXT, fail
from tests.cluster.harness.processes import Process, until

Json = dict[str, Any]
WATCHER = "train-restart-watcher"
THIEFS = "registry.example.com/of-the-thief:1"
IMAGE = [{"op": "replace", "path": "/spec/containers/0/image", "value": THIEFS}]


@pytest.fixture
def admin(real_plane: ControlPlane, real_namespace: str) -> Client:
    """The administrator of a namespace that has a powerful account and a Secret."""
    client = real_plane.within(real_namespace)
    bind(client, "admin", [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}])
    client.create({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "data"}, "stringData": {"key": "s3cret"}})
    return client


def user(plane: ControlPlane, admin: Client, resource: str, *verbs: str) -> Client:
    """Return somebody who may do this with one resource, and nothing else."""
    group = "batch" if resource == "jobs" else ""
    rule = {"apiGroups": [group], "resources": [resource], "verbs": list(verbs)}
    bind(admin, "somebody", [rule])
    return plane.client_for(plane.token_for(admin.namespace, "somebody"), admin.namespace)


def token_of(plane: ControlPlane, admin: Client, account: str) -> Client:
    return plane.client_for(plane.token_for(admin.namespace, account), admin.namespace)


def effective(attempt: Callable[[], object]) -> None:
    """Try until the rights that were just given are in effect."""

    def is_allowed() -> bool:
        try:
            attempt()
        except ApiError as error:
            if error.status != 403:
                raise
            return False
        return True

    until(is_allowed)


def is_forbidden(attempt: Callable[[], object]) -> bool:
    """Whether RBAC refuses a request."""
    try:
        attempt()
    except ApiError as error:
        return error.status == 403
    return False


def job(name: str = "mine", **pod: Any) -> Json:
    container = {"name": "main", "image": THIEFS, "envFrom": [{"secretRef": {"name": "data"}}]}
    spec = {"restartPolicy": "Never", "containers": [container], **pod}
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": name}, "spec": {"template": {"spec": spec}}}


# --- Jobs -----------------------------------------------------------------------------------------
def test_whoever_may_create_jobs_runs_pods_with_any_account_and_any_secret(
    real_plane: ControlPlane, admin: Client
) -> None:
    thief = user(real_plane, admin, "jobs", "create")
    mount: Json = {"name": "data", "secret": {"secretName": "data"}}
    effective(lambda: thief.create(job(serviceAccountName="admin", volumes=[mount])))
    thief.create(job("root", hostPID=True, volumes=[{"name": "node", "hostPath": {"path": "/"}}]))
    until(lambda: admin.list("pods", labels="job-name=root") != [])
    assert is_forbidden(lambda: thief.get("secrets", "data"))
    until(lambda: admin.list("pods", labels="job-name=mine") != [])
    (pod,) = admin.list("pods", labels="job-name=mine")
    assert pod["spec"]["serviceAccountName"] == "admin"
    assert "serviceAccountToken" in json.dumps(pod["spec"]["volumes"])
    assert mount["secret"]["secretName"] in [
        each.get("secret", {}).get("secretName") for each in pod["spec"]["volumes"]
    ]


def test_whoever_may_update_jobs_changes_no_image_but_ends_a_set(
    real_plane: ControlPlane, admin: Client, watched: CompiledSet
) -> None:
    until(lambda: watched.ready() == NAMES and bool(watched.state))
    thief = user(real_plane, admin, "jobs", "get", "patch")
    effective(lambda: thief.get("jobs", NAMES[0]))
    image = [{**IMAGE[0], "path": "/spec/template/spec/containers/0/image"}]
    with pytest.raises(ApiError, match="field is immutable"):
        thief.patch("jobs", NAMES[0], image, kind="json")
    thief.patch("jobs", WATCHER, {"spec": {"activeDeadlineSeconds": 1}})
    until(lambda: watched.verdict() == "Failed")


def test_whoever_creates_the_jobs_of_a_set_in_git_first_decides_what_they_run(
    real_plane: ControlPlane, admin: Client, start: Callable[..., Process]
) -> None:
    made = CompiledSet(real_plane, admin.namespace, TEXT)
    thief = user(real_plane, admin, "jobs", "create")
    for item in made.objects:
        if item["metadata"]["name"] in NAMES:
            container = item["spec"]["template"]["spec"]["containers"][0]
            effective(partial(thief.create, with_image(item, container)))
        else:
            admin.apply(item)
    start(made)
    until(lambda: made.ready() == NAMES and bool(made.state))
    fail(made, NAMES[0])
    until(lambda: sorted(made.jobs(attempt="1")) == NAMES)
    assert images(made) == {THIEFS}
    assert "Differs" in [each["reason"] for each in admin.list("events")]


def with_image(item: Json, container: Json) -> Json:
    """Return a Job that differs in what it runs alone."""
    copy: Json = json.loads(json.dumps(item))
    copy["spec"]["template"]["spec"]["containers"] = [{**container, "image": THIEFS}]
    return copy


# --- Pods -----------------------------------------------------------------------------------------
def test_whoever_may_patch_pods_runs_code_with_the_token_of_each(
    real_plane: ControlPlane, admin: Client, watched: CompiledSet
) -> None:
    until(lambda: watched.ready() == NAMES)
    pods = admin.list("pods", labels=f"job-name={WATCHER}")
    thief = user(real_plane, admin, "pods", "patch")
    for name in (pods[0]["metadata"]["name"], watched.pods(NAMES[0])[0]["metadata"]["name"]):
        effective(partial(thief.patch, "pods", name, IMAGE, kind="json"))
        assert admin.get("pods", name)["spec"]["containers"][0]["image"] == THIEFS


# --- ConfigMaps -----------------------------------------------------------------------------------
def test_whoever_may_update_configmaps_cannot_change_the_script_unless_also_delete_it(
    real_plane: ControlPlane, admin: Client, watched: CompiledSet
) -> None:
    volume = watched.job["spec"]["template"]["spec"]["volumes"][0]
    script = admin.get("configmaps", volume["configMap"]["name"])
    name, files = script["metadata"]["name"], dict.fromkeys(script["data"], "import os")
    thief = user(real_plane, admin, "configmaps", "get", "create", "update", "patch", "delete")
    effective(lambda: thief.get("configmaps", name))
    with pytest.raises(ApiError, match="immutable"):
        thief.patch("configmaps", name, {"data": files})
    thief.delete("configmaps", name)
    meta = {"name": name}
    thief.create({"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta, "data": files, "immutable": True})
    assert admin.get("configmaps", name)["data"] == files


def test_whoever_may_update_the_plan_decides_what_the_watcher_creates(
    real_plane: ControlPlane, admin: Client, start: Callable[..., Process]
) -> None:
    made = CompiledSet(real_plane, admin.namespace, TEXT, jobs="watcher")
    made.apply()
    start(made)
    until(lambda: made.ready() == NAMES)
    made.push(TEXT.replace("registry.example.com/train:1", THIEFS))
    plan = next(each for each in made.objects if each["metadata"]["name"] == "train-restart-plan")
    thief = user(real_plane, admin, "configmaps", "patch")
    effective(lambda: thief.patch("configmaps", "train-restart-plan", {"data": plan["data"]}))
    until(lambda: made.ready() == NAMES and images(made) == {THIEFS})


def images(made: CompiledSet) -> set[str]:
    return {each["spec"]["template"]["spec"]["containers"][0]["image"] for each in made.jobs().values()}


def rewrite_the_state(thief: Client) -> None:
    """Write into the state that others have changed the account of the set's Jobs."""
    item = thief.get("configmaps", "train-restart-state")
    state = state_of(item)
    assert state
    account = {"spec": {"template": {"spec": {"serviceAccountName": "admin"}}}}
    state["patterns"] = {"workers": {"patch": account}}
    thief.replace({**item, **stored(state)})


def test_whoever_may_update_the_state_decides_what_the_next_restart_runs(
    real_plane: ControlPlane, admin: Client, watched: CompiledSet
) -> None:
    until(lambda: watched.ready() == NAMES and bool(watched.state))
    thief = user(real_plane, admin, "configmaps", "get", "update")
    effective(lambda: rewrite_the_state(thief))
    fail(watched, NAMES[0])
    until(lambda: sorted(watched.jobs(attempt="1")) == NAMES)
    assert accounts(watched) == {"admin"}


def accounts(made: CompiledSet) -> set[str]:
    return {each["spec"]["template"]["spec"].get("serviceAccountName", "") for each in made.jobs().values()}


@pytest.fixture(scope="module")
def policy(real_plane: ControlPlane) -> Iterator[BoundPolicy]:
    with bound_policy(real_plane, "attacks") as bound:
        yield bound


def test_with_the_admission_policy_a_rewritten_state_runs_nothing_under_another_account(
    real_plane: ControlPlane, admin: Client, watched: CompiledSet, policy: BoundPolicy
) -> None:
    policy.hold_in(admin.namespace)
    until(lambda: watched.ready() == NAMES and bool(watched.state))
    thief = user(real_plane, admin, "configmaps", "get", "update")
    effective(lambda: rewrite_the_state(thief))
    fail(watched, NAMES[0])
    until(lambda: any("listed service accounts" in each["message"] for each in admin.list("events")))
    assert watched.jobs(attempt="1") == {}


# --- The watcher's token --------------------------------------------------------------------------
def test_the_token_of_a_watcher_reads_no_secret_and_gives_itself_no_rights(
    real_plane: ControlPlane, admin: Client, watched: CompiledSet
) -> None:
    thief = token_of(real_plane, admin, WATCHER)
    role = admin.get("roles", WATCHER)
    everything = {"rules": [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}]}
    token = f"/api/v1/namespaces/{admin.namespace}/serviceaccounts/admin/token"
    request = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "mine"}, "spec": job()["spec"]["template"]["spec"]}
    attempts: list[Callable[[], object]] = [
        lambda: thief.get("secrets", "data"),
        lambda: thief.list("secrets"),
        lambda: thief.list("configmaps"),
        lambda: thief.patch("configmaps", "train-restart-plan", {"data": {}}),
        lambda: thief.patch("configmaps", script_of(watched), {"data": {}}),
        lambda: thief.create(pod),
        lambda: thief.patch("roles", WATCHER, everything),
        lambda: thief.create({**role, "metadata": {"name": "more"}}),
        lambda: thief.request("POST", token, request),
        lambda: thief.list("jobs", namespace="*"),
        lambda: thief.list("jobs", namespace="kube-system"),
        lambda: thief.create(job(), namespace="default"),
        lambda: thief.list("nodes"),
    ]
    assert [number for number, attempt in enumerate(attempts) if not is_forbidden(attempt)] == []


def script_of(watched: CompiledSet) -> str:
    return str(watched.job["spec"]["template"]["spec"]["volumes"][0]["configMap"]["name"])


def test_without_the_admission_policy_the_token_of_a_watcher_is_worth_create_jobs(
    real_plane: ControlPlane, admin: Client, watched: CompiledSet
) -> None:
    admin.create(job("other"))
    thief = token_of(real_plane, admin, WATCHER)
    thief.create(job(serviceAccountName="admin"))
    thief.delete("jobs", "other")
    until(lambda: admin.list("pods", labels="job-name=mine") != [])
    assert thief.list("pods", labels="job-name=mine")[0]["spec"]["serviceAccountName"] == "admin"


# --- Training pods --------------------------------------------------------------------------------
def test_the_token_of_a_training_pod_may_do_nothing_with_the_set(
    real_plane: ControlPlane, admin: Client, watched: CompiledSet
) -> None:
    until(lambda: watched.ready() == NAMES)
    pod = watched.pods(NAMES[0])[0]
    thief = token_of(real_plane, admin, pod["spec"]["serviceAccountName"])
    ends = {"status": {"phase": "Failed", "message": "forged"}}
    attempts: list[Callable[[], object]] = [
        lambda: thief.get("configmaps", "train-restart-state"),
        lambda: thief.patch("configmaps", "train-restart-state", {"data": {}}),
        lambda: thief.get("configmaps", "train-restart-plan"),
        lambda: thief.list("jobs"),
        lambda: thief.patch("jobs", NAMES[0], {"spec": {"suspend": True}}),
        lambda: thief.patch("pods", pod["metadata"]["name"], ends, subresource="status"),
        lambda: thief.create(job()),
        lambda: thief.list("secrets"),
    ]
    assert [number for number, attempt in enumerate(attempts) if not is_forbidden(attempt)] == []


def test_what_a_pod_writes_as_its_last_words_reaches_no_state_no_event_and_no_log(
    real_plane: ControlPlane, watched: CompiledSet
) -> None:
    until(lambda: watched.ready() == NAMES and bool(watched.state))
    words = '\x1b[2J\n{"level": "error"}\n::error::' + "forged" * 500
    pod = watched.pods(NAMES[0])[0]
    ended = {"exitCode": 7, "reason": "Error", "message": words}
    container = {"name": "main", "image": "a", "imageID": "", "ready": False, "restartCount": 0}
    statuses = [{**container, "state": {"terminated": ended}}]
    status = {"phase": "Failed", "message": words, "containerStatuses": statuses}
    watched.client.patch_status("pods", pod["metadata"]["name"], status)
    until(lambda: watched.counters() == (1, 1))
    until(lambda: watched.ready() == NAMES)
    (evidence,) = watched.state["evidence"]
    assert evidence["exitCode"] == 7  # which is the pod's to choose
    written = [watched.client.get("configmaps", "train-restart-state"), *watched.client.list("events")]
    assert all("forged" not in json.dumps(each.get("data", each.get("message"))) for each in written)
    log = next(real_plane.folder.glob(f"{watched.namespace}-{WATCHER}-*.log")).read_text()
    assert "forged" not in log
    assert all(json.loads(line)["message"] for line in log.splitlines())


# --- The network ----------------------------------------------------------------------------------
def test_a_watcher_listens_on_no_port(real_plane: ControlPlane, watched: CompiledSet) -> None:
    until(lambda: watched.ready() == NAMES and bool(watched.state))
    process = next(each for name, each in real_plane.processes.items() if name.startswith(watched.namespace))
    sockets = {link.readlink().name for link in Path(f"/proc/{process.pid}/fd").iterdir() if link.is_symlink()}
    listening = {
        f"socket:[{line.split()[9]}]"
        for table in ("tcp", "tcp6", "udp", "udp6")
        for line in Path(f"/proc/{process.pid}/net/{table}").read_text().splitlines()[1:]
        if table.startswith("udp") or line.split()[3] == "0A"
    }
    assert listening != set()  # those of the control plane
    assert sockets & listening == set()


# --- The set that is attacked ---------------------------------------------------------------------
@pytest.fixture
def start(real_plane: ControlPlane, tmp_path: Path) -> Iterator[Callable[..., Process]]:
    """Return what starts the watcher of a set, for the length of a test."""
    started: list[Process] = []

    def started_watcher(made: CompiledSet) -> Process:
        started.append(made.start(tmp_path))
        return started[0]

    yield started_watcher
    for process in started:
        real_plane.stop(process.name)


@pytest.fixture
def watched(real_plane: ControlPlane, admin: Client, start: Callable[..., Process]) -> CompiledSet:
    made = CompiledSet(real_plane, admin.namespace, TEXT)
    made.apply()
    start(made)
    return made
