"""JSG612: gated pods."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.pods import POD_LEVEL_SINCE, pod_requests
from jobsetgen.kubernetes.quantities import written
from jobsetgen.model.duties import startup_order
from jobsetgen.model.jobset import JobSet, ReplicatedJob
from jobsetgen.model.treatment import treatment
from jobsetgen.options.table import Settings
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import UNKNOWN
from jobsetgen.words import listed, plural


@jobset_rule("JSG612", "notice", since="0.1", source=UNKNOWN)
def gated_pods(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """Pods that wait behind a scheduling gate count in a ResourceQuota while they wait.

    A JobSet controller would create them later. Where Git owns the Jobs the quota has to have room for all of them
    from the beginning; with `--jobs watcher` they are created when it is their turn.

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
    if not waiting:
        return
    pods = sum(each.pods for each in waiting)
    amounts = listed(
        [
            f"{name} {written(name, amount)}"
            for name, amount in _requested(waiting, settings)
            if amount
        ]
    )
    yield Finding(
        path=_place(jobset),
        message=f"{plural(pods, 'pod')} {'waits' if pods == 1 else 'wait'} behind a scheduling gate and "
        f"{'counts' if pods == 1 else 'count'} in a ResourceQuota meanwhile{f', with {amounts}' if amounts else ''}",
    )


def _requested(waiting: list[ReplicatedJob], settings: Settings) -> list[tuple[str, int]]:
    """Return what all pods of some replicatedJobs request together, by resource, as a ResourceQuota counts it."""
    totals: dict[str, int] = {}
    for each in waiting:
        requests = pod_requests(each.template.pod, pod_level=settings.since(POD_LEVEL_SINCE))
        for name, amount in requests.items():
            totals[name] = totals.get(name, 0) + amount * each.pods
    return sorted(totals.items())


def _place(jobset: JobSet) -> Path:
    if place := startup_order(jobset):
        return place
    assert jobset.failure_policy is not None
    return (*jobset.failure_policy.path, "restartStrategy")
