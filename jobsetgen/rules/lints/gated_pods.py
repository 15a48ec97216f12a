"""JSG612: gated pods."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.gated import place_of_gates, requested_while_gated
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

    The JobSet controller would create them later. With `--jobs git`, the quota needs room for all
    of them from the start; with `--jobs watcher` each Job is created when it is its turn. Under
    `--gitops argocd` and `--gitops flux`, JSG508 includes this. Pods that request nothing take
    nothing but their number, and have no notice.

    Notice because it matters only in a namespace whose ResourceQuota does not have that room.

    Bad::

        spec:
          startupPolicy: {startupPolicyOrder: InOrder}
          replicatedJobs:
          - name: driver
          - name: workers
            template: {spec: {template: {spec: {containers: [{resources: {limits: {cpu: 4}}}]}}}}

    Good::

        spec:
          startupPolicy: {startupPolicyOrder: AnyOrder}
          replicatedJobs:
          - name: driver
          - name: workers
            template: {spec: {template: {spec: {containers: [{resources: {limits: {cpu: 4}}}]}}}}
    """
    if settings.names_tool:
        return
    if message := requested_while_gated(jobset, settings):
        yield Finding(path=place_of_gates(jobset), message=message)
