"""The plan: the whole contract with the watcher, and that it makes the very Jobs that the output has."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from jobsetgen.cli.compiling import compiled
from jobsetgen.expand.objects import JobFamily
from jobsetgen.options.table import Placement
from jobsetgen.options.values import PROFILES
from tests.cases import VALID, arguments, parsed
from tests.unit.expand.builds import built, jobset, objects, plan, replicated_job

RULES = [
    {
        "name": "oom",
        "action": "RestartJobSetAndIgnoreMaxRestarts",
        "onJobFailureReasons": ["PodFailurePolicy"],
        "onJobFailureMessagePatterns": ["exit code 137$"],
        "targetReplicatedJobs": ["workers"],
    }
]


def test_the_whole_of_a_small_one():
    content = plan(jobset(replicated_job(replicas=2)))
    (worker,) = content.pop("replicatedJobs")
    assert list(content.items()) == [
        ("format", 1),
        ("jobset", "demo"),
        ("namespace", "training"),
        ("generation", built(jobset(replicated_job(replicas=2))).expansions[0].generation),
        ("jobs", "git"),
        ("ending", "suspend"),
        ("updatePolicy", "Recreate"),
        ("suspend", False),
        ("successPolicy", {"operator": "All", "targets": []}),
        ("failurePolicy", None),
        ("startupOrder", "AnyOrder"),
        ("ttlSecondsAfterFinished", None),
        ("readsAttempt", False),
        ("service", None),
        ("claims", []),
    ]
    assert worker.pop("job")["metadata"]["name"] == {"$slot": "jobName"}
    assert list(worker.items()) == [
        ("name", "workers"),
        ("replicas", 2),
        ("pods", 2),
        ("dependsOn", []),
        ("gated", False),
        ("activeDeadlineSeconds", None),
        ("firstGlobalIndex", 0),
        ("firstGroupIndex", 0),
        ("domains", []),
    ]


def test_policies():
    content = plan(
        jobset(
            failurePolicy={"maxRestarts": 3, "restartStrategy": "BlockingRecreate", "rules": RULES},
            successPolicy={"operator": "Any", "targetReplicatedJobs": ["workers"]},
            suspend=True,
        )
    )
    assert content["failurePolicy"] == {
        "maxRestarts": 3,
        "restartStrategy": "BlockingRecreate",
        "rules": [
            {
                "name": "oom",
                "action": "RestartJobSetAndIgnoreMaxRestarts",
                "reasons": ["PodFailurePolicy"],
                "patterns": [r"exit code 137\Z"],
                "targets": ["workers"],
            }
        ],
    }
    assert content["successPolicy"] == {"operator": "Any", "targets": ["workers"]}
    assert content["suspend"] is True


def test_a_pattern_that_python_could_search_too_long_is_a_program_in_a_newer_format():
    patterns = ["(foo|bar)+", "OOM"]
    rules = [{"action": "FailJobSet", "onJobFailureMessagePatterns": patterns}]
    content = plan(jobset(failurePolicy={"rules": rules}))
    (rule,) = content["failurePolicy"]["rules"]
    assert content["format"] == 2
    assert rule["patterns"] == ["OOM"]
    assert rule["programs"] == [
        {"literal": "", "classes": ["66", "6f", "62", "61", "72"], "code": "|5 0 1 1 >8 2 3 4 |0"}
    ]
    rules[0]["onJobFailureMessagePatterns"] = ["OOM"]
    content = plan(jobset(failurePolicy={"rules": rules}))
    assert content["format"] == 1
    assert "programs" not in content["failurePolicy"]["rules"][0]


def test_an_empty_failure_policy_is_one():
    content = plan(jobset(failurePolicy={}))
    assert content["failurePolicy"] == {"maxRestarts": 0, "restartStrategy": "Recreate", "rules": []}


def test_dependencies_and_indices():
    group = {"groupName": "trainers"}
    depends = [{"name": "driver", "status": "Complete"}]
    content = plan(
        jobset(
            replicated_job("driver", 1),
            replicated_job("workers", 3, **group),
            replicated_job("late", 2, **group, dependsOn=depends),
        )
    )
    found = [(each["name"], each["firstGlobalIndex"], each["firstGroupIndex"]) for each in content["replicatedJobs"]]
    assert found == [("driver", 0, 0), ("workers", 1, 0), ("late", 4, 3)]
    assert content["replicatedJobs"][2]["dependsOn"] == depends


def test_a_replicated_job_without_jobs_is_in_it():
    content = plan(jobset(replicated_job("driver", 0), replicated_job("workers", 2)))
    assert [(each["name"], each["replicas"]) for each in content["replicatedJobs"]] == [("driver", 0), ("workers", 2)]


@pytest.mark.parametrize(
    ("job", "pods"),
    [
        ({"parallelism": 4, "completions": 2}, 2),
        ({"parallelism": 2, "completions": 8}, 2),
        ({"parallelism": 0, "completions": 8}, 0),
        ({"completionMode": "NonIndexed", "completions": None, "parallelism": 3}, 3),
    ],
)
def test_pods_are_no_more_than_have_to_succeed(job, pods):
    assert plan(jobset(replicated_job(job=job)))["replicatedJobs"][0]["pods"] == pods


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("owner", ["git", "watcher"])
def test_the_ending_and_the_ttl_are_left_out_only_where_a_tool_puts_jobs_back(profile, owner):
    content = plan(jobset(ttlSecondsAfterFinished=60), gitops=profile, jobs=owner)
    is_put_back = owner == "git" and profile != "none"
    assert content["ending"] == ("suspend" if is_put_back else "delete")
    assert content["ttlSecondsAfterFinished"] == (None if is_put_back else 60)
    assert content["jobs"] == owner


@pytest.mark.parametrize("policy", ["Recreate", "OnRestart", "Block"])
def test_the_update_policy(policy):
    assert plan(jobset(), jobs="watcher", update_policy=policy)["updatePolicy"] == policy


def test_without_a_tool_it_holds_the_service_and_the_claims():
    storage = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    template = {"metadata": {"name": "data"}, "spec": storage}
    mounts = [{"name": "data", "mountPath": "/data"}]
    container = {"name": "main", "image": "registry.example.com/train:1.0", "volumeMounts": mounts}
    document = jobset(
        replicated_job(pod={"containers": [container]}),
        volumeClaimPolicies=[{"templates": [template], "retentionPolicy": {"whenDeleted": "Retain"}}],
    )
    found = objects(document, gitops="none")
    content = plan(document, gitops="none")
    assert content["service"] == found["Service/demo"]
    assert content["claims"] == [{"retain": True, "object": found["PersistentVolumeClaim/data-demo"]}]
    for profile in ("any", "argocd", "flux"):
        assert plan(document, gitops=profile)["claims"] == []


def test_domains_are_listed_by_index():
    exclusive = {"annotations": {"alpha.jobset.sigs.k8s.io/exclusive-topology": "rack"}}
    placement = Placement(strategy="domains", domains={"rack": ("a", "b", "c")})
    content = plan(jobset(replicated_job(metadata=exclusive)), placement=placement)
    assert content["replicatedJobs"][0]["domains"] == ["a", "b"]


def test_one_key_a_line_and_every_slot_on_its_own():
    text = objects(jobset())["ConfigMap/demo-restart-plan"]["data"]["plan.json"]
    lines = [line.strip() for line in text.splitlines()]
    assert '"name": {"$slot": "jobName"},' in lines
    assert '"$slot": "jobName"' not in lines
    assert '"restartPolicy": "OnFailure",' in lines


def test_text_of_all_kinds_is_kept_and_can_stand_in_a_block():
    odd = 'a\tb\nc\u2028d\u0085e é 中 \ufeff {\n"$slot": "jobName"\n}'
    container = {"name": "main", "image": "registry.example.com/train:1.0", "args": [odd]}
    document = jobset(replicated_job(pod={"containers": [container]}))
    text = objects(document)["ConfigMap/demo-restart-plan"]["data"]["plan.json"]
    assert not set("\u2028\u0085\ufeff") & set(text)
    assert "é 中" in text
    job = json.loads(text)["replicatedJobs"][0]["job"]
    assert job["spec"]["template"]["spec"]["containers"][0]["args"] == [odd]
    assert "  plan.json: |\n" in built(document).text()


def test_a_whole_number_is_one_however_it_was_written():
    text = json.dumps(jobset()).replace('"parallelism": 2', '"parallelism": 2.0')
    content = plan(json.loads(text))
    parallelism = content["replicatedJobs"][0]["job"]["spec"]["parallelism"]
    assert (parallelism, type(parallelism)) == (2, int)


def turned(value: Any) -> Any:
    """Return data with the keys of every mapping the other way round."""
    if isinstance(value, dict):
        return {key: turned(item) for key, item in reversed(value.items())}
    return [turned(item) for item in value] if isinstance(value, list) else value


def test_it_does_not_depend_on_the_order_of_the_fields():
    document = jobset(failurePolicy={"maxRestarts": 3, "rules": RULES})
    assert built(turned(document)).text() == built(document).text()


def filled(value: Any, slots: dict[str, str]) -> Any:
    """Fill a plan's slots, as the watcher does."""
    if isinstance(value, dict):
        if set(value) == {"$slot"}:
            return slots[value["$slot"]]
        return {key: filled(item, slots) for key, item in value.items()}
    return [filled(item, slots) for item in value] if isinstance(value, list) else value


