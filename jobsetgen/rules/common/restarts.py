"""Restart strategies and sizes."""

from __future__ import annotations

from jobsetgen.model.jobset import JobSet


def restarts_in_place(jobset: JobSet) -> bool:
    return (
        jobset.failure_policy is not None
        and jobset.failure_policy.restart_strategy == "InPlaceRestart"
    )
