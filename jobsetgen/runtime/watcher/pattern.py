"""What the live Jobs have beyond the plan: others may change them, and a restart keeps to that."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from .carried import Carried
from .contract import (
    ATTEMPT,
    ENDED,
    JOB_ATTEMPT,
    KUEUE,
    LAST_APPLIED,
    SUSPENDED,
    Json,
    Plan,
    ReplicatedJob,
)
from .stamp import encoded, fill, merged, slots
from .view import Job

# Labels and annotations of one Job's life alone.
_PASSING = {
    ATTEMPT,
    JOB_ATTEMPT,
    ENDED,
    SUSPENDED,
    "controller-uid",
    "job-name",
    "batch.kubernetes.io/controller-uid",
    "batch.kubernetes.io/job-name",
}
_PASSING_FIELDS = ("suspend", "selector", "activeDeadlineSeconds", "ttlSecondsAfterFinished")
_FIELDS_OF_A_FLAVOUR = ("nodeSelector", "tolerations", "schedulingGates")
_KINDS = ("labels", "annotations")


class Pattern(NamedTuple):
    """What restarts keep of what others have changed, and the fields of which they keep nothing."""

    patch: Json
    left_out: list[str]


def pattern_of(plan: Plan, replicated_job: ReplicatedJob, live: Json, expected: Json) -> Pattern:
    """Return what a live Job has beyond what was expected, as a merge patch with slots.

    A last-applied annotation is kept to the byte.
    """
    job = Job(live)
    values = slots(plan, replicated_job, job.index)
    template = replicated_job["job"]
    planned = _bare(expected, job.queued)
    found = _bare(live, job.queued)
    carried = Carried(plan.get("carriedFields", ()))
    found["spec"] = carried.spec(planned["spec"], found["spec"])
    patch = _difference(planned, found)
    annotations = patch.get("metadata", {}).get("annotations") or {}
    text = annotations.pop(LAST_APPLIED, None)
    marked: Json = _marked(patch, values, template)
    # There is none, or it is somebody else's text: no JSON, or with what looks like slots in it.
    with suppress(ValueError, KeyError, TypeError, RecursionError):
        applied = _marked(json.loads(text or ""), values, template)
        if fill({"$applied": applied}, values) == text:
            marked["metadata"]["annotations"][LAST_APPLIED] = _over(template, applied)
    return Pattern(marked, carried.left_out)


def _over(template: Mapping[str, Any], applied: Any) -> Json:
    """Return a last-applied annotation as what it has over the template.

    So no state holds a template twice.
    """
    patch = _difference(template, applied)
    is_same = encoded(merged(template, patch)) == encoded(applied)  # in Python 1 == 1.0 == True
    return {"$appliedOver": patch} if is_same else {"$applied": applied}


# --- What is compared -----------------------------------------------------------------------------
def _bare(job: Json, queued: bool) -> Json:
    """Return what a person or a tool decides of a Job.

    That is without what belongs to one Job's life alone, or to Kueue.
    """
    job = copy.deepcopy(job)
    spec = job["spec"]
    pods = spec["template"].setdefault("metadata", {})
    pods.pop("creationTimestamp", None)
    for each in (job["metadata"], pods):
        for kind in _KINDS:
            each[kind] = _lasting(each.get(kind) or {})
    if queued:
        _take_off_the_flavour(spec["template"])
    for field in _PASSING_FIELDS:
        spec.pop(field, None)
    return {"metadata": {kind: job["metadata"][kind] for kind in _KINDS}, "spec": spec}


def _lasting(own: Json) -> Json:
    """Return the labels or annotations that do not belong to one Job's life alone."""
    return {key: text for key, text in own.items() if key not in _PASSING}


def _take_off_the_flavour(pods: Json) -> None:
    """Take off a pod template what Kueue has put there when it admitted this one Job."""
    for kind in _KINDS:
        own = pods["metadata"][kind]
        pods["metadata"][kind] = {key: own[key] for key in own if not key.startswith(KUEUE)}
    for field in _FIELDS_OF_A_FLAVOUR:
        pods["spec"].pop(field, None)


def _difference(old: Any, new: Any) -> Any:
    """Return the merge patch from one value to another."""
    if not isinstance(old, dict) or not isinstance(new, dict):
        return new
    gone = {key: None for key in old if key not in new}
    changed = [key for key in new if new[key] != old.get(key)]
    return {**gone, **{key: _difference(old.get(key), new[key]) for key in changed}}


# --- Slots for what is this Job's own -------------------------------------------------------------
def _marked(value: Any, values: dict[str, str], template: Any) -> Any:
    """Put slots where a value is this Job's own.

    These are its names and its key anywhere, the rest where the plan has a slot.
    """
    if value == template:  # a text of the plan, whatever Job it names
        return value
    if isinstance(value, dict):
        return _marked_fields(value, values, template)
    if isinstance(value, list):
        return _marked_items(value, values, template)
    if _is_filled(template, value, values):
        return template
    return _marked_text(value, values) if isinstance(value, str) else value


def _is_filled(template: Any, value: Any, values: dict[str, str]) -> bool:
    """Whether a template has a slot where this Job has its value."""
    return isinstance(template, dict) and values.get(template.get("$slot", "")) == value


def _marked_fields(fields: Json, values: dict[str, str], template: Any) -> Json:
    """Put slots into the fields of an object, each beside its own of the template."""
    beside = template if isinstance(template, dict) else {}
    return {key: _marked(item, values, beside.get(key)) for key, item in fields.items()}


def _marked_items(items: list[Any], values: dict[str, str], template: Any) -> list[Any]:
    """Put slots into the items of a list, each beside its own where the template's is as long."""
    alike = isinstance(template, list) and len(template) == len(items)
    beside = template if alike else [None] * len(items)
    return [_marked(item, values, other) for item, other in zip(items, beside)]


def _marked_text(text: str, values: dict[str, str]) -> Any:
    """Put slots into a text that has a name or the key of this Job in it."""
    for slot in ("namespacedJobName", "jobName", "jobKey"):
        if values[slot] in text:
            return _with_slots(text.split(values[slot]), slot)
    return text


def _with_slots(pieces: list[str], slot: str) -> Json:
    """Return pieces of a text with a slot between each two."""
    parts: list[Any] = []
    for piece in pieces:
        parts += [piece, {"$slot": slot}]
    return {"$text": [part for part in parts[:-1] if part]}
