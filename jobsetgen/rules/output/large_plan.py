"""JSG516: large plan."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.labels import MAX_ANNOTATIONS
from jobsetgen.model.jobset import JobSet
from jobsetgen.rules.common.plan_size import SMALLER, applied_size
from jobsetgen.rules.output.plan_too_large import plan_too_large
from jobsetgen.rules.rule import Plan, plan_rule
from jobsetgen.upstream import page


@plan_rule(
    "JSG516",
    "warning",
    since="0.1",
    source=page(
        "Argo CD, Server-Side Apply",
        "https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/#server-side-apply",
    ),
)
def large_plan(jobset: JobSet, plan: Plan) -> Iterator[Finding]:
    """The plan that the restart-watcher reads is too large for client-side apply.

    `kubectl apply`, and Argo CD unless its application sets `ServerSideApply=true`, keep what they
    have applied in an annotation, which has room for 256 KiB. Server-side apply, which Flux always
    uses, has no such limit.

    Warning because a tool that uses server-side apply accepts the plan as it is.

    Bad::

        spec:
          replicatedJobs: [] # of fifty, each with a template of its own

    Good::

        spec:
          replicatedJobs:
          - {replicas: 50}
    """
    applied = applied_size(plan)
    if applied > MAX_ANNOTATIONS and not any(plan_too_large.check(jobset, plan)):
        message = (
            f"the plan of this set needs {applied:,} bytes in the annotation of client-side apply;"
            f" at most {MAX_ANNOTATIONS:,} are allowed, so it needs server-side apply"
        )
        yield Finding(path=("metadata",), message=message, hint=SMALLER)
