"""Which changes of a JobSet its API refuses, as the comparison of JobSets says it."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from jobsetgen.diff import rows_of_objects as rows
from jobsetgen.diff.object_findings import foreign_findings

REFUSED, ACCEPTED = rows.FOREIGN_IMMUTABLE, rows.FOREIGN
POD = "replicatedJobs.0.template.spec.template"
JOB = "replicatedJobs.0.template.spec"
GONE = object()
CLAIMS = [{"templates": [{"metadata": {"name": "data"}, "spec": {"accessModes": ["ReadWriteOnce"]}}]}]
SPEC: dict[str, Any] = {
    "suspend": False,
    "network": {"enableDNSHostnames": True, "subdomain": "train"},
    "successPolicy": {"operator": "All"},
    "failurePolicy": {"maxRestarts": 3, "restartStrategy": "Recreate"},
    "startupPolicy": {"startupPolicyOrder": "AnyOrder"},
    "coordinator": {"replicatedJob": "workers", "jobIndex": 0},
    "ttlSecondsAfterFinished": 60,
    "managedBy": "example.com/a",
    "volumeClaimPolicies": CLAIMS,
    "replicatedJobs": [
        {
            "name": "workers",
            "replicas": 2,
            "template": {
                "metadata": {"labels": {"a": "b"}},
                "spec": {
                    "parallelism": 2,
                    "completions": 2,
                    "completionMode": "Indexed",
                    "template": {
                        "metadata": {"labels": {"a": "b"}, "annotations": {"a": "b"}},
                        "spec": {
                            "nodeSelector": {"zone": "a"},
                            "tolerations": [{"key": "a", "operator": "Exists"}],
                            "schedulingGates": [{"name": "a.example.com/b"}],
                            "priorityClassName": "high",
                            "containers": [{"name": "main", "image": "registry.example.com/train:1"}],
                        },
                    },
                },
            },
        }
    ],
}
# A path in the spec, its new value, and what becomes of it while the set runs and while it is suspended.
CHANGES = [
    ("network.subdomain", "other", REFUSED, REFUSED),
    ("network.enableDNSHostnames", False, REFUSED, REFUSED),
    ("successPolicy.operator", "Any", REFUSED, REFUSED),
    ("successPolicy.targetReplicatedJobs", ["workers"], REFUSED, REFUSED),
    ("failurePolicy.maxRestarts", 4, REFUSED, REFUSED),
    ("failurePolicy.rules", [{"name": "a", "action": "FailJobSet"}], REFUSED, REFUSED),
    ("startupPolicy.startupPolicyOrder", "InOrder", REFUSED, REFUSED),
    ("volumeClaimPolicies.0.templates.0.spec.accessModes.0", "ReadWriteMany", REFUSED, REFUSED),
    ("managedBy", "example.com/b", REFUSED, REFUSED),
    ("managedBy", GONE, REFUSED, REFUSED),
    ("replicatedJobs.0.replicas", 3, REFUSED, REFUSED),
    ("replicatedJobs.0.template.metadata.labels.a", "c", REFUSED, REFUSED),
    (f"{JOB}.parallelism", 1, REFUSED, REFUSED),
    (f"{JOB}.completions", 1, REFUSED, REFUSED),
    (f"{JOB}.backoffLimit", 1, REFUSED, REFUSED),
    (f"{JOB}.activeDeadlineSeconds", 60, REFUSED, REFUSED),
    (f"{POD}.spec.containers.0.image", "registry.example.com/train:2", REFUSED, REFUSED),
    (f"{POD}.spec.priorityClassName", "low", REFUSED, REFUSED),
    (f"{POD}.spec.affinity", {"nodeAffinity": {}}, REFUSED, REFUSED),
    (f"{POD}.metadata.labels.a", "c", REFUSED, ACCEPTED),
    (f"{POD}.metadata.annotations.c", "d", REFUSED, ACCEPTED),
    (f"{POD}.metadata", GONE, REFUSED, ACCEPTED),
    (f"{POD}.metadata.finalizers", ["example.com/a"], REFUSED, REFUSED),
    (f"{POD}.spec.nodeSelector.zone", "b", REFUSED, ACCEPTED),
    (f"{POD}.spec.nodeSelector", GONE, REFUSED, ACCEPTED),
    (f"{POD}.spec.tolerations.0.key", "b", REFUSED, ACCEPTED),
    (f"{POD}.spec.schedulingGates", GONE, REFUSED, ACCEPTED),
    ("coordinator.jobIndex", 1, ACCEPTED, ACCEPTED),
    ("coordinator", GONE, ACCEPTED, ACCEPTED),
    ("ttlSecondsAfterFinished", 120, ACCEPTED, ACCEPTED),
    # A rule that compares two values is not evaluated where there is only one.
    ("failurePolicy", GONE, ACCEPTED, ACCEPTED),
    ("successPolicy", GONE, ACCEPTED, ACCEPTED),
    ("volumeClaimPolicies", GONE, ACCEPTED, ACCEPTED),
    ("network", GONE, ACCEPTED, ACCEPTED),
    ("startupPolicy", GONE, ACCEPTED, ACCEPTED),
]


def jobset(spec: Mapping[str, Any]) -> dict[str, Any]:
    return {"apiVersion": "jobset.x-k8s.io/v1alpha2", "kind": "JobSet", "metadata": {"name": "train"}, "spec": spec}


def changed(path: str, value: Any, **others: Any) -> dict[str, Any]:
    """Return the spec with another value at a path, or without it."""
    spec = copy.deepcopy({**SPEC, **others})
    *steps, last = (int(step) if step.isdigit() else step for step in path.split("."))
    place: Any = spec
    for step in steps:
        place = place[step]
    if value is GONE:
        del place[last]
    else:
        place[last] = value
    return spec


def triggers(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    return (each.trigger for each in foreign_findings([jobset(old)], [jobset(new)], "none"))


@pytest.mark.parametrize(("path", "value", "running", "suspended"), CHANGES)
def test_each_field_is_refused_or_accepted_as_jobset_does(path: str, value: Any, running: str, suspended: str) -> None:
    assert set(triggers(SPEC, changed(path, value))) == {running}
    assert set(triggers(changed(path, value), SPEC)) == {running}
    held = {**SPEC, "suspend": True}
    assert set(triggers(held, changed(path, value, suspend=True))) == {suspended}


def test_suspending_or_resuming_allows_what_a_suspended_set_allows() -> None:
    moved = changed(f"{POD}.spec.nodeSelector.zone", "b")
    assert set(triggers(SPEC, {**moved, "suspend": True})) == {ACCEPTED}
    assert set(triggers({**SPEC, "suspend": True}, moved)) == {ACCEPTED}
    assert set(triggers(SPEC, {**SPEC, "suspend": True})) == {ACCEPTED}


def test_replicated_jobs_are_not_added_removed_or_reordered() -> None:
    (workers,) = SPEC["replicatedJobs"]
    other = {**workers, "name": "other"}
    both = {**SPEC, "replicatedJobs": [workers, other]}
    held = {"suspend": True}
    assert set(triggers(SPEC, both)) == {REFUSED}
    assert set(triggers({**both, **held}, {**SPEC, **held})) == {REFUSED}
    assert set(triggers({**both, **held}, {**both, **held, "replicatedJobs": [other, workers]})) == {REFUSED}


def test_a_policy_can_be_added_to_a_set_without_one() -> None:
    without = changed("failurePolicy", GONE)
    assert set(triggers(without, SPEC)) == {ACCEPTED}
    assert set(triggers({**without, "failurePolicy": {}}, SPEC)) == {REFUSED}
