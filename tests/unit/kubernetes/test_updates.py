"""Which fields of a Job change in place."""

from __future__ import annotations

import pytest

from jobsetgen.kubernetes.updates import immutable_fields, is_immutable


def test_only_what_the_api_server_changes_in_place_is_left_out():
    lasting = {
        "completions": 2,
        "completionMode": "Indexed",
        "podFailurePolicy": {},
        "template": {},
        "managedBy": "a/b",
    }
    changing = {
        "suspend": True,
        "parallelism": 1,
        "activeDeadlineSeconds": 60,
        "backoffLimit": 0,
        "ttlSecondsAfterFinished": 60,
        "maxFailedIndexes": 1,
        "podReplacementPolicy": "Failed",
    }
    assert immutable_fields({**lasting, **changing}) == lasting


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (("spec", "replicatedJobs", 0, "replicas"), True),
        (("spec", "replicatedJobs", 0, "template", "spec", "template", "spec", "containers", 0, "image"), True),
        (("spec", "managedBy"), True),
        (("spec", "replicatedJobs", 0, "template", "spec", "template", "spec", "nodeSelector", "zone"), False),
        (("spec", "replicatedJobs", 0, "template", "spec", "template", "metadata", "labels", "a"), False),
        (("spec", "suspend"), False),
    ],
)
def test_a_jobset_keeps_its_jobs_except_for_what_kueue_changes_in_a_suspended_one(path, expected):
    assert is_immutable("jobset.x-k8s.io", "JobSet", path) is expected
