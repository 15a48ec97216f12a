"""deploy/admission-policy.yaml on the real API server: what it denies a stolen token, and that it denies no watcher."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from ruamel.yaml import YAML

from jobsetgen import Settings, Source, compile
from jobsetgen.naming import watcher_name
from jobsetgen.options.watcher import Watcher
from jobsetgen.runtime.watcher.stamp import fill, slots
from tests.cluster.harness import kwok
from tests.cluster.harness.admission_policy import POLICY, BoundPolicy, bind, bound_policy
from tests.cluster.harness.client import ApiError, Client
from tests.cluster.harness.compiled_set import CompiledSet, spawn_watcher
from tests.cluster.harness.control_plane import ControlPlane
from tests.cluster.harness.multislice import changed
from tests.cluster.harness.processes import until

Json = dict[str, Any]
JOBSET = "jobset.sigs.k8s.io/jobset-name"
# The longest name that its pods leave room for, so that its watcher's name is shortened.
LONGEST = "a-set-whose-name-is-as-long-as-its-pods-can-have-it"
TEXT = """
apiVersion: jobset.x-k8s.io/v1alpha2
kind: JobSet
metadata: {name: train}
spec:
  successPolicy: {operator: Any, targetReplicatedJobs: [w]}
  failurePolicy: {maxRestarts: 2, restartStrategy: BlockingRecreate}
  replicatedJobs:
  - name: d
    template:
      spec:
        backoffLimit: 0
        template:
          spec:
            nodeSelector: {tests.jobsetgen.io/driver: NAMESPACE}
            containers: [{name: main, image: "registry.example.com/train:1"}]
  - name: w
    replicas: 2
    dependsOn: [{name: d, status: Ready}]
    template:
      spec:
        activeDeadlineSeconds: 3600
        backoffLimit: 0
        template:
          spec:
            containers: [{name: main, image: "registry.example.com/train:1"}]
