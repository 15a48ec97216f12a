"""The harness itself: what it starts is real, and what it started is gone afterwards."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.harness import binaries, kwok
from tests.cluster.harness.client import ApiError
from tests.cluster.harness.components import Component
from tests.cluster.harness.control_plane import ControlPlane, control_plane
from tests.cluster.harness.processes import Network, Process, ProcessError, until
from tests.cluster.oracles.attempt_ledger import attempt_ledger
from tests.cluster.oracles.cluster_changes import CLAIM, JOB, WATCHER, Changes, Known, objects_of

ROOT = Path(__file__).resolve().parents[2]
Json = dict[str, Any]
POD = {"restartPolicy": "Never", "containers": [{"name": "main", "image": "example.com/train:1"}]}


def job(name: str, pods: int = 2) -> Json:
    spec = {"parallelism": pods, "completions": pods, "completionMode": "Indexed", "backoffLimit": 0}
    spec["template"] = {"spec": POD}
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": name}, "spec": spec}


def jobset(name: str, **spec: Any) -> Json:
    replicated = {"name": "workers", "replicas": 2, "template": {"spec": job("")["spec"]}}
    return {
        "apiVersion": "jobset.x-k8s.io/v1alpha2",
        "kind": "JobSet",
        "metadata": {"name": name},
        "spec": {"replicatedJobs": [replicated], **spec},
    }


def account(plane: ControlPlane, namespace: str, *verbs: str) -> None:
    """Make a ServiceAccount that may do so much with ConfigMaps."""
    client, meta = plane.within(namespace), {"name": "watcher"}
    rules = [{"apiGroups": [""], "resources": ["configmaps"], "verbs": list(verbs)}]
    rbac = "rbac.authorization.k8s.io"
    role = {"apiGroup": rbac, "kind": "Role", "name": "watcher"}
    subject = {"kind": "ServiceAccount", "name": "watcher", "namespace": namespace}
    client.create({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": meta})
    client.create({"apiVersion": f"{rbac}/v1", "kind": "Role", "metadata": meta, "rules": rules})
    binding = {"kind": "RoleBinding", "metadata": meta, "roleRef": role, "subjects": [subject]}
    client.create({"apiVersion": f"{rbac}/v1", **binding})


def config_map(name: str, **data: str) -> Json:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data}


def is_ready(pod: Json) -> bool:
    conditions = pod.get("status", {}).get("conditions", [])
    return any((each["type"], each["status"]) == ("Ready", "True") for each in conditions)


def test_the_server_is_of_the_version_that_the_module_requires(plane: ControlPlane) -> None:
    assert plane.client.request("GET", "/version")["gitVersion"] == binaries.version("kube", "k8s.io/kubernetes")


def test_a_job_gets_pods_that_become_ready_on_nodes(real_plane: ControlPlane, real_namespace: str) -> None:
    client = real_plane.within(real_namespace)
    client.create(job("train"), strict=True)
    until(lambda: [is_ready(pod) for pod in client.list("pods", labels="job-name=train")] == [True, True])
    assert all(pod["spec"]["nodeName"].startswith("node-") for pod in client.list("pods"))
    until(lambda: client.get("jobs", "train")["status"].get("ready") == 2)


def test_a_pod_that_fails_fails_its_job(real_plane: ControlPlane, real_namespace: str) -> None:
    client = real_plane.within(real_namespace)
    client.create(job("train"))
    until(lambda: [is_ready(pod) for pod in client.list("pods")] == [True, True])
    kwok.fail_pod(real_plane, client.list("pods")[0]["metadata"]["name"], namespace=real_namespace, code=3)
    until(lambda: any(each["type"] == "Failed" for each in client.get("jobs", "train")["status"].get("conditions", ())))


def test_a_job_that_is_deleted_in_the_foreground_goes_after_its_pods(
    real_plane: ControlPlane, real_namespace: str
) -> None:
    client = real_plane.within(real_namespace)
    uid = client.create(job("train"))["metadata"]["uid"]
    until(lambda: len(client.list("pods")) == 2)
    with pytest.raises(ApiError) as refused:
        client.delete("jobs", "train", uid="another", propagation="Foreground")
    assert (refused.value.status, refused.value.reason) == (409, "Conflict")
    client.delete("jobs", "train", uid=uid, propagation="Foreground")
    until(lambda: client.find("jobs", "train") is None)
    assert client.list("pods") == []


def test_the_controller_makes_the_jobs_of_a_jobset(plane: ControlPlane, namespace: str) -> None:
    client = plane.within(namespace)
    client.create(jobset("train"))
    until(lambda: len(client.list("jobs")) == 2)
    assert sorted(each["metadata"]["name"] for each in client.list("jobs")) == ["train-workers-0", "train-workers-1"]
    assert client.list("pods") == []  # the Job controller is off


def test_a_status_that_a_test_writes_makes_the_controller_restart_the_set(plane: ControlPlane, namespace: str) -> None:
    client = plane.within(namespace)
    client.create(jobset("train", failurePolicy={"maxRestarts": 1}))
    until(lambda: client.find("jobs", "train-workers-0") is not None)
    time = client.get("jobs", "train-workers-0")["metadata"]["creationTimestamp"]
    entry = {"status": "True", "reason": "BackoffLimitExceeded", "message": "", "lastTransitionTime": time}
    conditions = [{"type": each, **entry} for each in ("FailureTarget", "Failed")]
    client.patch_status("jobs", "train-workers-0", {"startTime": time, "conditions": conditions})
    until(lambda: client.get("jobsets", "train")["status"].get("restarts") == 1)
    attempt = "jobset.sigs.k8s.io/restart-attempt=1"
    until(lambda: len(client.list("jobs", labels=attempt)) == 2)


def test_the_webhook_refuses_an_invalid_jobset(plane: ControlPlane, namespace: str) -> None:
    policy = {"operator": "All", "targetReplicatedJobs": ["nobody"]}
    with pytest.raises(ApiError, match=r"vjobset\.kb\.io.*invalid replicatedJob name 'nobody'") as refused:
        plane.within(namespace).create(jobset("train", successPolicy=policy), dry_run=True)
    assert refused.value.status == 422


def test_the_schema_of_the_crd_refuses_a_field_that_is_unknown(plane: ControlPlane, namespace: str) -> None:
    with pytest.raises(ApiError, match=r'unknown field "spec\.replicas"'):
        plane.within(namespace).create(jobset("train", replicas=2), strict=True)


def test_a_token_may_do_what_its_role_says_and_nothing_else(plane: ControlPlane, namespace: str) -> None:
    account(plane, namespace, "create", "get")
    client = plane.client_for(plane.token_for(namespace, "watcher"), namespace)
    client.create(config_map("state", restarts="1"))
    assert client.get("configmaps", "state")["data"] == {"restarts": "1"}
    for attempt in (
        lambda: client.list("configmaps"),
        lambda: client.list("jobs"),
        lambda: client.delete("configmaps", "state"),
    ):
        with pytest.raises(ApiError, match=f"system:serviceaccount:{namespace}:watcher") as refused:
            attempt()
        assert refused.value.status == 403


def test_a_process_reaches_the_server_with_what_a_pod_has(plane: ControlPlane, namespace: str, tmp_path: Path) -> None:
    account(plane, namespace, "get")
    environment = plane.credentials(tmp_path, namespace, "watcher")
    plane.within(namespace).create(config_map("plan", text="x"))
    program = """
