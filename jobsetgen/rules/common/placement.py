"""Exclusive placement: what it needs to be expressed without a webhook."""

from __future__ import annotations

from jobsetgen.diagnostics import Path
from jobsetgen.model.jobset import ReplicatedJob


def priority_path(each: ReplicatedJob) -> Path:
    """Return the place of the field that a replicatedJob's pods have their priority from."""
    if "priority" in each.template.pod:
        return (*each.template.pod_path, "priority")
    return (*each.template.pod_path, "priorityClassName")
