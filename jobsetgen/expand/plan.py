"""The plan: the data of a set for the restart-watcher, as the text of a ConfigMap.

Guarantee: a watcher reads the plans of its own release and of the previous one. `FORMAT` is the
number of the format.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from jobsetgen import re2
from jobsetgen.expand import objects
from jobsetgen.expand.attempts import reads_attempt
from jobsetgen.expand.expand import Expansion
from jobsetgen.expand.objects import JobFamily, Object, Slot
from jobsetgen.field_order import fields
from jobsetgen.model.jobset import FailurePolicy
from jobsetgen.model.treatment import JobTreatment
from jobsetgen.options.table import Settings

FORMAT = 2
FORMAT_WITHOUT_PROGRAMS = 1
"""The format of a plan whose patterns all run in Python's `re`. Every watcher reads it."""

SLOTS = {
    objects.NAME: "jobName",
    objects.INDEX: "jobIndex",
    objects.GLOBAL_INDEX: "jobGlobalIndex",
    objects.GROUP_INDEX: "jobGroupIndex",
    objects.KEY: "jobKey",
    objects.NAMESPACED_NAME: "namespacedJobName",
    objects.DOMAIN: "topologyDomain",
}
"""The names in the plan of the values that differ between Jobs."""

# Strings in JSON text contain no line breaks, so this never matches part of one.
_SLOT = re.compile(r'\{\s*("\$slot": "\w+")\s*\}')
# Characters that a YAML literal block would not preserve. JSON escapes control characters itself.
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def plan(
    expansion: Expansion,
    settings: Settings,
    *,
    families: Sequence[JobFamily],
    service: Object | None,
    claims: Sequence[tuple[bool, Object]],
) -> Object:
    """Return the plan of a set as data.

    `families` are its Jobs as in the output. `service` and `claims` (each with whether it is
    retained) are those of the output; they are omitted if a GitOps tool recreates deleted
    objects.
    """
    jobset = expansion.jobset
    ttl = None if settings.tool_owns_jobs else jobset.ttl_seconds_after_finished
    policy = _failure_policy(jobset.failure_policy) if jobset.failure_policy else None
    return {
        "format": _format(policy),
        "jobset": jobset.name,
        "namespace": jobset.hash_namespace,
        "generation": expansion.generation,
        **_run_id(expansion, settings),
        "jobs": settings.jobs,
        "ending": "suspend" if settings.tool_owns_jobs else "delete",
        "updatePolicy": settings.update_policy,
        "suspend": jobset.suspend,
        "successPolicy": {
            "operator": jobset.success_policy.operator,
            "targets": list(jobset.success_policy.targets),
        },
        "failurePolicy": policy,
        "startupOrder": jobset.startup_order,
        "ttlSecondsAfterFinished": ttl,
        "readsAttempt": settings.jobs == "git"
        and any(reads_attempt(each.template) for each in jobset.replicated_jobs),
        "replicatedJobs": [
            _replicated_job(each, family)
            for each, family in zip(expansion.treatment.jobs, families, strict=True)
        ],
        "service": None if settings.has_tool else _ordered(service),
        "claims": [] if settings.has_tool else [_claim(retain, item) for retain, item in claims],
        **_carried_fields(settings),
    }


def text(content: Object) -> str:
    """Return a plan as indented JSON, one key per line, with every slot on its own line."""
    written = _SLOT.sub(r"{\1}", json.dumps(content, indent=1, ensure_ascii=False))
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", written) + "\n"


def _run_id(expansion: Expansion, settings: Settings) -> Object:
    """Return what a watcher that creates Jobs needs to recompute the generation from the plan.

    A name that was made from the generation is in the plan's Jobs and is not hashed, so that
    generation cannot be recomputed.
    """
    jobset = expansion.jobset
    is_named_by_it = jobset.name == f"{jobset.generate_name}{expansion.generation[:8]}"
    if settings.jobs == "git" or is_named_by_it:
        return {}
    return {"runId": settings.run_id}


def _carried_fields(settings: Settings) -> Object:
    """Return the fields that an option adds to those that restarts keep as others changed them."""
    fields = settings.watcher.carried_fields
    return {"carriedFields": list(fields)} if fields and settings.jobs == "git" else {}


def _format(policy: Object | None) -> int:
    """Return the oldest format that a failure policy fits in."""
    rules = policy["rules"] if policy else []
    has_programs = any("programs" in rule for rule in rules)
    return FORMAT if has_programs else FORMAT_WITHOUT_PROGRAMS


def _failure_policy(policy: FailurePolicy) -> Object:
    return {
        "maxRestarts": policy.max_restarts,
        "restartStrategy": policy.restart_strategy,
        "rules": [
            {
                "name": rule.name,
                "action": rule.action,
                "reasons": list(rule.reasons),
                **_patterns(rule.patterns),
                "targets": list(rule.targets),
            }
            for rule in policy.rules
        ],
    }


def _patterns(patterns: Sequence[str]) -> Object:
    """Return the patterns that run in Python's `re`, and the others as programs, if there are."""
    compiled = [re2.compiled(pattern) for pattern in patterns]
    expressions = [each for each in compiled if isinstance(each, str)]
    programs = [each for each in compiled if not isinstance(each, str)]
    if not programs:
        return {"patterns": expressions}
    return {"patterns": expressions, "programs": programs}


def _replicated_job(each: JobTreatment, family: JobFamily) -> Object:
    replicated_job = each.replicated_job
    template = replicated_job.template
    dependencies = replicated_job.depends_on or ()
    # If the Job is not gated, the deadline is in the Job itself.
    deadline = template.spec.get("activeDeadlineSeconds") if each.is_gated else None
    return {
        "name": replicated_job.name,
        "replicas": replicated_job.replicas,
        "pods": template.pods,
        "dependsOn": [{"name": item.name, "status": item.status} for item in dependencies],
        "gated": each.is_gated,
        "activeDeadlineSeconds": deadline,
        "firstGlobalIndex": family.first_global_index,
        "firstGroupIndex": family.first_group_index,
        "domains": list(family.domains),
        "job": _ordered(family.template),
    }


def _claim(retain: bool, item: Object) -> Object:
    return {"retain": retain, "object": _ordered(item)}


def _ordered(value: Any, parent: str = "") -> Any:
    """Return data in output order, with slots replaced by their names."""
    if isinstance(value, Slot):
        return {"$slot": SLOTS[value]}
    if isinstance(value, Mapping):
        return {key: _ordered(item, key) for key, item in fields(value, parent)}
    if isinstance(value, list):
        return [_ordered(item, parent) for item in value]
    return value
