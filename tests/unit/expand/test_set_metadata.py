"""The JobSet's own labels and annotations: on which objects they are, and that nothing that runs has them."""

from __future__ import annotations

from typing import Any

import pytest

from jobsetgen.options.watcher import Watcher
from jobsetgen.runtime.watcher.contract import QUEUE
from tests.unit.expand.builds import jobset, objects, plan, replicated_job

MODES = [{}, {"jobs": "watcher"}, {"gitops": "none"}, {"gitops": "none", "jobs": "watcher"}]
CLAIM = {
    "metadata": {"name": "data", "labels": {"tier": "hot"}},
    "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
}
STAND_FOR_THE_SET = {
    "ConfigMap/demo-restart-plan",
    "ConfigMap/demo-restart-state",
    "ConfigMap/demo-restart-script",
    "PersistentVolumeClaim/data-demo",
    "Service/demo",
    "Job/demo-restart-watcher",
}


def labelled(labels: dict[str, str], annotations: dict[str, str] | None = None) -> dict[str, Any]:
    """Return a set with a claim and a watcher, and with metadata of its own."""
    mounts = [{"name": "data", "mountPath": "/data"}]
    container = {"name": "main", "image": "registry.example.com/train:1.0", "volumeMounts": mounts}
    workers = replicated_job(pod={"containers": [container]})
    made = jobset(workers, volumeClaimPolicies=[{"templates": [CLAIM]}], failurePolicy={"maxRestarts": 3})
    made["metadata"] |= {"labels": labels, "annotations": annotations or {}}
    return made


def having(found: dict[str, dict[str, Any]], kind: str, key: str) -> set[str]:
    """Return the names of the objects with a label or an annotation in their metadata."""
    return {name for name, item in found.items() if key in (item["metadata"].get(kind) or {})}


@pytest.mark.parametrize("options", MODES)
def test_the_objects_that_stand_for_the_set_have_its_labels_and_annotations(options):
    found = objects(labelled({"team": "vision"}, {"example.com/owner": "vision"}), preview=True, **options)
    assert having(found, "labels", "team") == STAND_FOR_THE_SET
    assert having(found, "annotations", "example.com/owner") == STAND_FOR_THE_SET


@pytest.mark.parametrize("options", MODES)
def test_nothing_but_metadata_depends_on_them(options):
    bare = objects(labelled({}), preview=True, **options)
    changed = objects(labelled({"team": "vision"}, {"a": "b"}), preview=True, **options)
    assert bare.keys() == changed.keys()
    for name, item in bare.items():
        metadata = {**item["metadata"], "labels": None, "annotations": None}
        its_own = {**changed[name]["metadata"], "labels": None, "annotations": None}
        assert {**item, "metadata": metadata} == {**changed[name], "metadata": its_own}
        if name not in STAND_FOR_THE_SET:
            assert item == changed[name]


@pytest.mark.parametrize("options", MODES)
def test_the_plan_has_none_of_them(options):
    assert plan(labelled({"team": "vision"}), **options) == plan(labelled({}), **options)


def test_what_a_tool_would_act_on_is_on_no_object():
    labels = {QUEUE: "research", "app.kubernetes.io/instance": "train", "jobset.sigs.k8s.io/job-index": "7"}
    annotations = {"argocd.argoproj.io/hook": "Sync", "slurmjob.slinky.slurm.net/timelimit": "5"}
    found = objects(labelled(labels, annotations))
    assert [having(found, "labels", key) for key in (QUEUE, "app.kubernetes.io/instance")] == [set(), set()]
    assert [having(found, "annotations", key) for key in annotations] == [set(), set()]
    assert "jobset.sigs.k8s.io/job-index" not in found["Service/demo"]["metadata"].get("labels", {})


def test_the_labels_of_an_object_win():
    found = objects(labelled({"tier": "cold", "team": "vision"}), watcher=Watcher(labels={"team": "ops"}))
    assert found["PersistentVolumeClaim/data-demo"]["metadata"]["labels"]["tier"] == "hot"
    assert found["Job/demo-restart-watcher"]["metadata"]["labels"]["team"] == "ops"


def test_the_watchers_pod_does_not_get_them():
    job = objects(labelled({"team": "vision"}, {"a": "b"}))["Job/demo-restart-watcher"]
    assert "team" not in job["spec"]["template"]["metadata"]["labels"]
    assert "a" not in job["spec"]["template"]["metadata"]["annotations"]


def test_an_object_without_room_for_the_annotations_keeps_its_own():
    found = objects(labelled({"team": "vision"}, {"a": "x" * (256 * 1024 - 1)}))
    assert having(found, "annotations", "a") == STAND_FOR_THE_SET - {
        "ConfigMap/demo-restart-plan",
        "ConfigMap/demo-restart-script",
        "Job/demo-restart-watcher",
    }
    assert having(found, "labels", "team") == STAND_FOR_THE_SET
