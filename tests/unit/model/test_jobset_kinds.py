"""Which objects of the kind JobSet are compiled, refused, or passed through."""

from __future__ import annotations

import json

import pytest

from jobsetgen.pipeline import Compilation, compile
from jobsetgen.source.loader import load
from jobsetgen.source.text import Source
from tests.rule_examples import BASE

RIGHT = "jobset.x-k8s.io/v1alpha2"


def compiled(*objects) -> Compilation:
    return compile([Source(name="set.yaml", content="\n---\n".join(map(json.dumps, objects)).encode())])


def said(result: Compilation) -> list[tuple[str, str, str, str]]:
    return [(item.severity, item.code, item.message, item.hint) for item in result.diagnostics]


@pytest.mark.parametrize(
    ("api_version", "spec"),
    [
        ("batch.x-k8s.io/v1alpha1", {"jobs": [{"name": "workers", "network": {"headlessService": True}}]}),
        ("batch.x-k8s.io/v1alpha2", {}),
        ("batch/v1", {"suspend": True}),
        ("jobset.sigs.k8s.io/v1alpha2", {}),
        ("jobset.k8s.io/v1", {"schedule": "@daily"}),
        ("jobset.x-k8s.io", {}),
        ("JobSet.x-k8s.io/v1alpha2", {}),
        ("example.com/v1", BASE["spec"]),
        ("v1", {"replicatedJobs": []}),
    ],
)
def test_a_jobset_under_a_wrong_group_is_one_error_with_the_right_one(api_version, spec):
    result = compiled({"apiVersion": api_version, "kind": "JobSet", "metadata": {"name": "demo"}, "spec": spec})
    message = f"the apiVersion of this JobSet is {api_version}, but must be {RIGHT}"
    assert said(result) == [("error", "JSG111", message, f"Did you mean '{RIGHT}'?")]


def test_a_wrong_version_is_one_error():
    message = "jobset.x-k8s.io/v1beta1 is not a version of JobSet that can be compiled"
    result = compiled({**BASE, "apiVersion": "jobset.x-k8s.io/v1beta1", "spec": {"jobs": []}})
    assert said(result) == [("error", "JSG111", message, f"Did you mean '{RIGHT}'?")]


@pytest.mark.parametrize("spec", [{"schedule": "@daily"}, {"replicatedJobs": None}, [], None])
def test_a_jobset_of_another_api_passes_through_with_a_notice(spec):
    foreign = {"apiVersion": "example.com/v1", "kind": "JobSet", "metadata": {"name": "nightly"}, "spec": spec}
    result = compiled(foreign)
    message = "this JobSet belongs to another API, example.com/v1, and passes through unchanged"
    assert said(result) == [("notice", "JSG604", message, "")]
    assert [document.data for document in load("", result.text().encode()).documents] == [foreign]


@pytest.mark.parametrize("kind", ["TrainJob", "TrainingRuntime", "ClusterTrainingRuntime"])
def test_what_kubeflow_trainer_makes_a_jobset_from_is_told(kind):
    runtime = {
        "apiVersion": "trainer.kubeflow.org/v1alpha1",
        "kind": kind,
        "metadata": {"name": "torch"},
        "spec": {"template": {"spec": BASE["spec"]}},
    }
    result = compiled(runtime)
    message = f"the JobSet that Kubeflow Trainer creates from this {kind} is not compiled"
    assert said(result) == [("notice", "JSG601", message, "")]
    assert [document.data for document in load("", result.text().encode()).documents] == [runtime]


def test_a_kind_of_another_api_with_such_a_name_is_not():
    assert said(compiled({"apiVersion": "example.com/v1", "kind": "TrainJob", "metadata": {"name": "a"}})) == []
