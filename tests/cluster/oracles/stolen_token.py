"""What a thief of a watcher's token tries, and which rule of the admission policy denies it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from jobsetgen.runtime.watcher.stamp import fill, slots
from tests.cluster.harness.admission_policy import bind
from tests.cluster.harness.client import ApiError, Client
from tests.cluster.harness.compiled_set import CompiledSet
from tests.cluster.harness.control_plane import ControlPlane
from tests.cluster.harness.ordered_set import text_of
from tests.cluster.harness.processes import until

Json = dict[str, Any]
JOBSET = "jobset.sigs.k8s.io/jobset-name"


class Stolen(NamedTuple):
    """A set in a namespace, beside another Job and another pod, and the token of its watcher."""

    admin: Client
    thief: Client
    set: CompiledSet

    @property
    def job(self) -> Json:
        """A Job as the watcher creates it."""
        plan = json.loads(
            next(each for each in self.set.objects if "plan.json" in each.get("data", ()))["data"]["plan.json"]
        )
        job: Json = fill(plan["replicatedJobs"][0]["job"], slots(plan, plan["replicatedJobs"][0], 0))
        job["metadata"]["name"] = "train-d-7"
        owner = {"apiVersion": "v1", "kind": "ConfigMap", "name": "train-restart-plan", "uid": "1-2-3"}
        return {**job, "metadata": {**job["metadata"], "ownerReferences": [owner]}}

    def pod(self) -> str:
        """The name of a gated pod of the set."""
        return str(self.set.pods("train-w-0")[0]["metadata"]["name"])


def steal(plane: ControlPlane, namespace: str, account: str = "train-restart-watcher") -> Stolen:
    """Apply a set and get the token of its watcher; give that the rights of a set that has claims."""
    made = CompiledSet(plane, namespace, text_of(namespace, "train"))
    made.apply()
    claims = {"apiGroups": [""], "resources": ["persistentvolumeclaims"], "verbs": ["create"]}
    role = made.client.get("roles", "train-restart-watcher")
    made.client.patch("roles", "train-restart-watcher", {"rules": [*role["rules"], claims]})
    if account != "train-restart-watcher":
        bind(made.client, account, [*role["rules"], claims])
    made.client.create(other_job())
    made.client.create(other_pod("other", "other"))
    made.client.create(other_pod("gated", "train", "example.com/quota"))
    until(lambda: len(made.pods("train-w-0")) == 1)
    thief = plane.client_for(plane.token_for(namespace, account), namespace)
    stolen = Stolen(made.client, thief, made)
    until(lambda: may_create_claims(stolen))
    return stolen


def may_create_claims(stolen: Stolen) -> bool:
    """Whether the right has come into effect, whatever the policy says."""
    try:
        claim(stolen)
    except ApiError as error:
        return error.status != 403
    return True


def other_pod(name: str, jobset: str, *gates: str) -> Json:
    """Return a pod with the label of a set, which has our gate and others."""
    container = {"name": "main", "image": "a:1"}
    spec = {"schedulingGates": [{"name": gate} for gate in ("jobsetgen.io/startup", *gates)], "containers": [container]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "labels": {JOBSET: jobset}}, "spec": spec}


def other_job() -> Json:
    template = {
        "spec": {"restartPolicy": "Never", "containers": [{"name": "main", "image": "registry.example.com/a:1"}]}
    }
    meta = {"name": "other-w-0", "labels": {JOBSET: "other", "jobsetgen.io/jobset": "other"}}
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": meta, "spec": {"suspend": True, "template": template}}


def create_job(stolen: Stolen, *, metadata: Json | None = None, dry_run: bool = True, **pod: Any) -> None:
    """Create a Job with other metadata or another pod."""
    job = stolen.job
    job["metadata"].update(metadata or {})
    job["spec"]["template"]["spec"].update(pod)
    stolen.thief.create(job, dry_run=dry_run)


def keep_job(stolen: Stolen, name: str, owners: list[Json]) -> None:
    """Create a Job with other owners."""
    create_job(stolen, metadata={"name": name, "ownerReferences": owners}, dry_run=False)


def apply_job(stolen: Stolen) -> None:
    """Create a Job by applying it."""
    job = stolen.job
    job["spec"]["template"]["spec"]["serviceAccountName"] = "admin"
    stolen.thief.apply(job, dry_run=True)


def label_pods(stolen: Stolen) -> None:
    """Create a Job whose pods look like those of another set."""
    job = stolen.job
    job["spec"]["template"]["metadata"]["labels"][JOBSET] = "other"
    stolen.thief.create(job, dry_run=True)


def with_container(**fields: Any) -> Json:
    return {"containers": [{"name": "main", "image": "registry.example.com/train:1", **fields}]}


def patch(stolen: Stolen, plural: str, name: str, **body: Any) -> None:
    stolen.thief.patch(plural, name or stolen.pod(), body, dry_run=True)


def patch_image(stolen: Stolen, name: str) -> None:
    change = {"op": "replace", "path": "/spec/containers/0/image", "value": "registry.example.com/of-the-thief:1"}
    stolen.thief.patch("pods", name, [change], kind="json", dry_run=True)


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
            stolen.admin.apply(next(each for each in stolen.set.objects if each["kind"] == "Service"))


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
TOLERATION = {"op": "add", "path": "/spec/tolerations/-", "value": {"operator": "Exists"}}
# Words of the rule's message, and the attempt.
ATTEMPTS: dict[str, tuple[str, Callable[[Stolen], Any]]] = {
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
    "the gate of a pod of another set": (
        OWN_SET,
        lambda it: patch(it, "pods", "other", spec={"schedulingGates": None}),
    ),
    "the image of another pod": (OWN_SET, lambda it: patch_image(it, "other")),
    "a Job with the name of another set": (
        "names begin",
        lambda it: create_job(it, metadata={"name": "other-w-1"}, dry_run=False),
    ),
    "a Job with a generated name": (
        "names begin",
        lambda it: create_job(it, metadata={"name": None, "generateName": "x-"}, dry_run=False),
    ),
    "a Job that stays": ("its plan owns", lambda it: keep_job(it, "train-d-8", [])),
    "a Job of another owner": ("its plan owns", lambda it: keep_job(it, "train-d-9", [OWNER])),
    "another account": ("listed service accounts", lambda it: create_job(it, serviceAccountName="admin")),
    "another account, by its old field": ("listed service accounts", lambda it: create_job(it, serviceAccount="admin")),
    "its own account": (
        "listed service accounts",
        lambda it: create_job(it, serviceAccountName="train-restart-watcher"),
    ),
    "another account, by an apply": ("listed service accounts", apply_job),
    "pods of another set": ("the label of its set", label_pods),
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
    "the image of a pod": (SPEC, lambda it: patch_image(it, it.pod())),
    "the tolerations of a pod": (
        SPEC,
        lambda it: it.thief.patch("pods", it.pod(), [TOLERATION], kind="json", dry_run=True),
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

KEY = {"name": "other", "key": "a"}
UNLISTED = "the listed Secrets"
SECRETS: dict[str, tuple[str, Json]] = {
    "a volume": (UNLISTED, {"volumes": [{"name": "a", "secret": {"secretName": "other"}}]}),
    "a projected volume": (
        UNLISTED,
        {"volumes": [{"name": "a", "projected": {"sources": [{"secret": {"name": "other"}}]}}]},
    ),
    "the secret of a driver": (
        UNLISTED,
        {"volumes": [{"name": "a", "csi": {"driver": "a.example.com", "nodePublishSecretRef": {"name": "other"}}}]},
    ),
    "the secret of a file system": (
        UNLISTED,
        {"volumes": [{"name": "a", "azureFile": {"secretName": "other", "shareName": "a"}}]},
    ),
    "the secret of a disk": (
        UNLISTED,
        {"volumes": [{"name": "a", "cinder": {"volumeID": "a", "secretRef": {"name": "other"}}}]},
    ),
    "a variable": (UNLISTED, with_container(env=[{"name": "A", "valueFrom": {"secretKeyRef": KEY}}])),
    "variables": (UNLISTED, with_container(envFrom=[{"secretRef": {"name": "other"}}])),
    "a variable at the start": (
        UNLISTED,
        {"initContainers": [{"name": "a", "image": "a:1", "envFrom": [{"secretRef": {"name": "other"}}]}]},
    ),
}
