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
from tests.cluster.harness import kwok
from tests.cluster.harness.admission_policy import POLICY, BoundPolicy, bind, bound_policy
from tests.cluster.harness.client import ApiError, Client
from tests.cluster.harness.compiled_set import ATTEMPT, CompiledSet
from tests.cluster.harness.control_plane import ControlPlane
from tests.cluster.harness.multislice import changed
from tests.cluster.harness.ordered_set import text_of
from tests.cluster.harness.processes import until
from tests.cluster.oracles.stolen_token import ATTEMPTS, SECRETS, Stolen, create_job, steal, with_container

Json = dict[str, Any]
TTL = {"none": [("spec:\n  successPolicy", "spec:\n  ttlSecondsAfterFinished: 2\n  successPolicy")]}
# The longest name that its pods leave room for. Its watcher's name is shortened, as is that of the other.
LONGEST = "a-set-whose-name-is-as-long-as-the-names-of-its-pods-bear"
LONG = "a-set-whose-name-is-longer-than-a-watcher-leaves-it"


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
@pytest.fixture(scope="module")
def stolen(policy: BoundPolicy) -> Stolen:
    return steal(policy.plane, policy.new_namespace())


@pytest.fixture(scope="module")
def free(real_plane: ControlPlane) -> Stolen:
    """The same without the policy."""
    return steal(real_plane, real_plane.new_namespace())


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


def test_a_job_of_300_kilobytes_is_within_the_limits_of_cel(listed: Stolen) -> None:
    key = {"secretKeyRef": {"name": "data", "key": "a"}}
    variables = [{"name": f"VARIABLE_{number}", "valueFrom": key} for number in range(4000)]
    job = listed.job
    job["metadata"]["name"] = "train-d-8"
    job["spec"]["template"]["spec"].update(with_container(env=variables))
    assert len(json.dumps(job)) > 300_000
    job["metadata"]["ownerReferences"][0]["uid"] = listed.admin.get("configmaps", "train-restart-plan")["metadata"][
        "uid"
    ]
    listed.thief.create(job)
    listed.thief.patch("jobs", "train-d-8", {"spec": {"suspend": True}})
    listed.thief.delete("jobs", "train-d-8")


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


LIVES = {
    "git, the longest name": ("git", "argocd", LONGEST, ""),
    "watcher, a long name": ("watcher", "none", LONG, ""),
    "watcher, an account of another name": ("watcher", "none", "train", "runner"),
}


MARKS = {
    "watcher, a long name": pytest.mark.full_only(
        "CI has a long name with the other owner, and this owner with another"
    )
}


def test_a_longer_name_leaves_no_room_for_its_pods() -> None:
    def is_compiled(name: str) -> bool:
        text = text_of("a", name).encode()
        return compile([Source(name="set.yaml", content=text)], Settings(namespace="a", gitops="none")).ok

    assert all(watcher_name(name) != f"{name}-restart-watcher" for name in (LONG, LONGEST))
    assert (is_compiled(LONGEST), is_compiled(f"{LONGEST}s")) == (True, False)


@pytest.mark.parametrize("name", [pytest.param(name, marks=MARKS.get(name, ())) for name in LIVES])
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
