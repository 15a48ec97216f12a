"""Tell the JobSets among the objects that a project reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_GROUP = "jobset.x-k8s.io/"


def is_jobset(data: Any) -> bool:
    """Whether an object is a JobSet, of any version."""
    if not isinstance(data, Mapping) or data.get("kind") != "JobSet":
        return False
    return str(data.get("apiVersion")).startswith(_GROUP)
