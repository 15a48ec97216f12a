"""Which fields of a Job change in place."""

from __future__ import annotations

from jobsetgen.kubernetes.updates import immutable_fields


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
