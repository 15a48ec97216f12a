"""The watcher against the real API server, under the rights that the compiler gives it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jobsetgen.runtime.watcher import https
from tests.cluster.harness import client, kwok
from tests.cluster.harness.compiled_set import CompiledSet
from tests.cluster.harness.control_plane import ControlPlane
from tests.cluster.harness.multislice import changed
from tests.cluster.harness.plain_set import NAMES, TEXT, fail
from tests.cluster.harness.processes import until


@pytest.fixture
def watched(real_plane: ControlPlane, real_namespace: str, tmp_path: Path) -> Iterator[CompiledSet]:
    made = CompiledSet(real_plane, real_namespace, TEXT)
    made.apply()
    process = made.start(tmp_path)
    yield made
    real_plane.stop(process.name)


def has_failed(watched: CompiledSet, job: str) -> bool:
    conditions = watched.client.get("jobs", job)["status"].get("conditions", ())
    return any((each["type"], each["status"]) == ("Failed", "True") for each in conditions)


def test_a_failed_pod_restarts_the_whole_set_and_a_second_one_ends_it(watched: CompiledSet) -> None:
    until(lambda: watched.ready() == NAMES and bool(watched.state))
    before = {name: job["metadata"]["uid"] for name, job in watched.jobs().items()}
    fail(watched, NAMES[0])
    until(lambda: sorted(watched.jobs(attempt="1")) == NAMES and watched.ready() == NAMES)
    assert not set(before.values()) & {job["metadata"]["uid"] for job in watched.jobs().values()}
    fail(watched, NAMES[1])
    until(lambda: (watched.state.get("terminal") or {}).get("reason") == "ReachedMaxRestarts")
    until(lambda: has_failed(watched, "train-restart-watcher"))


DRIVER = """
  - name: driver
    template:
      spec:
        parallelism: 1
        completions: 1
        backoffLimit: 0
        template:
          spec:
            nodeSelector: {tests.jobsetgen.io/driver: NAMESPACE}
            containers: [{name: main, image: "registry.example.com/train:1"}]
"""
ORDERED = changed(
    TEXT,
    [
        ("maxRestarts: 1", "maxRestarts: 1, restartStrategy: BlockingRecreate"),
        ("replicas: 2\n", "replicas: 2\n    dependsOn: [{name: driver, status: Ready}]\n"),
        ("parallelism: 2\n", "activeDeadlineSeconds: 3600\n        parallelism: 2\n"),
        ("  replicatedJobs:\n", f"  replicatedJobs:{DRIVER}"),
    ],
)


@pytest.mark.parametrize("jobs", ["git", "watcher"])
def test_what_waits_for_the_driver_has_no_running_pod_before_it_in_any_attempt(
    real_plane: ControlPlane, real_namespace: str, tmp_path: Path, jobs: str
) -> None:
    ordered = CompiledSet(
        real_plane, real_namespace, ORDERED.replace("NAMESPACE", real_namespace), jobs=jobs, gitops="any"
    )
    ordered.apply()
    process = ordered.start(tmp_path)
    for attempt in (0, 1):
        # No node suits the driver yet.
        until(lambda: [pod["metadata"]["labels"]["job-name"] for pod in waiting(ordered, "Pending")] != [])
        until(lambda attempt=attempt: ordered.state.get("restarts") == attempt and not waiting(ordered, "Running"))  # type: ignore[misc]
        node = f"{real_namespace}-{attempt}"
        kwok.add_nodes(real_plane, node, labels={"tests.jobsetgen.io/driver": real_namespace})
        until(lambda: ordered.ready() == ["train-driver-0", *NAMES])
        assert all(ordered.jobs()[name]["spec"]["activeDeadlineSeconds"] == 3600 for name in NAMES)
        real_plane.client.patch("nodes", node, {"spec": {"unschedulable": True}})
        if attempt == 0:
            fail(ordered, NAMES[0])
    real_plane.stop(process.name)
    for attempt in (0, 1):
        real_plane.client.delete("nodes", f"{real_namespace}-{attempt}")


def waiting(watched: CompiledSet, phase: str) -> list[dict[str, Any]]:
    """Return the set's pods in a phase."""
    return [
        pod
        for pod in watched.pods()
        if pod.get("status", {}).get("phase") == phase and "deletionTimestamp" not in pod["metadata"]
    ]


# --- What the API refuses -------------------------------------------------------------------------
@pytest.mark.parametrize("plural", ["jobs", "pods"])
def test_a_patch_that_names_a_uid_which_is_gone_is_no_refusal(watched: CompiledSet, plural: str) -> None:
    until(lambda: watched.ready() == NAMES)
    name = NAMES[0] if plural == "jobs" else watched.pods(NAMES[0])[0]["metadata"]["name"]
    other = {"metadata": {"uid": "11111111-2222-3333-4444-555555555555", "labels": {"a": "b"}}}
    with pytest.raises(client.ApiError) as refused:
        watched.client.patch(plural, name, other)
    answer = https.ApiError(refused.value.status, refused.value.message)
    assert answer.status in (409, 422)
    assert not answer.is_refusal


def messages(watched: CompiledSet, *reasons: str) -> list[str]:
    """Return what the events with one of these reasons say."""
    return [each["message"] for each in watched.client.list("events") if each["reason"] in reasons]


def test_a_quota_holds_a_restart_up_and_people_are_told_until_it_is_raised(watched: CompiledSet) -> None:
    until(lambda: watched.ready() == NAMES and bool(watched.state))
    quota = {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "jobs"}}
    watched.client.create({**quota, "spec": {"hard": {"count/jobs.batch": "2"}}})
    until(lambda: bool((watched.client.get("resourcequotas", "jobs").get("status") or {}).get("used")))
    fail(watched, NAMES[0])
    until(lambda: len(watched.jobs(attempt="1")) == 1 and messages(watched, "JobCreationFailed") != [])
    (message,) = messages(watched, "JobCreationFailed")
    assert message.startswith("create jobs train-workers-")
    assert "exceeded quota: jobs" in message
    watched.client.patch("resourcequotas", "jobs", {"spec": {"hard": {"count/jobs.batch": "9"}}})
    until(lambda: watched.ready() == NAMES and messages(watched, "RequestAccepted") != [])
    assert watched.counters() == (1, 1)


def test_rights_that_are_missing_for_a_while_end_nothing(watched: CompiledSet) -> None:
    until(lambda: watched.ready() == NAMES and bool(watched.state))
    role = watched.client.get("roles", "train-restart-watcher")
    fewer = [rule for rule in role["rules"] if "delete" not in rule["verbs"]]
    watched.client.patch("roles", "train-restart-watcher", {"rules": fewer})
    fail(watched, NAMES[0])
    refused = ("RequestRefused", "JobDeletionFailed")
    until(lambda: messages(watched, *refused) != [])
    assert all("cannot " in message and ' resource "jobs"' in message for message in messages(watched, *refused))
    watched.client.patch("roles", "train-restart-watcher", {"rules": role["rules"]})
    until(lambda: sorted(watched.jobs(attempt="1")) == NAMES and watched.ready() == NAMES)
    until(lambda: messages(watched, "RequestAccepted") != [])
    assert watched.counters() == (1, 1)
