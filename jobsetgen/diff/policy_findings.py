"""Find what changes in the policies of a set, as its watcher reads them from the plan."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from jobsetgen.diff.changes import FieldChange
from jobsetgen.diff.fields import field_changes
from jobsetgen.diff.findings import Finding, of_family
from jobsetgen.diff.phrases import some_jobs
from jobsetgen.diff.rows_of_jobs import (
    LIMITS_OF_JOBS,
    PLAN,
    QUEUED_RESUMED,
    QUEUED_SUSPENDED,
    RESUMED,
    SUSPENDED,
)
from jobsetgen.diff.rows_of_objects import REMOVED
from jobsetgen.diff.rows_of_sets import HANDED_OVER, MODE, POLICY, POLICY_OF_UPDATES, PROFILE
from jobsetgen.diff.sides import Family, TrainingSet
from jobsetgen.kubernetes.updates import immutable_fields
from jobsetgen.model import keys
from jobsetgen.naming import plan_name
from jobsetgen.plain import items, mapping, objects, string
from jobsetgen.words import plural

_DEADLINE = "activeDeadlineSeconds"
_POLICIES = ("successPolicy", "failurePolicy", "startupOrder", "ttlSecondsAfterFinished")


def policy_findings(old: TrainingSet, new: TrainingSet) -> Iterator[Finding]:
    """Yield what changes in who applies a set, how, and what its watcher does."""
    are_known = old.is_profile_known and new.is_profile_known
    for trigger, field, before, after in (
        (MODE, "jobs", old.mode, new.mode),
        (PROFILE, "gitops", old.profile, new.profile),
        (POLICY_OF_UPDATES, "updatePolicy", old.update_policy, new.update_policy),
    ):
        if before != after and (are_known or trigger == MODE):
            yield _of_set(new, trigger, (_field(field, before, after),), before, after)
    if old.mode != new.mode == "watcher":
        yield _of_set(new, HANDED_OVER, (_field("jobs", old.mode, new.mode),))
    if old.is_suspended != new.is_suspended:
        yield from _suspension(new, (_field("suspend", old.is_suspended, new.is_suspended),))
    yield from _deadlines(old, new)
    yield from _plans(old, new)
    fields = tuple(field_changes(_policies(old), _policies(new)))
    # A set that gets its first watcher, or loses it, has no policy on one side.
    if fields and old.plan and new.plan:
        yield _of_set(new, POLICY, fields)


def _suspension(new: TrainingSet, fields: tuple[FieldChange, ...]) -> Iterator[Finding]:
    """Yield a changed `suspend`, which Kueue overrules for the Jobs in a queue."""
    triggers = [_trigger_of_suspension(new, each) for each in new.families]
    if not triggers:
        triggers = [SUSPENDED if new.is_suspended else RESUMED]
    if len(set(triggers)) == 1:
        yield _of_set(new, triggers[0], fields)
        return
    for family, trigger in zip(new.families, triggers, strict=True):
        # That the watcher leaves some Jobs to Kueue is not the outcome for the set.
        if new.mode == "watcher" and trigger in (QUEUED_SUSPENDED, QUEUED_RESUMED):
            continue
        words = some_jobs(new, family.replicated_job, family.indexes)
        yield replace(of_family(trigger, family, fields), jobs=words)


def _trigger_of_suspension(new: TrainingSet, family: Family) -> str:
    labels = mapping(mapping(family.template, "metadata"), "labels")
    if labels.get(keys.KUEUE_QUEUE):
        return QUEUED_SUSPENDED if new.is_suspended else QUEUED_RESUMED
    return SUSPENDED if new.is_suspended else RESUMED


def _plans(old: TrainingSet, new: TrainingSet) -> Iterator[Finding]:
    """Yield a plan that is gone, or that has other Jobs than before while Git has the same."""
    name = plan_name(new.name)
    if old.plan is not None and new.plan is None:
        yield Finding(trigger=REMOVED, kind="ConfigMap", name=name, operation="remove")
    if old.plan is None or new.plan is None or old.generation != new.generation:
        return
    fields = tuple(field_changes(_jobs_of_plan(old.plan), _jobs_of_plan(new.plan)))
    if fields and new.mode == old.mode == "git":
        yield Finding(trigger=PLAN, kind="ConfigMap", name=name, fields=fields)


def _jobs_of_plan(plan: Mapping[str, Any]) -> dict[str, Any]:
    """Return the Jobs of a plan by replicatedJob: what cannot change in a running one."""
    return {each["name"]: _immutable_part(each) for each in _replicated_jobs(plan)}


def _immutable_part(replicated_job: Mapping[str, Any]) -> list[Any]:
    spec = mapping(mapping(replicated_job, "job"), "spec")
    return [replicated_job.get("replicas"), immutable_fields(spec)]


def _deadlines(old: TrainingSet, new: TrainingSet) -> Iterator[Finding]:
    """Yield changed deadlines of Jobs behind a gate, which the watcher sets when it removes it."""
    before = {each["name"]: each.get(_DEADLINE) for each in _replicated_jobs(old.plan or {})}
    for each in _replicated_jobs(new.plan or {}):
        name, deadline = each["name"], each.get(_DEADLINE)
        if name in before and before[name] != deadline:
            field = _field(_DEADLINE, before[name], deadline)
            yield Finding(
                trigger=LIMITS_OF_JOBS, kind="Job", name=name, fields=(field,), replicated_job=name
            )


def _field(name: str, old: Any, new: Any) -> FieldChange:
    return FieldChange(path=(name,), operation="replace", old=old, new=new)


def _of_set(
    new: TrainingSet,
    trigger: str,
    fields: tuple[FieldChange, ...],
    old_word: str = "",
    new_word: str = "",
) -> Finding:
    return Finding(
        trigger=trigger, kind="JobSet", name=new.name, fields=fields, old=old_word, new=new_word
    )


def _policies(state: TrainingSet) -> dict[str, Any]:
    plan: Mapping[str, Any] = state.plan or {}
    found = {name: plan.get(name) for name in _POLICIES}
    found["failurePolicy"] = _with_short_programs(found["failurePolicy"])
    depends = {each["name"]: each.get("dependsOn") or None for each in _replicated_jobs(plan)}
    return {**found, "dependsOn": depends}


def _with_short_programs(policy: Any) -> Any:
    """Return a failurePolicy with a phrase for each program, which nobody reads as data."""
    if not isinstance(policy, Mapping) or not items(policy, "rules"):
        return policy
    return {**policy, "rules": [_with_short(rule) for rule in items(policy, "rules")]}


def _with_short(rule: Any) -> Any:
    if not isinstance(rule, Mapping) or not items(rule, "programs"):
        return rule
    return {**rule, "programs": [_phrase(each) for each in items(rule, "programs")]}


def _phrase(program: Any) -> str:
    """Return a phrase that tells programs of patterns apart."""
    if not isinstance(program, Mapping):
        return str(program)
    instructions = plural(len(string(program, "code").split()), "instruction")
    text = json.dumps(program, sort_keys=True)
    return f"{instructions}, SHA-256 {hashlib.sha256(text.encode()).hexdigest()[:8]}"


def _replicated_jobs(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for _, each in objects(plan, "replicatedJobs"):
        if isinstance(each.get("name"), str):
            yield each
