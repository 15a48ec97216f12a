"""Containers that read the restart attempt: from the watcher's state, as a 0, or as under the controller."""

from __future__ import annotations

import pytest

from tests.unit.expand.builds import built, jobset, plan, replicated_job, training

SET = "metadata.{}['jobset.sigs.k8s.io/restart-attempt']"
JOB = "metadata.{}['jobset.sigs.k8s.io/job-restart-attempt']"
KINDS = ["labels", "annotations"]
NAME = {"path": "name", "fieldRef": {"fieldPath": "metadata.name"}}


def document(replicas=2, env=(), volumes=(), init=False):
    container = {"name": "main", "image": "registry.example.com/train:1.0"}
    mounts = [{"name": volume["name"], "mountPath": f"/{volume['name']}"} for volume in volumes]
    reader = {**container, "env": list(env), "volumeMounts": mounts}
    pod = {"containers": [reader], "volumes": list(volumes)}
    if init:
        pod = {"containers": [container], "initContainers": [{**reader, "name": "init"}], "volumes": list(volumes)}
    return jobset(replicated_job(replicas=replicas, pod=pod))


def variable(path):
    return {"name": "ATTEMPT", "valueFrom": {"fieldRef": {"fieldPath": path}}}


def item(path, **fields):
    return {"path": "attempt", "fieldRef": {"fieldPath": path}, **fields}


def pod(text, **options):
    return training(text, **options)["demo-workers-0"]["spec"]["template"]["spec"]


def key(text):
    return f"restart-attempt.{built(text).expansions[0].generation}"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("init", [False, True])
def test_a_variable_reads_the_state(kind, init):
    text = document(env=[variable(SET.format(kind))], init=init)
    container = pod(text)["initContainers" if init else "containers"][0]
    reference = {"name": "demo-restart-state", "key": key(text)}
    assert container["env"] == [{"name": "ATTEMPT", "valueFrom": {"configMapKeyRef": reference}}]
    assert plan(text)["readsAttempt"] is True


@pytest.mark.parametrize("kind", KINDS)
def test_a_volume_of_one_item_becomes_one_of_the_state(kind):
    volume = {"name": "info", "downwardAPI": {"defaultMode": 256, "items": [item(SET.format(kind), mode=292)]}}
    text = document(volumes=[volume])
    items = [{"key": key(text), "path": "attempt", "mode": 292}]
    expected = {"name": "info", "configMap": {"name": "demo-restart-state", "defaultMode": 256, "items": items}}
    assert pod(text)["volumes"] == [expected]
    assert plan(text)["readsAttempt"] is True


def test_a_volume_of_several_items_becomes_a_projected_one():
    volume = {"name": "info", "downwardAPI": {"defaultMode": 256, "items": [item(SET.format("labels")), NAME]}}
    text = document(volumes=[volume])
    state = {"name": "demo-restart-state", "items": [{"key": key(text), "path": "attempt"}]}
    sources = [{"downwardAPI": {"items": [NAME]}}, {"configMap": state}]
    assert pod(text)["volumes"] == [{"name": "info", "projected": {"defaultMode": 256, "sources": sources}}]


def test_a_projected_volume_keeps_its_other_sources():
    other = {"configMap": {"name": "settings"}}
    source = {"downwardAPI": {"items": [NAME, item(SET.format("labels"))]}}
    text = document(volumes=[{"name": "info", "projected": {"sources": [source, other]}}])
    state = {"name": "demo-restart-state", "items": [{"key": key(text), "path": "attempt"}]}
    assert pod(text)["volumes"][0]["projected"]["sources"] == [
        {"downwardAPI": {"items": [NAME]}},
        {"configMap": state},
        other,
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_restarts_of_one_job_are_0(kind):
    volume = {"name": "info", "downwardAPI": {"items": [item(JOB.format(kind))]}}
    text = document(env=[variable(JOB.format(kind))], volumes=[volume])
    found = pod(text)
    assert found["containers"][0]["env"] == [{"name": "ATTEMPT", "value": "0"}]
    path = "metadata.annotations['jobsetgen.io/restart-attempt']"
    assert found["volumes"] == [{"name": "info", "downwardAPI": {"items": [item(path)]}}]
    assert plan(text)["readsAttempt"] is False


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_watcher_the_attempt_is_0(kind):
    volume = {"name": "info", "downwardAPI": {"items": [item(SET.format(kind))]}}
    text = document(replicas=1, env=[variable(SET.format(kind))], volumes=[volume])
    found = pod(text)
    assert found["containers"][0]["env"] == [{"name": "ATTEMPT", "value": "0"}]
    path = "metadata.annotations['jobsetgen.io/restart-attempt']"
    assert found["volumes"] == [{"name": "info", "downwardAPI": {"items": [item(path)]}}]


@pytest.mark.parametrize("path", [SET.format("labels"), JOB.format("annotations")])
def test_what_the_watcher_creates_reads_what_it_reads_under_the_controller(path):
    volume = {"name": "info", "downwardAPI": {"items": [item(path)]}}
    text = document(env=[variable(path)], volumes=[volume])
    found = pod(text, jobs="watcher")
    assert found["containers"][0]["env"] == [variable(path)]
    assert found["volumes"] == [volume]
    assert plan(text, jobs="watcher")["readsAttempt"] is False


def test_a_generated_name_is_that_of_the_state_too():
    text = document(env=[variable(SET.format("labels"))])
    text["metadata"] = {"generateName": "demo-"}
    (expansion,) = built(text).expansions
    (family,) = expansion.families
    (container,) = family.template["spec"]["template"]["spec"]["containers"]
    reference = container["env"][0]["valueFrom"]["configMapKeyRef"]
    assert reference == {
        "name": f"demo-{expansion.generation[:8]}-restart-state",
        "key": f"restart-attempt.{expansion.generation}",
    }
