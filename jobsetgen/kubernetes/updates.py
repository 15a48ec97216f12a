"""The fields of a Job that can change in place, and those that need a new Job."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# completions is treated as immutable, although the API allows changing it with parallelism: the
# running processes were started for the old world size.
_CHANGES_IN_PLACE = frozenset(
    [
        "suspend",
        "parallelism",
        "activeDeadlineSeconds",
        "backoffLimit",
        "ttlSecondsAfterFinished",
        "maxFailedIndexes",
        "podReplacementPolicy",
    ]
)


def changes_in_place(field: str) -> bool:
    """Whether a field of a Job's spec can change in a running Job."""
    return field in _CHANGES_IN_PLACE


def immutable_fields(job_spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a Job's spec that need a new Job to change."""
    return {field: value for field, value in job_spec.items() if field not in _CHANGES_IN_PLACE}
