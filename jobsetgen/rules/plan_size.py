"""How large a set's plan may be. This is looked at when the plan is there, after all other rules."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Code, Diagnostic, Finding
from jobsetgen.model.unit import Unit

# A ConfigMap takes a mebibyte, and the state holds a copy of the plan beside what it is for.
_MOST = 700_000
# All annotations of an object together; kubectl and Argo CD apply keep the whole object in one.
_MOST_APPLIED = 256 * 1024

PLAN_TOO_LARGE = Code(
    id="JSG406",
    name="plan-too-large",
    severity="error",
    doc="""The plan that the restart-watcher reads has more than 700,000 bytes.

    It stands in a ConfigMap, and a copy of it in the watcher's state, each of which has room for one mebibyte. Most of
    it are the Job templates of the replicatedJobs, and the topology domains of `placement.strategy: domains`.

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
    """Yield what is wrong with the size of a set's plan, a ConfigMap."""
    size = sum(len(text.encode()) for text in plan["data"].values())
    applied = len(json.dumps(plan, separators=(",", ":"), ensure_ascii=False).encode())
    hint = "Most of it are Job templates; replicatedJobs that are alike can be one, with more replicas."
    if size > _MOST:
        message = f"the plan of this set has {size:,} bytes; at most {_MOST:,} are allowed"
        yield unit.document.diagnostic(PLAN_TOO_LARGE, Finding(path=("metadata",), message=message, hint=hint))
    elif applied > _MOST_APPLIED:
        message = (
            f"the plan of this set has {applied:,} bytes in the annotation of client-side apply, "
            f"which has room for {_MOST_APPLIED:,}: it has to be applied server-side"
        )
        yield unit.document.diagnostic(PLAN_NOT_APPLICABLE, Finding(path=("metadata",), message=message, hint=hint))
