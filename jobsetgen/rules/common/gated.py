"""What the pods behind scheduling gates take from a ResourceQuota while they wait."""

from __future__ import annotations

from collections.abc import Sequence

from jobsetgen.diagnostics import Path
from jobsetgen.kubernetes.pods import POD_LEVEL_SINCE, pod_requests
from jobsetgen.kubernetes.quantities import written
from jobsetgen.model.duties import startup_order
from jobsetgen.model.jobset import JobSet, ReplicatedJob
from jobsetgen.model.treatment import treatment
from jobsetgen.options.table import Settings
from jobsetgen.words import listed


def counted_by_quota(jobset: JobSet, settings: Settings) -> str:
    """Say how many pods of a set count against a quota while gated, or return an empty string."""
    waiting = _waiting(jobset, settings)
    return _message(waiting, _requested(waiting, settings)) if waiting else ""


def requested_while_gated(jobset: JobSet, settings: Settings) -> str:
    """Say the same, but only of pods that request anything."""
    waiting = _waiting(jobset, settings)
    requested = _requested(waiting, settings)
    return _message(waiting, requested) if requested else ""


def _waiting(jobset: JobSet, settings: Settings) -> list[ReplicatedJob]:
    return [each for each in treatment(jobset, settings).gated if each.pods]


def place_of_gates(jobset: JobSet) -> Path:
    """Return where a set with gated pods asks for what they wait for."""
    if place := startup_order(jobset):
        return place
    assert jobset.failure_policy is not None
    return (*jobset.failure_policy.path, "restartStrategy")


def _message(waiting: Sequence[ReplicatedJob], requested: Sequence[tuple[str, int]]) -> str:
    pods = sum(each.pods for each in waiting)
    subject = "1 pod behind a scheduling gate counts"
    if pods > 1:
        subject = f"{pods:,} pods behind scheduling gates count"

    amounts = [f"{name} {written(name, amount)}" for name, amount in requested]
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
    return sorted((name, amount) for name, amount in totals.items() if amount)
