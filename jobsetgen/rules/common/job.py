"""The Job's own fields: numbers, completion mode, restart policy, name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jobsetgen.model.template import JobTemplate


def number_of(parent: Mapping[str, Any], field: str) -> int | None:
    value = parent.get(field)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def completions_of(job: JobTemplate) -> int | None:
    """Return a Job's completions as the API server fills them in: 1 where parallelism is not written either."""
    return 1 if "parallelism" not in job.spec and "completions" not in job.spec else job.completions
