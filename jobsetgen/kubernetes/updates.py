"""Updates: which fields of a Job change in place, and so which ones need a new Job."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# completions counts as a change, although the API lets it move together with parallelism: the
# processes that run were started for a world of the old size.
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


def immutable_fields(job_spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a Job's spec of which the API server refuses another value."""
    return {field: value for field, value in job_spec.items() if field not in _CHANGES_IN_PLACE}