"""


@pytest.fixture(scope="module")
def policy(real_plane: ControlPlane) -> Iterator[BoundPolicy]:
    with bound_policy(real_plane, "policy") as bound:
        yield bound


def test_the_api_server_finds_nothing_wrong_with_its_types(policy: BoundPolicy) -> None:
    def status() -> Json:
        found = policy.plane.client.get("validatingadmissionpolicies", "policy")
        return dict(found.get("status") or {})

    until(lambda: "observedGeneration" in status())
    assert status()["typeChecking"] == {}


# --- What it denies -------------------------------------------------------------------------------
class Stolen(NamedTuple):
    """A set in a namespace, beside another Job and another pod, and the token of its watcher."""

    admin: Client
    thief: Client
    set: CompiledSet

    @property
    def job(self) -> Json:
        """A Job as the watcher creates it."""
        plan = json.loads(next(each for each in self.set.objects if "plan.json" in each.get("data", ()))["data"]["plan.json"])
        job: Json = fill(plan["replicatedJobs"][0]["job"], slots(plan, plan["replicatedJobs"][0], 0))
        job["metadata"]["name"] = "train-d-7"
        owner = {"apiVersion": "v1", "kind": "ConfigMap", "name": "train-restart-plan", "uid": "1-2-3"}
        return {**job, "metadata": {**job["metadata"], "ownerReferences": [owner]}}

    def pod(self) -> str:
        """The name of a gated pod of the set."""
        return str(self.set.pods("train-w-0")[0]["metadata"]["name"])


def steal(plane: ControlPlane, namespace: str) -> Stolen:
    text = TEXT.replace("NAMESPACE", namespace).replace("{name: main,", "{name: main, env: [{name: A, value: b}],", 1)
    made = CompiledSet(plane, namespace, text)
    made.apply()
    claims = {"apiGroups": [""], "resources": ["persistentvolumeclaims"], "verbs": ["create"]}
    role = made.client.get("roles", "train-restart-watcher")
    made.client.patch("roles", "train-restart-watcher", {"rules": [*role["rules"], claims]})
    made.client.create(other_job())
    made.client.create(other_pod())
    until(lambda: len(made.pods("train-w-0")) == 1)
    thief = plane.client_for(plane.token_for(namespace, "train-restart-watcher"), namespace)
    return Stolen(made.client, thief, made)


def other_pod() -> Json:
    spec = {"schedulingGates": [{"name": "jobsetgen.io/startup"}], "containers": [{"name": "main", "image": "a:1"}]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "other", "labels": {JOBSET: "other"}}, "spec": spec}


def other_job() -> Json:
    template = {"spec": {"restartPolicy": "Never", "containers": [{"name": "main", "image": "registry.example.com/a:1"}]}}
    meta = {"name": "other-w-0", "labels": {JOBSET: "other", "jobsetgen.io/jobset": "other"}}
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": meta, "spec": {"suspend": True, "template": template}}


@pytest.fixture(scope="module")
def stolen(policy: BoundPolicy) -> Stolen:
    return steal(policy.plane, policy.new_namespace())


@pytest.fixture(scope="module")
def free(real_plane: ControlPlane) -> Stolen:
    """The same without the policy."""
    return steal(real_plane, real_plane.new_namespace())


def create_job(stolen: Stolen, *, metadata: Json | None = None, **pod: Any) -> None:
    """Create a Job with other metadata or another pod."""
    job = stolen.job
    job["metadata"].update(metadata or {})
    job["spec"]["template"]["spec"].update(pod)
    stolen.thief.create(job, dry_run=True)


def with_container(**fields: Any) -> Json:
    return {"containers": [{"name": "main", "image": "registry.example.com/train:1", **fields}]}


def patch(stolen: Stolen, plural: str, name: str, **body: Any) -> None:
    stolen.thief.patch(plural, name or stolen.pod(), body, dry_run=True)


def service(stolen: Stolen, name: str, **spec: Any) -> None:
    body = {"clusterIP": "None", "selector": {JOBSET: "train"}, "ports": [{"port": 80}], **spec}
    item = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": body}
    if name == "train":  # it is there, as its own
        stolen.admin.delete("services", name)
        until(lambda: stolen.admin.find("services", name) is None)
    try:
        stolen.thief.create(item, dry_run=True)
    finally:
        if name == "train":
            stolen.set.apply()


def claim(stolen: Stolen) -> None:
    spec = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    item = {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "x"}, "spec": spec}
    stolen.thief.create(item, dry_run=True)


def event(stolen: Stolen, kind: str, name: str) -> None:
    about = {"kind": kind, "name": name, "namespace": stolen.admin.namespace}
    meta = {"generateName": "forged."}
    stolen.thief.create({"apiVersion": "v1", "kind": "Event", "metadata": meta, "involvedObject": about}, dry_run=True)


OWN_SET = "objects of its own set"
NODES = "the listed access to nodes"
SPEC = "suspend, activeDeadlineSeconds and ttlSecondsAfterFinished of a Job"
OWNER = {"apiVersion": "v1", "kind": "ConfigMap", "name": "x", "uid": "1-2-3"}
IMAGE = {"containers": [{"name": "main", "image": "registry.example.com/of-the-thief:1"}]}
ATTEMPTS = {
    "a Job without a set": (OWN_SET, lambda it: create_job(it, metadata={"labels": {"a": "b"}})),
    "a Job of another set": (OWN_SET, lambda it: create_job(it, metadata={"labels": {JOBSET: "other"}})),
    "a Job of all sets": (OWN_SET, lambda it: create_job(it, metadata={"labels": {JOBSET: ""}})),
    "the deletion of another Job": (OWN_SET, lambda it: it.thief.delete("jobs", "other-w-0", dry_run=True)),
    "the deletion of its own Job": (
        OWN_SET,
        lambda it: it.thief.delete("jobs", "train-restart-watcher", dry_run=True),
    ),
    "a patch of another Job": (OWN_SET, lambda it: patch(it, "jobs", "other-w-0", spec={"suspend": False})),
    "another Job, labelled as its own by the patch": (
        OWN_SET,
        lambda it: patch(it, "jobs", "other-w-0", metadata={"labels": {JOBSET: "train"}}),
    ),
    "the gate of a pod of another set": (OWN_SET, lambda it: patch(it, "pods", "other", spec={"schedulingGates": None})),
    "the image of another pod": (OWN_SET, lambda it: patch(it, "pods", "other", spec=IMAGE)),
    "a Job with the name of another set": ("names begin", lambda it: create_job(it, metadata={"name": "other-w-1"})),
    "a Job with a generated name": (
        "names begin",
        lambda it: create_job(it, metadata={"name": None, "generateName": "x-"}),
    ),
    "a Job that stays": ("its plan owns", lambda it: create_job(it, metadata={"ownerReferences": []})),
    "a Job of another owner": ("its plan owns", lambda it: create_job(it, metadata={"ownerReferences": [OWNER]})),
    "another account": ("listed service accounts", lambda it: create_job(it, serviceAccountName="admin")),
    "another account, by its old field": ("listed service accounts", lambda it: create_job(it, serviceAccount="admin")),
    "its own account": (
        "listed service accounts",
        lambda it: create_job(it, serviceAccountName="train-restart-watcher"),
    ),
    "hostNetwork": (NODES, lambda it: create_job(it, hostNetwork=True)),
    "hostPID": (NODES, lambda it: create_job(it, hostPID=True)),
    "hostIPC": (NODES, lambda it: create_job(it, hostIPC=True)),
    "hostPath": (NODES, lambda it: create_job(it, volumes=[{"name": "a", "hostPath": {"path": "/"}}])),
    "privileged": (NODES, lambda it: create_job(it, **with_container(securityContext={"privileged": True}))),
    "privileged, at the start": (
        NODES,
        lambda it: create_job(
            it, initContainers=[{"name": "a", "image": "a:1", "securityContext": {"privileged": True}}]
        ),
    ),
    "hostProcess": (
        NODES,
        lambda it: create_job(
            it,
            hostNetwork=True,
            securityContext={"windowsOptions": {"hostProcess": True, "runAsUserName": "SYSTEM"}},
        ),
    ),
    "capabilities": (
        NODES,
        lambda it: create_job(it, **with_container(securityContext={"capabilities": {"add": ["SYS_ADMIN"]}})),
    ),
    "more pods": (SPEC, lambda it: patch(it, "jobs", "train-w-0", spec={"parallelism": 1000})),
    "more tries": (SPEC, lambda it: patch(it, "jobs", "train-w-0", spec={"backoffLimit": 1000})),
    "the image of a pod": (SPEC, lambda it: patch(it, "pods", "", spec=IMAGE)),
    "the tolerations of a pod": (
        SPEC,
        lambda it: it.thief.patch(
            "pods", it.pod(), {"spec": {"tolerations": [{"operator": "Exists"}]}}, kind="strategic", dry_run=True
        ),
    ),
    "the nodes of a gated pod": (SPEC, lambda it: patch(it, "pods", "", spec={"nodeSelector": {"a": "b"}})),
    "the deadline of a pod": (SPEC, lambda it: patch(it, "pods", "", spec={"activeDeadlineSeconds": 1})),
    "the finalizers of a Job": (
        "only labels, annotations and owners",
        lambda it: patch(it, "jobs", "train-w-0", metadata={"finalizers": ["example.com/a"]}),
    ),
    "the labels of a pod": (
        "no metadata of a pod",
        lambda it: patch(it, "pods", "", metadata={"labels": {"app": "database"}}),
    ),
    "a new label of a Job": (
        "only the labels restart-attempt",
        lambda it: patch(it, "jobs", "train-w-0", metadata={"labels": {"app": "database"}}),
    ),
    "the set of a Job": (
        "only the labels restart-attempt",
        lambda it: patch(it, "jobs", "train-w-0", metadata={"labels": {JOBSET: None}}),
    ),
    "an annotation of a Job": (
        "only the annotations jobsetgen.io/",
        lambda it: patch(it, "jobs", "train-w-0", metadata={"annotations": {"argocd.argoproj.io/hook": "PostSync"}}),
    ),
    "an owner of a Job": (
        "only remove owners",
        lambda it: patch(it, "jobs", "train-w-0", metadata={"ownerReferences": [OWNER]}),
    ),
    "the gate of somebody else": (
        "only the scheduling gate",
        lambda it: patch(it, "pods", "gated", spec={"schedulingGates": None}),
    ),
    "a Service of another name": ("that its Role names", lambda it: service(it, "database")),
    "a Service for other pods": (OWN_SET, lambda it: service(it, "train", selector={"app": "database"})),
    "a Service with an address": ("headless", lambda it: service(it, "train", clusterIP=None, externalIPs=["8.8.8.8"])),
    "a claim of another name": ("that its Role names", claim),
    "an event about a pod": ("events of its own Job", lambda it: event(it, "Pod", "train-restart-watcher")),
    "an event about another set": ("events of its own Job", lambda it: event(it, "Job", "other-restart-watcher")),
}


@pytest.fixture(scope="module", autouse=True)
def _gated(stolen: Stolen, free: Stolen) -> None:
    """Give both a pod of the set that has the gate of somebody else, too."""
    gates = [{"name": "jobsetgen.io/startup"}, {"name": "example.com/quota"}]
    pod = other_pod()
    pod["metadata"] = {"name": "gated", "labels": {JOBSET: "train"}}
    pod["spec"]["schedulingGates"] = gates
    for each in (stolen, free):
        each.admin.create(pod)


@pytest.mark.parametrize("name", ATTEMPTS)
def test_a_stolen_token_is_denied(stolen: Stolen, free: Stolen, name: str) -> None:
    message, attempt = ATTEMPTS[name]
    attempt(free)
    with pytest.raises(ApiError) as denied:
        attempt(stolen)
    assert message in denied.value.message
