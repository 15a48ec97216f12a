"""Numbers of a Job's spec, as the API server reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jobsetgen.model.template import JobTemplate


def number_of(parent: Mapping[str, Any], field: str) -> int | None:
    """Return the whole number at a field, or None where there is none."""
    value = parent.get(field)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def completions_of(job: JobTemplate) -> int | None:
    """Return a Job's completions as the API server fills them in.

    That is 1 where parallelism is not written either.
    """
    if "parallelism" not in job.spec and "completions" not in job.spec:
        return 1
    return job.completions
