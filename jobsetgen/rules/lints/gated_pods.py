"""JSG612: gated pods."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.pods import POD_LEVEL_SINCE, pod_requests
from jobsetgen.kubernetes.quantities import written
from jobsetgen.model.duties import startup_order
from jobsetgen.model.jobset import JobSet, ReplicatedJob
from jobsetgen.model.treatment import treatment
from jobsetgen.options.table import Settings
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import page
from jobsetgen.words import listed


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

    The JobSet controller would create them later. Where Git owns the Jobs, the quota needs room for
    all of them from the start; with `--jobs watcher` each Job is created when it is its turn.

    Notice because it matters only in a namespace whose ResourceQuota does not have that room.

    Bad::

        spec:
          startupPolicy: {startupPolicyOrder: InOrder}
          replicatedJobs:
          - name: driver
          - name: workers

    Good::

        spec:
          startupPolicy: {startupPolicyOrder: AnyOrder}
          replicatedJobs:
          - name: driver
          - name: workers
    """
    waiting = [each for each in treatment(jobset, settings).gated if each.pods]
    if waiting:
        yield Finding(path=_place(jobset), message=_message(waiting, settings))


def _message(waiting: Sequence[ReplicatedJob], settings: Settings) -> str:
    pods = sum(each.pods for each in waiting)
    subject = "1 pod behind a scheduling gate counts"
    if pods > 1:
        subject = f"{pods:,} pods behind scheduling gates count"

    amounts = [
        f"{name} {written(name, amount)}"
        for name, amount in _requested(waiting, settings)
        if amount
    ]
    what = f": {listed(amounts)}" if amounts else ""
    return f"{subject} against a ResourceQuota while waiting{what}"


def _requested(waiting: Sequence[ReplicatedJob], settings: Settings) -> list[tuple[str, int]]:
    """Return what all pods of some replicatedJobs request, by resource, as a quota counts it."""
    has_pod_level = settings.since(POD_LEVEL_SINCE)
    totals: dict[str, int] = {}
    for each in waiting:
        requests = pod_requests(each.template.pod, pod_level=has_pod_level)
        for name, amount in requests.items():
            totals[name] = totals.get(name, 0) + amount * each.pods
    return sorted(totals.items())


def _place(jobset: JobSet) -> Path:
    """Return where the set asks for what its pods wait for."""
    if place := startup_order(jobset):
        return place
    assert jobset.failure_policy is not None
    return (*jobset.failure_policy.path, "restartStrategy")
