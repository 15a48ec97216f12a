"""JSG612: gated pods."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.gated import counted_by_quota, place_of_gates
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import page


@jobset_rule(
    "JSG612",
    "notice",
    since="0.1",
    source=page(
        "Kubernetes, Resource Quotas",
        "https://kubernetes.io/docs/concepts/policy/resource-quotas/",
    ),
)
def gated_pods(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """Pods behind a scheduling gate count against a ResourceQuota while they wait.

    The JobSet controller would create them later. With `--gitops none` and `--jobs git`, the quota
    needs room for all of them from the start; with `--jobs watcher` each Job is created when it is
    its turn. Where a GitOps tool owns the Jobs, JSG508 says so.

    Notice because it matters only in a namespace whose ResourceQuota does not have that room.

    Bad (none)::

        spec:
          startupPolicy: {startupPolicyOrder: InOrder}
          replicatedJobs:
          - name: driver
          - name: workers

    Good (none)::

        spec:
          startupPolicy: {startupPolicyOrder: AnyOrder}
          replicatedJobs:
          - name: driver
          - name: workers
    """
    if settings.tool_owns_jobs:
        return
    if message := counted_by_quota(jobset, settings):
        yield Finding(path=place_of_gates(jobset), message=message)
