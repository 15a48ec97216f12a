"""deploy/admission-policy.yaml on the real API server: what it denies a stolen token, and that it denies no watcher."""

from __future__ import annotations

import json
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
from tests.cluster.harness.compiled_set import ATTEMPT, CompiledSet
from tests.cluster.harness.control_plane import ControlPlane
from tests.cluster.harness.multislice import changed
from tests.cluster.harness.processes import until

Json = dict[str, Any]
JOBSET = "jobset.sigs.k8s.io/jobset-name"
TTL = {"none": [("spec:\n  successPolicy", "spec:\n  ttlSecondsAfterFinished: 2\n  successPolicy")]}
# The longest name that its pods leave room for. Its watcher's name is shortened, as is that of the other.
LONGEST = "a-set-whose-name-is-as-long-as-the-names-of-its-pods-bear"
LONG = "a-set-whose-name-is-longer-than-a-watcher-leaves-it"
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
    made.client.create(other_pod())
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


def other_pod() -> Json:
    spec = {"schedulingGates": [{"name": "jobsetgen.io/startup"}], "containers": [{"name": "main", "image": "a:1"}]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "other", "labels": {JOBSET: "other"}}, "spec": spec}


def other_job() -> Json:
    template = {
        "spec": {"restartPolicy": "Never", "containers": [{"name": "main", "image": "registry.example.com/a:1"}]}
    }
    meta = {"name": "other-w-0", "labels": {JOBSET: "other", "jobsetgen.io/jobset": "other"}}
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": meta, "spec": {"suspend": True, "template": template}}


@pytest.fixture(scope="module")
def stolen(policy: BoundPolicy) -> Stolen:
    return steal(policy.plane, policy.new_namespace())


@pytest.fixture(scope="module")
def free(real_plane: ControlPlane) -> Stolen:
    """The same without the policy."""
    return steal(real_plane, real_plane.new_namespace())


def create_job(stolen: Stolen, *, metadata: Json | None = None, dry_run: bool = True, **pod: Any) -> None:
    """Create a Job with other metadata or another pod."""
    job = stolen.job
    job["metadata"].update(metadata or {})
    job["spec"]["template"]["spec"].update(pod)
    stolen.thief.create(job, dry_run=dry_run)


def keep_job(stolen: Stolen, name: str, owners: list[Json]) -> None:
    """Create a Job with other owners."""
    create_job(stolen, metadata={"name": name, "ownerReferences": owners}, dry_run=False)


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


def test_every_rule_has_denied_something() -> None:
    policy, _ = YAML(typ="safe").load_all(POLICY)
    messages = [each["message"] for each in policy["spec"]["validations"]]
    tried = [message for message, _ in [*ATTEMPTS.values(), *SECRETS.values()]]
    assert [each for each in messages if not any(message in each for message in tried)] == []


# --- What an administrator lists ------------------------------------------------------------------
KEY = {"name": "other", "key": "a"}
UNLISTED = "the listed Secrets"
SECRETS = {
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
    "a variable": (UNLISTED, with_container(env=[{"name": "A", "valueFrom": {"secretKeyRef": KEY}}])),
    "variables": (UNLISTED, with_container(envFrom=[{"secretRef": {"name": "other"}}])),
    "a variable at the start": (
        UNLISTED,
        {"initContainers": [{"name": "a", "image": "a:1", "envFrom": [{"secretRef": {"name": "other"}}]}]},
    ),
}
LISTED = [
    {"serviceAccountName": "trainer"},
    {"hostNetwork": True, **with_container(securityContext={"capabilities": {"add": ["IPC_LOCK"]}})},
    {"volumes": [{"name": "a", "secret": {"secretName": "data"}}, {"name": "b", "emptyDir": {}}]},
    with_container(env=[{"name": "A", "valueFrom": {"secretKeyRef": {"name": "data", "key": "a"}}}]),
]


def lists(account: str) -> list[tuple[str, str]]:
    """Return what an administrator writes into the lists of the policy."""
    return [
        ('// "system:serviceaccount:NAMESPACE:NAME",', f'"{account}",'),
        ("""'["default"]'""", """'["default", "trainer"]'"""),
        (
            """  - name: nodeAccess\n    expression: '[]'""",
            """  - name: nodeAccess\n    expression: '["hostNetwork", "capabilities"]'""",
        ),
        ("""'["*"]'""", """'["data"]'"""),
    ]


