"""How large a set's plan may be. This is looked at when the plan is there, after all other rules."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Code, Diagnostic, Finding
from jobsetgen.kubernetes.labels import MAX_ANNOTATIONS
from jobsetgen.model.jobset import JobSet
from jobsetgen.model.unit import Unit

# What a ConfigMap holds at most.
_ROOM = 1024 * 1024
_MOST = 700_000
# The parts of the watcher's state in bytes; a test writes the largest state that there can be and holds it to them.
_COUNTERS = 8_192
_EVIDENCE = 50 * 1_400
_REPLICATED_JOB = 200
_JOB = 8.6  # 64 bits of its UID, compressed, and whether a GitOps tool has ever applied it
_JOB_RESTARTED_ALONE = 8  # its counters, compressed: of three digits or less

PLAN_TOO_LARGE = Code(
    id="JSG406",
    name="plan-too-large",
    severity="error",
    doc="""The restart-watcher's plan is larger than 700,000 bytes, or its state may outgrow its ConfigMap.

    Plan and state are ConfigMaps, each limited to one mebibyte. Most of a plan are the Job templates of the
    replicatedJobs, and the topology domains of `placement.strategy: domains`. The state holds the plan, compressed, and
    in the middle of a restart about 9 bytes for each Job that is being replaced; with `RestartJob` in a failure rule,
    8 more. A set of 100,000 Jobs fits unless its templates are very large. A state that does not fit could not be
    written, and the set would never be restarted.

    Bad::

        spec:
          replicatedJobs: [] # of several hundred, each with a template of its own

    Good::

        spec:
          replicatedJobs:
          - {replicas: 500}
    """,
)
PLAN_NOT_APPLICABLE = Code(
    id="JSG516",
    name="large-plan",
    severity="warning",
    doc="""The plan that the restart-watcher reads is too large for client-side apply.

    `kubectl apply`, and Argo CD unless its application says `ServerSideApply=true`, keep what they have applied in an
    annotation, which has room for 256 KiB. Flux, and server-side apply, have no such limit.

    Bad::

        spec:
          replicatedJobs: [] # of fifty, each with a template of its own

    Good::

        spec:
          replicatedJobs:
          - {replicas: 50}
    """,
)
CODES = (PLAN_TOO_LARGE, PLAN_NOT_APPLICABLE)


def plan_size(unit: Unit, plan: Mapping[str, Any]) -> Iterator[Diagnostic]:
    """Yield what is wrong with the size of a set's plan, a ConfigMap, and of the state that its watcher will write."""
    text = "".join(plan["data"].values()).encode()
    size = len(text)
    # kubectl and Argo CD apply keep the whole object in one annotation.
    applied = len(json.dumps(plan, separators=(",", ":"), ensure_ascii=False).encode())
    hint = (
        "Most of it are Job templates; replicatedJobs that are alike can be one, with more"
        " replicas."
    )
    if size > _MOST:
        message = f"the plan of this set has {size:,} bytes; at most {_MOST:,} are allowed"
        yield unit.document.diagnostic(
            PLAN_TOO_LARGE, Finding(path=("metadata",), message=message, hint=hint)
        )
    elif unit.jobset and (needed := state_bound(unit.jobset, text)) > _ROOM:
        # In thousands: other releases of the library compress by some bytes more or less.
        message = (
            f"the restart-watcher's state may need {needed // 1000:,} kB for {unit.jobset.jobs:,} Jobs and this plan; "
            f"a ConfigMap has room for {_ROOM // 1000:,} kB"
        )
        hint = "Use fewer Jobs with more pods each, or smaller Job templates."
        yield unit.document.diagnostic(
            PLAN_TOO_LARGE, Finding(path=("metadata",), message=message, hint=hint)
        )
    elif applied > MAX_ANNOTATIONS:
        message = (
            f"the plan of this set has {applied:,} bytes in the annotation of client-side apply, "
            f"which has room for {MAX_ANNOTATIONS:,}: it has to be applied server-side"
        )
        yield unit.document.diagnostic(
            PLAN_NOT_APPLICABLE, Finding(path=("metadata",), message=message, hint=hint)
        )


def state_bound(jobset: JobSet, plan: bytes) -> int:
    """Return the bytes that the watcher's state takes at most, without what others change in the Jobs.

    `plan` is the text of the plan. In the middle of a restart the state names every Job that is being replaced.
    """
    a_job = _JOB + (_JOB_RESTARTED_ALONE if _restarts_single_jobs(jobset) else 0)
    fixed = _COUNTERS + _EVIDENCE + _REPLICATED_JOB * len(jobset.replicated_jobs)
    return fixed + int(a_job * jobset.jobs) + len(zlib.compress(plan))


def _restarts_single_jobs(jobset: JobSet) -> bool:
    rules = jobset.failure_policy.rules if jobset.failure_policy else ()
    return any(rule.action in ("RestartJob", "RestartJobAndIgnoreMaxRestarts") for rule in rules)