def jobs_of(content: dict[str, Any]):
    """Yield the Jobs that a plan makes, by the contract alone."""
    for each in content["replicatedJobs"]:
        for index in range(each["replicas"]):
            name = f"{content['jobset']}-{each['name']}-{index}"
            slots = {
                "jobName": name,
                "jobIndex": str(index),
                "jobGlobalIndex": str(each["firstGlobalIndex"] + index),
                "jobGroupIndex": str(each["firstGroupIndex"] + index),
                "jobKey": hashlib.sha1(f"{content['namespace']}/{name}".encode()).hexdigest(),
                "namespacedJobName": f"{content['namespace']}_{name}",
            }
            if each["domains"]:
                slots["topologyDomain"] = each["domains"][index]
            yield filled(each["job"], slots)


@pytest.mark.parametrize("owner", ["git", "watcher"])
@pytest.mark.parametrize("case", VALID, ids=lambda case: case.name)
def test_filling_it_makes_the_jobs_of_the_output_or_the_preview(case, owner, monkeypatch):
    monkeypatch.chdir(case)
    result = compiled(*parsed(*arguments(case), "--jobs", owner, "."))
    assert result.ok
    for group in result.groups:
        plans = [
            json.loads(part["data"]["plan.json"])
            for part in group.parts
            if not isinstance(part, JobFamily) and part["metadata"].get("name", "").endswith("-restart-plan")
        ]
        jobs = [job for part in group.parts if isinstance(part, JobFamily) for job in part.objects()]
        if plans:
            assert list(jobs_of(plans[0])) == jobs
