"""JSG503: kueue queue."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.model import keys
from jobsetgen.model.jobset import JobSet, ReplicatedJob
from jobsetgen.options.table import Settings
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import UNKNOWN
from jobsetgen.words import listed

_POD_GROUP = "kueue.x-k8s.io/pod-group-name"


# How many shapes of pods one group may have, by Kueue's version.
_CAPS = {"up to 0.17": 8, "0.18": 10, "0.19": 18}


class _Queued(NamedTuple):
    """Where the label stands, and how many Workloads it makes there."""

    path: Path
    workloads: int


@jobset_rule("JSG503", "warning", since="0.1", source=UNKNOWN)
def kueue_queue(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A `kueue.x-k8s.io/queue-name` label does not do for plain Jobs what it does for a JobSet.

    Kueue admits a JobSet as one Workload, all or nothing. Labels of the JobSet are not copied to its Jobs, so there it
    does nothing at all. On the Job templates each Job is a Workload of its own, and on the pod templates each pod:
    some may start and hold their nodes while the others wait. A set of one Job is the same either way. Pods can
    be queued as one group, but only of so many different shapes (8 up to Kueue 0.17, 10 in 0.18, 18 in 0.19), and
    under exclusive placement every Job has a shape of its own.

    Bad::

        metadata:
          labels: {kueue.x-k8s.io/queue-name: research}

    Good::

        spec:
          replicatedJobs:
          - template:
              metadata:
                labels: {kueue.x-k8s.io/queue-name: research}
    """
    yield from _on_the_set(jobset)
    if jobs := list(_queued_jobs(jobset)):
        yield from _one_by_one(jobset, jobs, "Job")
    elif pods := list(_queued_pods(jobset)):
        yield from _one_by_one(jobset, pods, "pod")
    yield from _pod_groups(jobset)


def _on_the_set(jobset: JobSet) -> Iterator[Finding]:
    if keys.KUEUE_QUEUE not in jobset.labels or all(map(_is_queued, jobset.replicated_jobs)):
        return
    whom = f"its {jobset.jobs:,} Jobs do"
    on_jobs = "On the Job templates it would make each of them a Workload of its own"
    hint = f"{on_jobs}, of which Kueue may admit some and let the others wait. {_as_one_group(jobset)}".strip()
    if jobset.jobs == 1:
        whom = "its Job does"
        hint = "Put it on the Job template: a single Job is one Workload, as the JobSet was."
    yield Finding(
        path=("metadata", "labels", keys.KUEUE_QUEUE),
        message=f"the queue-name label stays behind with the JobSet: {whom} not get it and would start without Kueue",
        hint=hint,
    )


def _is_queued(each: ReplicatedJob) -> bool:
    template = each.template
    return (
        each.replicas == 0
        or keys.KUEUE_QUEUE in template.labels
        or keys.KUEUE_QUEUE in template.pod_labels
    )


def _queued_jobs(jobset: JobSet) -> Iterator[_Queued]:
    for each in jobset.replicated_jobs:
        if keys.KUEUE_QUEUE in each.template.labels:
            yield _Queued(
                (*each.template.path, "metadata", "labels", keys.KUEUE_QUEUE), each.replicas
            )


def _queued_pods(jobset: JobSet) -> Iterator[_Queued]:
    for each in jobset.replicated_jobs:
        labels = each.template.pod_labels
        if keys.KUEUE_QUEUE in labels and _POD_GROUP not in labels:
            path = (*each.template.spec_path, "template", "metadata", "labels", keys.KUEUE_QUEUE)
            yield _Queued(path, each.pods)


def _one_by_one(jobset: JobSet, queued: list[_Queued], kind: str) -> Iterator[Finding]:
    workloads = sum(each.workloads for each in queued)
    if workloads > 1:
        yield Finding(
            path=queued[0].path,
            message=f"to Kueue each of these {workloads:,} {kind}s is a Workload of its own: "
            "it may admit some, which then hold their nodes and wait for the others",
            hint=_as_one_group(jobset),
        )


def _pod_groups(jobset: JobSet) -> Iterator[Finding]:
    grouped = [each for each in jobset.replicated_jobs if _POD_GROUP in each.template.pod_labels]
    if grouped and (reason := _as_one_group(jobset)):
        path = (*grouped[0].template.spec_path, "template", "metadata", "labels", _POD_GROUP)
        yield Finding(path=path, message=f"{reason[0].lower()}{reason[1:].rstrip('.')}")


def _as_one_group(jobset: JobSet) -> str:
    """Say that the pods could never be admitted together, or nothing where they could."""
    shapes = sum(
        each.replicas if jobset.topology(each) else min(each.replicas, 1)
        for each in jobset.replicated_jobs
    )
    if not jobset.is_exclusive or shapes <= min(_CAPS.values()):
        return ""
    outcome = (
        "never be admitted" if shapes > max(_CAPS.values()) else "be admitted only by a newer Kueue"
    )
    caps = listed([f"{cap} ({version})" for version, cap in _CAPS.items()], "or")
    return (
        f"As one pod group the set could {outcome}: exclusive placement gives it {shapes:,} shapes of pods, "
        f"and Kueue takes at most {caps}."
    )
