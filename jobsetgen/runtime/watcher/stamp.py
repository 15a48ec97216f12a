"""A Job from its plan: slots filled in, what its predecessor had beyond the plan, the attempt."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from .contract import (
    ATTEMPT,
    JOB_ATTEMPT,
    LAST_APPLIED,
    Changes,
    Create,
    Json,
    Plan,
    ReplicatedJob,
    State,
)
from .view import job_name

# What an object of one key may be, in place of a text.
_FILLED = {"$slot", "$text", "$applied"}
_MARKERS = {*_FILLED, "$appliedOver"}


def slots(plan: Plan, replicated_job: ReplicatedJob, index: int) -> dict[str, str]:
    """Return what the Job of an index has where the plan has slots."""
    name = job_name(plan, replicated_job["name"], index)
    domains = replicated_job["domains"]
    return {
        "jobName": name,
        "jobIndex": str(index),
        "jobGlobalIndex": str(replicated_job["firstGlobalIndex"] + index),
        "jobGroupIndex": str(replicated_job["firstGroupIndex"] + index),
        "jobKey": hashlib.sha1(f"{plan['namespace']}/{name}".encode()).hexdigest(),
        "namespacedJobName": f"{plan['namespace']}_{name}",
        "topologyDomain": domains[index] if domains else "",
    }


def fill(value: Any, values: dict[str, str]) -> Any:
    """Return data with its slots replaced by values."""
    if isinstance(value, list):
        return [fill(item, values) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        kind, inner = next(iter(value.items()))
        if kind in _FILLED:
            return _filled(kind, inner, values)
    return {key: fill(item, values) for key, item in value.items()}


def _filled(kind: str, inner: Any, values: dict[str, str]) -> str:
    """Return the text that stands for what is marked."""
    if kind == "$slot":
        return values[inner]
    if kind == "$text":  # pieces of text and slots, joined
        return "".join(fill(piece, values) for piece in inner)
    return encoded(fill(inner, values))  # a last-applied annotation, to the byte


def encoded(value: Any) -> str:
    """Return JSON as Go's encoder writes it into the last-applied annotation."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n"
    return text.translate({ord(each): f"\\u{ord(each):04x}" for each in "<>&\u2028\u2029"})


def merged(value: Any, patch: Any) -> Any:
    """Apply a JSON merge patch (RFC 7386)."""
    if not isinstance(patch, dict) or set(patch) & _MARKERS:
        return patch
    old = value if isinstance(value, dict) else {}
    kept = {key: item for key, item in old.items() if key not in patch}
    changed = {key: merged(old.get(key), item) for key, item in patch.items() if item is not None}
    return {**kept, **changed}


def with_pattern(template: Mapping[str, Any], pattern: Json) -> Json:
    """Return a template with what its Jobs have beyond it, slots and all."""
    changed: Json = merged(template, pattern)
    annotations = changed["metadata"].get("annotations") or {}
    over = annotations.get(LAST_APPLIED)
    if isinstance(over, dict) and "$appliedOver" in over:
        annotations[LAST_APPLIED] = {"$applied": merged(template, over["$appliedOver"])}
    return changed


def job_object(plan: Plan, state: State, create: Create, plan_uid: str) -> Json:
    """Return the Job to create."""
    wanted = create.replicated_job
    replicated_job = next(each for each in plan["replicatedJobs"] if each["name"] == wanted)
    job = _made(plan, replicated_job, state["patterns"], create.job_index)
    meta = job["metadata"]
    attempts = _attempts(plan, state, meta["name"])
    _write_attempts(meta, attempts)
    _write_attempts(job["spec"]["template"].setdefault("metadata", {}), attempts)
    owner = {"apiVersion": "v1", "kind": "ConfigMap", "name": f"{plan['jobset']}-restart-plan"}
    # So that it is deleted with the plan, if the plan is deleted at this moment.
    meta["ownerReferences"] = [{**owner, "uid": plan_uid}]
    if create.mark:
        job["spec"]["suspend"] = True
        meta["annotations"][create.mark] = state["generation"]
    return job


def _made(
    plan: Plan, replicated_job: ReplicatedJob, patterns: Mapping[str, Changes], index: int
) -> Json:
    """Return the Job of an index with what others have changed, and without its attempt.

    With `jobs: watcher`, nobody else makes Jobs, and a state that says so is not the watcher's.
    """
    changes = patterns.get(replicated_job["name"]) if plan["jobs"] == "git" else None
    template = with_pattern(replicated_job["job"], changes["patch"] if changes else {})
    job: Json = fill(template, slots(plan, replicated_job, index))
    return job


def faults(plan: Plan, patterns: Mapping[str, Changes]) -> Iterator[str]:
    """Yield why Jobs cannot be made from a plan and from what others have changed."""
    for place, each in enumerate(plan["replicatedJobs"]):
        try:
            name = _metadata_of(_made(plan, each, patterns, 0))["name"]
        except (LookupError, TypeError, AttributeError, ValueError, RecursionError) as error:
            yield f".replicatedJobs[{place}]: its Jobs cannot be made: {error!r}"
            continue
        if name != job_name(plan, each["name"], 0):
            yield f".replicatedJobs[{place}]: its Jobs would be named {name!r}"


def _metadata_of(job: Json) -> Json:
    """Return the metadata of a Job; raise TypeError where attempts cannot be written on it."""
    meta = job["metadata"]
    pods = job["spec"]["template"].get("metadata") or {}
    for each in (meta, pods):
        for kind in ("labels", "annotations"):
            dict(each.get(kind) or {})
    return dict(meta)


def _attempts(plan: Plan, state: State, name: str) -> dict[str, str]:
    """Return the labels that say of which attempt a Job is."""
    attempts = {ATTEMPT: str(state["restarts"])}
    if plan["jobs"] == "watcher" or name in state["jobRestarts"]:
        attempts[JOB_ATTEMPT] = str(state["jobRestarts"].get(name, [0])[0])
    return attempts


def _write_attempts(meta: Json, attempts: dict[str, str]) -> None:
    """Write the attempts on metadata, as labels and as annotations."""
    for kind in ("labels", "annotations"):
        meta[kind] = {**(meta.get(kind) or {}), **attempts}
