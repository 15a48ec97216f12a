"""Recognize objects related to JobSets: misnamed ones, and those that contain or create one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from jobsetgen.diagnostics import Path
from jobsetgen.model import keys
from jobsetgen.model.unit import is_jobset, is_named_jobset
from jobsetgen.plain import string
from jobsetgen.schema import KINDS

# The common prefix of the API groups of JobSet and of jobsetgen.
_GROUPS = "jobset"
_TRAINER_GROUP = "trainer.kubeflow.org/"
_TRAINER_KINDS = frozenset(["TrainJob", "TrainingRuntime", "ClusterTrainingRuntime"])


def concerns_jobsets(data: Mapping[str, Any]) -> bool:
    """Whether an object is a JobSet of any API, is misnamed, or contains or creates a JobSet."""
    if is_named_jobset(data) or is_misnamed(data) or is_of_trainer(data):
        return True
    return wrapped_jobset(data) is not None


def is_misnamed(data: Mapping[str, Any]) -> bool:
    """Whether an object has the API group of JobSet or jobsetgen, but an unknown kind."""
    api_version, kind = string(data, "apiVersion"), string(data, "kind")
    if not api_version.startswith(_GROUPS) or kind == "JobSet":
        return False
    return (api_version, kind) not in KINDS


def is_of_trainer(data: Mapping[str, Any]) -> bool:
    """Whether Kubeflow Trainer creates a JobSet from an object."""
    if not string(data, "apiVersion").startswith(_TRAINER_GROUP):
        return False
    return data.get("kind") in _TRAINER_KINDS


def wrapped_jobset(value: Any, path: Path = ()) -> Path | None:
    """Return the path of the first JobSet inside other data, as data or as text, or None."""
    if isinstance(value, str):
        return path if "kind: JobSet" in value and keys.API_GROUP in value else None
    if isinstance(value, Mapping) and path and is_jobset(value):
        return path
    for step, inner in _steps(value):
        found = wrapped_jobset(inner, (*path, step))
        if found is not None:
            return found
    return None


def _steps(value: Any) -> Iterable[tuple[str | int, Any]]:
    if isinstance(value, Mapping):
        return value.items()
    return enumerate(value) if isinstance(value, list) else ()
