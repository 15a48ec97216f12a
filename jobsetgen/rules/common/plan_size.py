"""How large a set's plan is, and the state that its watcher will write."""

from __future__ import annotations

import json
import zlib

from jobsetgen.model.jobset import JobSet
from jobsetgen.rules.rule import Plan

MOST_BYTES = 700_000
# The parts of the watcher's state in bytes; a test writes the largest state that there can be and
# holds it to them.
_COUNTERS = 8_192
_EVIDENCE = 50 * 1_400
_REPLICATED_JOB = 200
_JOB = 8.6  # 64 bits of its UID, compressed, and whether a GitOps tool has ever applied it
_JOB_RESTARTED_ALONE = 8  # its counters, compressed: of three digits or less

SMALLER = "Merge replicatedJobs that differ only in their names into one with more replicas."
"""What to do about a large plan, most of which are Job templates."""


def plan_text(plan: Plan) -> bytes:
    """Return the text of a plan."""
    return "".join(plan["data"].values()).encode()


def applied_size(plan: Plan) -> int:
    """Return the bytes of a plan in the annotation in which client-side apply keeps an object."""
    return len(json.dumps(plan, separators=(",", ":"), ensure_ascii=False).encode())


def state_bound(jobset: JobSet, plan: bytes) -> int:
    """Return the bytes that the watcher's state takes at most, without what others change in Jobs.

    `plan` is the text of the plan. In the middle of a restart the state names every Job that is
    being replaced.
    """
    a_job = _JOB + (_JOB_RESTARTED_ALONE if _restarts_single_jobs(jobset) else 0)
    fixed = _COUNTERS + _EVIDENCE + _REPLICATED_JOB * len(jobset.replicated_jobs)
    return fixed + int(a_job * jobset.jobs) + len(zlib.compress(plan))


def _restarts_single_jobs(jobset: JobSet) -> bool:
    rules = jobset.failure_policy.rules if jobset.failure_policy else ()
    return any(rule.action in ("RestartJob", "RestartJobAndIgnoreMaxRestarts") for rule in rules)
