"""The generation of a set: it changes with what replaces the set's Jobs, and with nothing else."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from jobsetgen.options.table import Settings
from jobsetgen.options.values import PROFILES, UPDATE_POLICIES
from jobsetgen.pipeline import compile
from jobsetgen.source.text import Source

KEY = "jobsetgen.io/generation"


def replicated_job(name: str) -> dict[str, Any]:
    pod = {"restartPolicy": "Never", "containers": [{"name": "main", "image": "registry.example.com/train:1.0"}]}
    spec = {"completionMode": "Indexed", "completions": 4, "parallelism": 4, "template": {"spec": pod}}
    return {"name": name, "replicas": 2, "template": {"spec": spec}}


SET = {
    "apiVersion": "jobset.x-k8s.io/v1alpha2",
    "kind": "JobSet",
    "metadata": {"name": "demo", "namespace": "training"},
    "spec": {"replicatedJobs": [replicated_job("driver"), replicated_job("workers")]},
}


def generations(change: Callable[[dict[str, Any]], Any] = lambda jobset: None, **options: Any) -> list[str]:
    """Return the generation of each Job of the set, after a change of it."""
    jobset = copy.deepcopy(SET)
    change(jobset)
    result = compile([Source(name="in.yaml", content=json.dumps(jobset).encode())], Settings(**options))
    assert result.ok, result.diagnostics
    jobs = [item for item in result.objects() if item["kind"] == "Job"]
    return [job["spec"]["template"]["metadata"]["annotations"][KEY] for job in jobs]


def job(jobset: dict[str, Any]) -> dict[str, Any]:
    return jobset["spec"]["replicatedJobs"][1]["template"]


def spec(jobset: dict[str, Any]) -> dict[str, Any]:
    return job(jobset)["spec"]


def container(jobset: dict[str, Any]) -> dict[str, Any]:
    return spec(jobset)["template"]["spec"]["containers"][0]


KEEPS = {
    "suspend": lambda jobset: jobset["spec"].update(suspend=True),
    "activeDeadlineSeconds": lambda jobset: spec(jobset).update(activeDeadlineSeconds=60),
    "backoffLimit": lambda jobset: spec(jobset).update(backoffLimit=0),
    "ttlSecondsAfterFinished of a Job": lambda jobset: spec(jobset).update(ttlSecondsAfterFinished=60),
    "parallelism": lambda jobset: spec(jobset).update(parallelism=2),
    "labels of a Job": lambda jobset: job(jobset).update(metadata={"labels": {"team": "a"}}),
    "annotations of a Job": lambda jobset: job(jobset).update(metadata={"annotations": {"team": "a"}}),
    "labels of the set": lambda jobset: jobset["metadata"].update(labels={"team": "a"}),
    "failurePolicy": lambda jobset: jobset["spec"].update(failurePolicy={"maxRestarts": 3}),
    "successPolicy": lambda jobset: jobset["spec"].update(successPolicy={"operator": "Any"}),
    "the order of its fields": lambda jobset: jobset.update(spec=dict(reversed(jobset["spec"].items()))),
    "nulls": lambda jobset: spec(jobset).update(selector=None),
}
CHANGES = {
    "the image": lambda jobset: container(jobset).update(image="registry.example.com/train:2.0"),
    "a variable": lambda jobset: container(jobset).update(env=[{"name": "A", "value": "1"}]),
    "a label of the pods": lambda jobset: spec(jobset)["template"].update(metadata={"labels": {"team": "a"}}),
    "completions": lambda jobset: spec(jobset).update(completions=8),
    "podFailurePolicy": lambda jobset: spec(jobset).update(
        podFailurePolicy={"rules": [{"action": "FailJob", "onExitCodes": {"operator": "In", "values": [3]}}]}
    ),
    "replicas": lambda jobset: jobset["spec"]["replicatedJobs"][1].update(replicas=3),
    "one replicatedJob less": lambda jobset: jobset["spec"]["replicatedJobs"].pop(),
    "the subdomain": lambda jobset: jobset["spec"].update(network={"subdomain": "other"}),
}


def test_all_jobs_of_a_set_have_the_same_and_so_has_their_watcher():
    found = generations()
    assert len(found) == 5
    assert len(set(found)) == 1


@pytest.mark.parametrize("change", KEEPS)
def test_it_stays_under_a_change_of(change):
    assert generations(KEEPS[change]) == generations()


@pytest.mark.parametrize("change", CHANGES)
def test_it_is_another_for_every_job_after_a_change_of(change):
    changed = set(generations(CHANGES[change]))
    assert len(changed) == 1
    assert changed.isdisjoint(generations())


def test_another_run_of_the_same_set_has_another():
    assert set(generations(run_id="again")).isdisjoint(generations())


@pytest.mark.parametrize("profile", PROFILES)
def test_it_does_not_depend_on_the_profile(profile):
    assert generations(gitops=profile) == generations()


@pytest.mark.parametrize("policy", UPDATE_POLICIES)
def test_it_does_not_depend_on_the_update_policy(policy):
    assert generations(update_policy=policy, jobs="watcher") == generations(jobs="watcher")


def test_it_does_not_depend_on_what_else_is_in_the_input():
    one = Source(name="in.yaml", content=json.dumps(SET).encode())
    other = Source(name="a.yaml", content=json.dumps({**SET, "metadata": {"name": "other"}}).encode())
    alone, together = compile([one]), compile([other, one])
    assert [each.generation for each in together.expansions if each.jobset.name == "demo"] == [
        each.generation for each in alone.expansions
    ]


def test_a_generated_name_ends_in_the_beginning_of_it():
    jobset = {**SET, "metadata": {"generateName": "demo-", "namespace": "training"}}
    (expansion,) = compile([Source(name="in.yaml", content=json.dumps(jobset).encode())]).expansions
    assert expansion.jobset.name == f"demo-{expansion.generation[:8]}"
