"""Containers that read the restart attempt.

The controller writes the attempt into labels and annotations when it creates a Job. What Git owns cannot hold a value
that changes at run time: a container that reads it gets it from elsewhere, and in a set that nothing restarts it is 0.
"""

from __future__ import annotations

from typing import Any

from jobsetgen.expand.objects import Object
from jobsetgen.model import keys

_READ = frozenset(
    f"metadata.{kind}['{key}']"
    for kind in ("labels", "annotations")
    for key in (keys.RESTART_ATTEMPT, keys.JOB_RESTART_ATTEMPT)
)
_OURS = f"metadata.annotations['{keys.OUR_RESTART_ATTEMPT}']"


def without_attempts(pod: Object) -> tuple[Object, dict[str, str]]:
    """Return a pod's spec in which every reader of the attempt finds the literal 0.

    Also returns the pod annotation that volume items read it from, as a file has no place for a literal.
    """
    changed = dict(pod)
    for field in ("initContainers", "containers"):
        if field in pod:
            changed[field] = [_container(container) for container in pod[field]]
    if not _reads(pod.get("volumes")):
        return changed, {}
    changed["volumes"] = _redirected(pod["volumes"])
    return changed, {keys.OUR_RESTART_ATTEMPT: "0"}


def _container(container: Object) -> Object:
    if not _reads(container.get("env")):
        return container
    return {**container, "env": [_variable(variable) for variable in container["env"]]}


def _variable(variable: Object) -> Object:
    return {"name": variable["name"], "value": "0"} if _reads(variable) else variable


def _reads(value: Any) -> bool:
    """Whether a fieldRef to the attempt stands anywhere in this data."""
    if isinstance(value, dict):
        return value.get("fieldPath") in _READ or any(map(_reads, value.values()))
    return isinstance(value, list) and any(map(_reads, value))


def _redirected(value: Any) -> Any:
    if isinstance(value, dict):
        if value.get("fieldPath") in _READ:
            return {**value, "fieldPath": _OURS}
        return {key: _redirected(item) for key, item in value.items()}
    return [_redirected(item) for item in value] if isinstance(value, list) else value