@pytest.fixture(scope="module")
def listed(real_plane: ControlPlane) -> Iterator[Stolen]:
    """A set whose watcher runs under an account of another name."""
    namespace = real_plane.new_namespace("listed")
    with bound_policy(real_plane, "listed", lists(f"system:serviceaccount:{namespace}:runner")) as bound:
        bound.hold_in(namespace)
        yield steal(real_plane, namespace, account="runner")


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_that_is_not_listed_is_denied(listed: Stolen, free: Stolen, name: str) -> None:
    message, pod = SECRETS[name]
    create_job(free, **pod)
    with pytest.raises(ApiError) as denied:
        create_job(listed, **pod)
    assert message in denied.value.message


@pytest.mark.parametrize("name", ["a Job of another set", "its own account", "hostPID", "the image of a pod"])
def test_an_account_of_another_name_is_denied_as_much(listed: Stolen, name: str) -> None:
    message, attempt = ATTEMPTS[name]
    with pytest.raises(ApiError) as denied:
        attempt(listed)
    assert message in denied.value.message


@pytest.mark.parametrize("pod", LISTED)
def test_what_is_listed_is_let_in(listed: Stolen, pod: Json) -> None:
    create_job(listed, **pod)


# --- What it lets be ------------------------------------------------------------------------------
class Life(NamedTuple):
    """A set whose watcher runs under the policy."""

    set: CompiledSet
    folder: Path

    @property
    def jobs(self) -> list[str]:
        """The names of its Jobs."""
        return [f"{self.set.name}-{each}" for each in ("d-0", "w-0", "w-1")]

    def runs(self, image: str = "train:1") -> bool:
        """Whether all of its pods run, with an image."""
        images = {each["spec"]["template"]["spec"]["containers"][0]["image"] for each in self.set.jobs().values()}
        return self.set.ready() == self.jobs and images == {f"registry.example.com/{image}"}

    def push(self, *changes: tuple[str, str]) -> None:
        """Apply a change as a tool does: Jobs of Git that it cannot change are replaced."""
        old = {each["metadata"]["name"]: each for each in self.set.objects if each["kind"] == "Job"}
        self.set.push(changed(text_of(self.set.namespace, self.set.name), changes))
        for item in self.set.objects:
            before = old.get(item["metadata"]["name"]) if item["kind"] == "Job" else None
            if before and before["spec"]["template"] != item["spec"]["template"] and self.set.settings.jobs == "git":
                self.set.client.delete("jobs", item["metadata"]["name"], propagation="Foreground")
                until(lambda item=item: self.is_gone(item))  # type: ignore[misc]
            elif before and before["spec"].get("suspend") != item["spec"].get("suspend"):
                suspend = {"spec": {"suspend": item["spec"].get("suspend", False)}}
                self.set.client.patch("jobs", item["metadata"]["name"], suspend)
                continue
            elif before:
                continue
            self.set.client.apply(item)

    def is_gone(self, item: Json) -> bool:
        """Whether a Job is gone, or is the watcher's next one."""
        return self.set.client.find("jobs", item["metadata"]["name"]) is None


def text_of(namespace: str, name: str) -> str:
    return TEXT.replace("NAMESPACE", namespace).replace("{name: train}", f"{{name: {name}}}")


LIVES = {
    "git, the longest name": ("git", "argocd", LONGEST, ""),
    "watcher, a long name": ("watcher", "none", LONG, ""),
    "watcher, an account of another name": ("watcher", "none", "train", "runner"),
}


def test_a_longer_name_leaves_no_room_for_its_pods() -> None:
    def is_compiled(name: str) -> bool:
        text = text_of("a", name).encode()
        return compile([Source(name="set.yaml", content=text)], Settings(namespace="a", gitops="none")).ok

    assert all(watcher_name(name) != f"{name}-restart-watcher" for name in (LONG, LONGEST))
    assert (is_compiled(LONGEST), is_compiled(f"{LONGEST}s")) == (True, False)


