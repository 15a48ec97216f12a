"""What somebody who may create Jobs, or edit the plan, lets a watcher run: tried at the real API server."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.cluster.harness.compiled_set import CompiledSet
from tests.cluster.harness.control_plane import ControlPlane
from tests.cluster.harness.plain_set import NAMES, TEXT, fail
from tests.cluster.harness.processes import until

Json = dict[str, Any]
PLAN = "train-restart-plan"


@contextmanager
def watching(made: CompiledSet, folder: Path) -> Iterator[None]:
    """Run the watcher of a set that is applied."""
    process = made.start(folder)
    try:
        yield
    finally:
        made.plane.stop(process.name)


def told(made: CompiledSet, reason: str) -> list[str]:
    """Return the messages of the Events with a reason."""
    return [event["message"] for event in made.client.list("events") if event["reason"] == reason]


def pods_of(job: Json) -> Json:
    """Return the spec of a Job's pods."""
    return dict(job["spec"]["template"]["spec"])


def test_a_job_that_somebody_creates_first_gives_a_restart_no_account_and_no_path_of_a_node(
    real_plane: ControlPlane, real_namespace: str, tmp_path: Path
) -> None:
    made = CompiledSet(real_plane, real_namespace, TEXT)
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "admin"}}
    made.client.create(account)
    job = copy.deepcopy(next(each for each in made.objects if each["metadata"]["name"] == NAMES[0]))
    pods = job["spec"]["template"]["spec"]
    pods.update(serviceAccountName="admin", volumes=[{"name": "host", "hostPath": {"path": "/"}}], hostPID=True)
    pods["containers"][0].update(
        volumeMounts=[{"name": "host", "mountPath": "/host"}],
        securityContext={"privileged": True},
        env=[*pods["containers"][0].get("env", []), {"name": "THEIRS", "value": "1"}],
    )
    made.client.create(job)
    for item in made.objects:
        if item["metadata"]["name"] != NAMES[0]:
            made.client.apply(item)
    with watching(made, tmp_path):
        until(lambda: made.ready() == NAMES and bool(told(made, "NotCarried")))
        assert made.counters() == (0, 0)
        (message,) = told(made, "NotCarried")
        for field in ("serviceAccountName", "hostPID", "volumes[host].hostPath", "securityContext"):
            assert f".{field} (" in message
        fail(made, NAMES[1])
        until(lambda: sorted(made.jobs(attempt="1")) == NAMES and made.ready() == NAMES)
    for each in map(pods_of, made.jobs().values()):
        (container,) = each["containers"]
        assert not {"serviceAccountName", "hostPID", "hostNetwork"} & set(each)
        assert not each.get("volumes")
        assert not {"volumeMounts", "securityContext"} & {key for key, value in container.items() if value}
        assert {"name": "THEIRS", "value": "1"} in container["env"]
    assert len(told(made, "NotCarried")) == 1


def test_nothing_is_created_from_an_edited_plan_until_the_plan_is_applied_again(
    real_plane: ControlPlane, real_namespace: str, tmp_path: Path
) -> None:
    made = CompiledSet(real_plane, real_namespace, TEXT, jobs="watcher")
    made.apply()
    with watching(made, tmp_path):
        until(lambda: made.ready() == NAMES)
        before = {name: job["metadata"]["uid"] for name, job in made.jobs().items()}
        plan = json.loads(made.client.get("configmaps", PLAN)["data"]["plan.json"])
        plan["replicatedJobs"][0]["job"]["spec"]["template"]["spec"]["serviceAccountName"] = "admin"
        made.client.patch("configmaps", PLAN, {"data": {"plan.json": json.dumps(plan)}})
        fail(made, NAMES[0])
        until(lambda: bool(told(made, "GenerationMismatch")))
        assert {name: job["metadata"]["uid"] for name, job in made.jobs().items()} == before
        made.apply()
        until(lambda: sorted(made.jobs(attempt="1")) == NAMES and made.ready() == NAMES)
    assert all("serviceAccountName" not in pods_of(job) for job in made.jobs().values())
    assert len(told(made, "GenerationMismatch")) == 1