import json, os, ssl, sys, urllib.request
folder, host, port = sys.argv[1], os.environ["KUBERNETES_SERVICE_HOST"], os.environ["KUBERNETES_SERVICE_PORT"]
namespace, token = open(folder + "/namespace").read(), open(folder + "/token").read()
url = f"https://{host}:{port}/api/v1/namespaces/{namespace}/configmaps/plan"
request = urllib.request.Request(url, headers={"Authorization": "Bearer " + token})
context = ssl.create_default_context(cafile=folder + "/ca.crt")
print(json.load(urllib.request.urlopen(request, context=context))["data"])
"""
    done = plane.run([sys.executable, "-c", program, tmp_path], environment=environment)
    assert (done.stdout, done.stderr) == ("{'text': 'x'}\n", "")


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="there is no kubectl on the PATH")
def test_kubectl_is_the_admin(plane: ControlPlane, namespace: str) -> None:
    done = plane.run(
        ["kubectl", "apply", "--namespace", namespace, "-f", "-"], stdin=json.dumps(config_map("plan", a="b"))
    )
    assert (done.stdout, done.stderr) == ("configmap/plan created\n", "")


def test_apply_patch_replace_and_dry_run(plane: ControlPlane, namespace: str) -> None:
    client = plane.within(namespace)
    client.apply(config_map("plan", a="1"), dry_run=True)
    assert client.find("configmaps", "plan") is None
    client.apply(config_map("plan", a="1", b="1"))
    client.apply(config_map("plan", a="2"))
    assert client.get("configmaps", "plan")["data"] == {"a": "2"}
    client.patch("configmaps", "plan", [{"op": "add", "path": "/data/c", "value": "3"}], kind="json")
    item = client.patch("configmaps", "plan", {"data": {"a": None}})
    assert item["data"] == {"c": "3"}
    client.replace(item | {"data": {"d": "4"}})
    with pytest.raises(ApiError, match="the object has been modified"):
        client.replace(item)
    client.delete_collection("configmaps", labels="none=such")
    assert client.get("configmaps", "plan")["data"] == {"d": "4"}
    client.delete("configmaps", "plan")
    assert client.find("configmaps", "plan") is None


def test_a_watch_tells_what_changes(plane: ControlPlane, namespace: str) -> None:
    client = plane.within(namespace)
    version = client.create(config_map("plan", a="1"))["metadata"]["resourceVersion"]
    client.patch("configmaps", "plan", {"data": {"a": "2"}})
    client.delete("configmaps", "plan")
    events = client.watch("configmaps", since=version, fields="metadata.name=plan")
    assert [(kind, item["data"]) for kind, item in (next(events), next(events))] == [
        ("MODIFIED", {"a": "2"}),
        ("DELETED", {"a": "2"}),
    ]
    events.close()


def test_idle_connections_are_closed_and_opened_again(plane: ControlPlane, namespace: str) -> None:
    client = plane.within(namespace)
    client.create(config_map("plan"))
    (connection,) = client._connections
    client.close_idle()
    assert connection.sock is not None
    connection.used -= 60
    client.close_idle()
    assert connection.sock is None
    assert client.get("configmaps", "plan")["metadata"]["name"] == "plan"
    assert connection.sock is not None


def test_lists_are_read_page_by_page_and_threads_share_a_client(plane: ControlPlane, namespace: str) -> None:
    client = plane.within(namespace)
    halves = [range(600), range(600, 1200)]

    def fill(half: range) -> None:
        for number in half:
            client.create(config_map(f"many-{number}"))

    threads = [threading.Thread(target=fill, args=(half,)) for half in halves]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    names = {each["metadata"]["name"] for each in client.list("configmaps")}
    assert {f"many-{number}" for number in range(1200)} <= names


def test_a_component_that_is_restarted_goes_on(plane: ControlPlane, namespace: str) -> None:
    before = plane.processes["jobset"].pid
    plane.restart("jobset")
    assert plane.processes["jobset"].pid != before
    plane.within(namespace).create(jobset("train"))
    until(lambda: len(plane.within(namespace).list("jobs")) == 2)


def test_a_ledger_sees_a_job_that_was_made_twice_and_pods_that_met(
    real_plane: ControlPlane, real_namespace: str
) -> None:
    client = real_plane.within(real_namespace)
    item = job("train-workers-0")
    labels = {"jobset.sigs.k8s.io/jobset-name": "train"}
    item["metadata"]["labels"] = labels
    item["spec"]["template"]["metadata"] = {"labels": labels}
    with attempt_ledger(client, "train") as kept:
        for _ in range(2):
            client.create(item)
            until(lambda: client.get("jobs", "train-workers-0")["status"].get("ready") == 2)
            # Its pods stay, as those of no restart do.
            client.delete("jobs", "train-workers-0", propagation="Orphan")
            until(lambda: client.find("jobs", "train-workers-0") is None)
    assert list(kept.attempts["train-workers-0"].values()) == [0, 0]
    assert "pods of two attempts of train-workers-0 are there together" in kept.wrong[0]
    with pytest.raises(AssertionError):
        kept.check(["train-workers-0"], restarts=1)


@pytest.mark.usefixtures("cluster_seconds")
def test_what_became_of_objects_is_told_by_their_uids_and_contents() -> None:
    before = {(JOB, "kept"): Known("1", "a"), (JOB, "replaced"): Known("2", "a"), (CLAIM, "gone"): Known("3", "a")}
    after = {(JOB, "kept"): Known("1", "b"), (JOB, "replaced"): Known("4", "a"), (WATCHER, "new"): Known("5", "a")}
    found = Changes(before, after)
    assert found.words() == ["1 Job changed in place", "1 Job replaced", "1 watcher created", "1 claim deleted"]


def test_an_object_that_is_being_deleted_counts_as_deleted(plane: ControlPlane, namespace: str) -> None:
    client = plane.within(namespace)
    spec = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Mi"}}}
    held = {"name": "held", "finalizers": ["tests.jobsetgen.io/hold"]}
    client.create({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": held, "spec": spec})
    before = objects_of(client)
    client.delete("persistentvolumeclaims", "held")
    assert Changes(before, objects_of(client)).fates(CLAIM) == {"held": "deleted"}
    client.patch("persistentvolumeclaims", "held", {"metadata": {"finalizers": None}})


def test_nothing_is_left_of_a_plane_even_when_its_block_is_interrupted(tmp_path: Path) -> None:
    def interrupted() -> None:
        with control_plane(tmp_path, controllers=False) as small:
            seen.append(small)
            small.client.create({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "pod"}, "spec": POD})
            processes.extend(small.processes.values())
            raise KeyboardInterrupt

    seen: list[ControlPlane] = []
    processes: list[Process] = []
    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert [process.name for process in processes] == ["etcd", "kube-apiserver"]
    assert [process.pid for process in processes if Path(f"/proc/{process.pid}").exists()] == []
    assert not seen[0].network.path.exists()


@pytest.mark.usefixtures("cluster_seconds")
def test_a_component_that_does_not_start_says_why_in_its_own_words(tmp_path: Path) -> None:
    with Network().made() as network:
        small = ControlPlane(tmp_path, network)
        broken = Component(
            name="broken", command=lambda _: ["sh", "-c", "echo no such flag; exit 3"], is_healthy=lambda _: False
        )
        with pytest.raises(ProcessError, match="broken ended with 3:\nno such flag"):
            small.start(broken)
        small.end()
    assert not network.path.exists()


@pytest.mark.usefixtures("cluster_seconds")
def test_a_process_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    process = Process("deaf", ["sh", "-c", "trap '' TERM; echo up; sleep 60 & wait; wait"], tmp_path / "log", {})
    process.wait_until(lambda: "up" in process.last_lines())
    process.end(patience=0.2)
    assert process.status == -9


@pytest.mark.usefixtures("cluster_seconds")
def test_nothing_but_a_name_is_left_of_a_run_that_is_killed_and_the_next_one_sweeps_it(tmp_path: Path) -> None:
    program = """
import sys, time
from pathlib import Path
from tests.cluster.oracles.attempt_ledger import attempt_ledger
from tests.cluster.harness.processes import Network, Process
with Network().made() as network:
    process = Process("sleeper", network.command(["sleep", "60"]), Path(sys.argv[1]) / "log", {})
    print(network.path, process.pid, flush=True)
    time.sleep(60)
"""
    command = [sys.executable, "-c", program, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout
        network, pid = run.stdout.readline().split()
        until(lambda: Path(f"/proc/{pid}/cmdline").read_bytes().startswith(b"sleep"))
        run.kill()
    until(lambda: is_gone(int(pid)))
    assert Path(network).exists()
    with Network().made():
        assert not Path(network).exists()


def is_gone(pid: int) -> bool:
    """Whether a process has ended; one that nobody has waited for still has a name."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_root_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert binaries.why_not() == "a cluster of one's own needs root, for its network namespace"