@pytest.mark.parametrize("name", LIVES)
def test_an_ordinary_life_meets_no_denial(real_plane: ControlPlane, tmp_path: Path, name: str) -> None:
    jobs, gitops, jobset, account = LIVES[name]
    namespace = real_plane.new_namespace("life")
    with bound_policy(real_plane, namespace, lists(f"system:serviceaccount:{namespace}:{account}")) as bound:
        bound.hold_in(namespace)
        options = Watcher(log_level="debug", service_account=account)
        settings = {"jobs": jobs, "gitops": gitops, "watcher": options}
        if account:
            lend_rights(real_plane.within(namespace), account, jobset, settings)
        life = Life(CompiledSet(real_plane, namespace, text_of(namespace, jobset), **settings), tmp_path)
        live(life)
        die(life, settings)
        for log in real_plane.folder.glob(f"{namespace}-*.log"):
            assert "denied request" not in log.read_text(), log.read_text()


def lend_rights(client: Client, account: str, jobset: str, settings: Json) -> None:
    """Give an account the rights that the compiler would have given to the watchers of both sets."""
    rules: list[Json] = []
    for name in (jobset, "short"):
        given = Settings(namespace=client.namespace, **{**settings, "watcher": Watcher()})
        source = Source(name="set.yaml", content=text_of(client.namespace, name).encode())
        rules += next(each["rules"] for each in compile([source], given).objects() if each["kind"] == "Role")
    bind(client, account, rules)


def live(life: Life) -> None:
    """Start in order, fail, restart, lose a label and a Service, be suspended and changed, and succeed."""
    it, client, node = life.set, life.set.client, life.set.namespace
    kwok.add_nodes(it.plane, node, labels={"tests.jobsetgen.io/driver": it.namespace})
    it.apply()
    process = it.start(life.folder)
    until(life.runs)
    fail(it, "w-0")
    until(lambda: it.counters() == (1, 1) and life.runs())
    if it.settings.jobs == "git":
        client.patch("jobs", life.jobs[1], {"metadata": {"labels": {ATTEMPT: None}}})
        until(lambda: ATTEMPT in client.get("jobs", life.jobs[1])["metadata"]["labels"])
    if it.settings.gitops == "none":
        client.delete("services", it.name)
        until(lambda: client.find("services", it.name) is not None)
    life.push(("spec:\n  successPolicy", "spec:\n  suspend: true\n  successPolicy"))
    until(lambda: [job["spec"]["suspend"] for job in it.jobs().values()] == [True] * 3)
    life.push()
    until(life.runs)
    life.push(("train:1", "train:2"), *TTL.get(it.settings.gitops, ()))
    until(lambda: life.runs("train:2"))
    for name in life.jobs[1:]:
        kwok.complete_pod(it.plane, it.pods(name)[0]["metadata"]["name"], namespace=it.namespace)
    until(lambda: process.status == 0)
    assert it.state["terminal"]["type"] == "Completed"
    for item in it.objects:
        client.delete(it_plural(client, item), item["metadata"]["name"])
    client.delete("nodes", node)


def die(life: Life, settings: Json) -> None:
    """Let a second set fail, so that its watcher fails its own Job, which is deleted while it runs."""
    plane, namespace = life.set.plane, life.set.namespace
    text = changed(text_of(namespace, "short"), [("maxRestarts: 2", "maxRestarts: 0"), ("NodeSelector", "x")][:1])
    it = CompiledSet(plane, namespace, text.replace(f"{{tests.jobsetgen.io/driver: {namespace}}}", "{}"), **settings)
    it.apply()
    process = it.start(life.folder / "second", "second")
    until(lambda: it.ready() == ["short-d-0", "short-w-0", "short-w-1"])
    fail(it, "w-1")
    until(lambda: it.verdict() == "Failed")
    assert process.status is None
    plane.stop(process.name)


def fail(it: CompiledSet, job: str) -> None:
    kwok.fail_pod(it.plane, it.pods(f"{it.name}-{job}")[0]["metadata"]["name"], namespace=it.namespace)


def it_plural(client: Client, item: Json) -> str:
    return client.resource_of(item).plural
