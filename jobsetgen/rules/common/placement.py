"""Exclusive placement: what it needs to be expressed without a webhook."""

from __future__ import annotations

from jobsetgen.diagnostics import Path
from jobsetgen.model.jobset import ReplicatedJob


def priority_path(each: ReplicatedJob) -> Path:
    field = "priority" if "priority" in each.template.pod else "priorityClassName"
    return (*each.template.pod_path, field)
