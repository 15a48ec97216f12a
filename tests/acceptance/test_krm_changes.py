"""What the functionConfig of a KRM function changes in the items, as a project does in its resources."""

from __future__ import annotations

import json
from typing import Any

import pytest

from jobsetgen.frontends.krm.function import answer
from jobsetgen.source.loader import load

JOBSET = {
    "apiVersion": "jobset.x-k8s.io/v1alpha2",
    "kind": "JobSet",
    "metadata": {"name": "train", "namespace": "research"},
    "spec": {
        "replicatedJobs": [
            {
                "name": "workers",
                "template": {
                    "spec": {
                        "backoffLimit": 0,
                        "template": {
                            "spec": {
                                "restartPolicy": "Never",
                                "containers": [
                                    {
                                        "name": "trainer",
                                        "image": "registry.example.com/train:1",
                                        "envFrom": [{"configMapRef": {"name": "flags"}}],
                                    }
                                ],
                            }
                        },
                    }
                },
            }
        ]
    },
}
DEPLOYMENT = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": {"replicas": 1}}
FLAGS = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "flags", "namespace": "research"}}
LIST = {"apiVersion": "v1", "kind": "List", "items": [FLAGS]}


def run(config: dict[str, Any], *items: Any) -> tuple[list[Any], list[str]]:
    """Return the items that the function puts out, and the messages of its results."""
    function = {"apiVersion": "jobsetgen.io/v1alpha1", "kind": "JobSetGenerator", **config}
    given = {
        "apiVersion": "config.kubernetes.io/v1",
        "kind": "ResourceList",
        "functionConfig": function,
        "items": list(items),
    }
    (document,) = load("out.yaml", "".join(answer(json.dumps(given).encode()).output).encode()).documents
    return document.data.get("items", []), [each["message"] for each in document.data.get("results", [])]


def named(items: list[Any]) -> dict[str, Any]:
    return {f"{each['kind']} {each['metadata']['name']}": each for each in items}


def workers(items: list[Any]) -> list[str]:
    return [name for name in named(items) if "-workers-" in name]


def test_patches_written_in_the_configuration_change_items_of_every_kind():
    patches = [
        {
            "patch": {
                "apiVersion": "apps/v1",
                "kind": "Deployment",
                "metadata": {"name": "web"},
                "spec": {"replicas": 3},
            }
        },
        {
            "target": {"kind": "JobSet"},
            "patch": [{"op": "add", "path": "/spec/replicatedJobs/0/replicas", "value": 2}],
        },
    ]
    items, said = run({"patches": patches}, JOBSET, DEPLOYMENT)
    assert said == []
    assert workers(items) == ["Job train-workers-0", "Job train-workers-1"]
    assert named(items)["Deployment web"]["spec"] == {"replicas": 3}


def test_names_and_references_change_together_also_in_lists():
    items, said = run({"namePrefix": "prod-", "labels": {"team": "ml"}}, JOBSET, DEPLOYMENT, LIST)
    assert said == []
    found = named(items)
    assert set(found) == {
        "Service prod-train",
        "Job prod-train-workers-0",
        "Deployment prod-web",
        "ConfigMap prod-flags",
    }
    (container,) = found["Job prod-train-workers-0"]["spec"]["template"]["spec"]["containers"]
    assert container["envFrom"] == [{"configMapRef": {"name": "prod-flags"}}]
    assert found["ConfigMap prod-flags"]["metadata"]["labels"] == {"team": "ml"}


@pytest.mark.parametrize(("namespace", "name"), [("research", "dev-flags"), ("other", "flags")])
def test_a_reference_follows_in_the_namespace_of_the_configuration(namespace, name):
    jobset = {**JOBSET, "metadata": {"name": "train"}}
    items, _ = run({"namePrefix": "dev-", "namespace": namespace}, jobset, FLAGS)
    (job,) = (each for each in items if each["kind"] == "Job")
    (container,) = job["spec"]["template"]["spec"]["containers"]
    assert container["envFrom"] == [{"configMapRef": {"name": name}}]


def test_replicas_name_a_jobset_as_the_items_do():
    replicas = [{"jobSet": "train", "replicatedJob": "workers", "replicas": 2}]
    items, said = run({"namePrefix": "prod-", "replicas": replicas}, JOBSET)
    assert said == []
    assert workers(items) == ["Job prod-train-workers-0", "Job prod-train-workers-1"]


def test_without_changes_the_items_of_others_stay_as_they_are():
    items, _ = run({}, JOBSET, DEPLOYMENT, LIST)
    assert items[-2:] == [DEPLOYMENT, LIST]


@pytest.mark.parametrize(
    ("config", "message"),
    [
        (
            {"patches": [{"path": "patch.yaml"}]},
            "JSG702: a KRM function reads no files: write the patch itself, as 'patch'.",
        ),
        (
            {"values": {"a": 1}, "valuesSchema": {}},
            "JSG702: values has no effect without templates. Write the templates themselves, as a list of texts in"
            " 'templates'.",
        ),
        (
            {"valuesSchema": "a.json"},
            "JSG702: a KRM function reads no files: write the schema itself, as a mapping.",
        ),
        ({"templates": "a.yaml.j2"}, "JSG102: templates must be a list of texts."),
        (
            {"templates": [{"path": "a.yaml.j2"}]},
            "JSG102: a template must be a text, such as a block scalar that begins with '|'.",
        ),
        (
            {"patches": [{"target": {"kind": "Deploymen"}, "patch": {"spec": {}}}]},
            "JSG713: no object matches the target: kind 'Deploymen'. Did you mean 'Deployment'?",
        ),
    ],
)
def test_what_a_function_cannot_do_is_said_and_the_items_stay(config, message):
    items, said = run(config, JOBSET, DEPLOYMENT)
    assert said == [message]
    assert items == [JOBSET, DEPLOYMENT]
