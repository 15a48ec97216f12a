"""The generation that a plan's templates have, which is a hash of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from .contract import Json, Plan, ReplicatedJob

# What the compiler hashes where a Job has its own, and where it has the generation itself.
_SLOTS = {
    "jobName": "job name",
    "jobIndex": "job index",
    "jobGlobalIndex": "global index",
    "jobGroupIndex": "group index",
    "jobKey": "job key",
    "namespacedJobName": "namespaced job name",
    "topologyDomain": "topology domain",
}
_OWN = "generation"
_OWN_ATTEMPT = "restart attempt's key"
# Fields of a Job's spec that may change in a running Job, and are of no generation.
_IN_PLACE = {
    "suspend",
    "parallelism",
    "activeDeadlineSeconds",
    "backoffLimit",
    "ttlSecondsAfterFinished",
    "maxFailedIndexes",
    "podReplacementPolicy",
}


def generation_of(plan: Plan, run_id: str) -> str:
    """Return the generation that the templates of a plan have, as the compiler computes it."""
    generation = plan["generation"]
    own = {generation: _OWN, f"restart-attempt.{generation}": _OWN_ATTEMPT}
    content: list[Any] = [run_id]
    content += [_hashed(each, own) for each in plan["replicatedJobs"]]
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def _hashed(each: ReplicatedJob, own: Mapping[str, str]) -> list[Any]:
    """Return what is hashed of a replicatedJob."""
    spec: Json = {**each["job"]["spec"]}
    lasting = {field: value for field, value in spec.items() if field not in _IN_PLACE}
    return [each["name"], each["replicas"], _as_compiled(lasting, own), each["domains"]]


def _as_compiled(value: Any, own: Mapping[str, str]) -> Any:
    """Return data as the compiler had it before the generation was known."""
    if isinstance(value, list):
        return [_as_compiled(item, own) for item in value]
    if isinstance(value, str):
        return own.get(value, value)
    if not isinstance(value, dict):
        return value
    slot = value.get("$slot") if len(value) == 1 else None
    if isinstance(slot, str):
        return _SLOTS.get(slot, slot)
    return {key: _as_compiled(item, own) for key, item in value.items()}
