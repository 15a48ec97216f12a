"""The options of the watcher: read from a project, and held to what an API server takes."""

from __future__ import annotations

import pytest

from jobsetgen.options.table import Settings
from jobsetgen.options.watcher import Watcher
from jobsetgen.project.file import read_project_file
from jobsetgen.project.watcher_options import watcher_problems

HEAD = "apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\n"
REFUSED = [
    ({"image": ""}, ("image",)),
    ({"image": "a b"}, ("image",)),
    ({"memory": "1 Gi"}, ("resources",)),
    ({"memory": "1ki"}, ("resources",)),
    ({"memory": "-1Gi"}, ("resources",)),
    ({"resources": {"limits": {"cpu": "one"}}}, ("resources", "limits", "cpu")),
    ({"resources": {"limits": {"cpu": "-1"}}}, ("resources", "limits", "cpu")),
    ({"resources": {"limits": {"cpu": -0.5}}}, ("resources", "limits", "cpu")),
    ({"resources": {"requests": {"cpu": 2}, "limits": {"cpu": "1999m"}}}, ("resources", "requests", "cpu")),
    ({"resources": {"limits": {"gpu": 1}}}, ("resources", "limits", "gpu")),
    ({"resources": {"limits": {"example.com/thing": 0.5}}}, ("resources", "limits", "example.com/thing")),
    ({"resources": {"requests": {"example.com/thing": 1}}}, ("resources", "requests", "example.com/thing")),
    ({"service_account": "A"}, ("serviceAccountName",)),
    ({"service_account": "a" * 254}, ("serviceAccountName",)),
    ({"priority_class": "a_b"}, ("priorityClassName",)),
    ({"image_pull_secrets": ("a", "")}, ("imagePullSecrets", 1)),
    ({"node_selector": {"a b": "c"}}, ("nodeSelector", "a b")),
    ({"labels": {"a": "b c"}}, ("labels", "a")),
    ({"labels": {"jobsetgen.io/jobset": "a"}}, ("labels", "jobsetgen.io/jobset")),
    ({"labels": {"batch.kubernetes.io/job-name": "a"}}, ("labels", "batch.kubernetes.io/job-name")),
    ({"annotations": {"alpha.jobset.sigs.k8s.io/x": "a"}}, ("annotations", "alpha.jobset.sigs.k8s.io/x")),
    ({"tolerations": ({"value": "a"},)}, ("tolerations", 0, "operator")),
    ({"tolerations": ({"key": "a", "value": "not a label!!"},)}, ("tolerations", 0, "value")),
    ({"tolerations": ({"key": "a", "operator": "Exists", "value": "b"},)}, ("tolerations", 0, "value")),
    ({"tolerations": ({"key": "a b"},)}, ("tolerations", 0, "key")),
    ({"tolerations": ({"key": "a", "tolerationSeconds": 1},)}, ("tolerations", 0, "tolerationSeconds")),
]
TAKEN = [
    {"image": "registry.example.com:5000/a/python@sha256:0e5b"},
    {"memory": "128Mi"},
    {"memory": "1e8"},
    {"resources": {"requests": {"cpu": 0.5, "memory": "1G"}, "limits": {"example.com/thing": 2}}},
    {"resources": {"requests": {"memory": "64Mi"}, "limits": {"memory": "1e8"}}},
    {"resources": {"limits": {"memory": "128974848000m", "cpu": "+.5"}}},
    {"service_account": "a.b-c"},
    {"node_selector": {"kubernetes.io/os": "linux"}},
    {"labels": {"a.b/c": ""}},
    {"annotations": {"a": "anything at all: {}"}},
    {"annotations": {"Example.com/note": "its prefix is lowered before it is looked at"}},
    {"tolerations": ({"operator": "Exists"}, {"key": "a", "value": "b", "effect": "NoSchedule"})},
]


def settings(text: str) -> Settings:
    project, found = read_project_file("jobsetgen.yaml", (HEAD + text).encode())
    assert found == []
    assert project is not None
    return project.settings()


def test_the_defaults():
    assert settings("") == Settings()


def test_every_option_of_a_project():
    text = """\
jobs: watcher
updatePolicy: OnRestart
restartWatcher: Always
watcher:
  image: registry.example.com/python:3
  resources: {requests: {cpu: 1}, limits: {memory: 1Gi}}
  serviceAccountName: trainer
  nodeSelector: {pool: system}
  tolerations: [{key: dedicated, operator: Exists, effect: NoExecute, tolerationSeconds: 5}]
  priorityClassName: high
  imagePullSecrets: [registry]
  labels: {team: a}
  annotations: {note: b}
"""
    found = settings(text)
    assert (found.jobs, found.update_policy, found.restart_watcher) == ("watcher", "OnRestart", "Always")
    assert found.watcher == Watcher(
        image="registry.example.com/python:3",
        resources={"requests": {"cpu": 1}, "limits": {"memory": "1Gi"}},
        service_account="trainer",
        node_selector={"pool": "system"},
        tolerations=({"key": "dedicated", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 5},),
        priority_class="high",
        image_pull_secrets=("registry",),
        labels={"team": "a"},
        annotations={"note": "b"},
    )
    assert list(watcher_problems(found.watcher)) == []


@pytest.mark.parametrize(("options", "path"), REFUSED)
def test_what_no_api_server_takes(options, path):
    assert [problem.path for problem in watcher_problems(Watcher(**options))] == [path]


@pytest.mark.parametrize("options", TAKEN)
def test_what_it_takes(options):
    assert list(watcher_problems(Watcher(**options))) == []
