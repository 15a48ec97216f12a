"""JSG613: repeated rank."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from jobsetgen.diagnostics import Finding
from jobsetgen.model import keys
from jobsetgen.model.jobset import JobSet, ReplicatedJob
from jobsetgen.options.table import Settings
from jobsetgen.plain import texts
from jobsetgen.rules.common.ranks import Rank, index_ranks
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import page
from jobsetgen.words import listed

# What tells a pod its Job, keeps its world within the Job, or gives ranks without these numbers.
_DECIDES_OTHERWISE = (
    r"job[-_](?:(?:global|group)[-_])?index|job-key|jobset\.sigs\.k8s\.io/coordinator"
    r"|metadata\.(?:name|uid)\b|kubernetes\.io/job-name|\['job-name'\]|hostname"
    r"|localhost|127\.0\.0\.1|standalone|c10d|etcd"
)
_NODES = r"--nnodes[= ](\d+)\b"


class _Ranked(NamedTuple):
    """A replicatedJob with the container that has a rank."""

    replicated_job: ReplicatedJob
    container: Mapping[str, Any]
    rank: Rank


@jobset_rule(
    "JSG613",
    "notice",
    since="0.1",
    source=page(
        "Kubernetes, Job completion mode",
        "https://kubernetes.io/docs/concepts/workloads/controllers/job/#completion-mode",
    ),
)
def repeated_rank(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A rank is the completion index alone, which is the same in several Jobs of the set.

    The completion index counts the pods of one Job. Where the pods of several Jobs are one
    distributed program, such as `--nnodes=4` over four Jobs of one pod, each Job has a rank 0, and
    the program waits for the ranks that no pod has. The index of the Job is in the annotations
    jobset.sigs.k8s.io/job-index, counted within the replicatedJob, and
    jobset.sigs.k8s.io/job-global-index, counted within the set.

    Notice because each Job may be a program of its own, whose ranks are right.

    Bad::

        spec:
          replicatedJobs:
          - replicas: 4
            template:
              spec:
                template:
                  spec:
                    containers:
                    - command: [torchrun, --nnodes=4, "--node_rank=$(JOB_COMPLETION_INDEX)"]

    Good::

        spec:
          replicatedJobs:
          - replicas: 4
            template:
              spec:
                template:
                  spec:
                    containers:
                    - command: [torchrun, --nnodes=4, "--node_rank=$(JOB_INDEX)"]
                      env:
                      - name: JOB_INDEX
                        valueFrom:
                          fieldRef:
                            fieldPath: metadata.annotations['jobset.sigs.k8s.io/job-global-index']
    """
    ranked = [found for each in jobset.replicated_jobs if (found := _ranked(each))]
    for each in ranked:
        world = [other for other in ranked if _is_same_program(each, other)]
        yield from _repeated(jobset, each.rank, [other.replicated_job for other in world])


def _repeated(jobset: JobSet, rank: Rank, world: Sequence[ReplicatedJob]) -> Iterator[Finding]:
    """Yield a finding if several Jobs have the same ranks."""
    jobs = sum(other.replicas for other in world)
    if jobs > 1:
        names = listed([other.name for other in world])
        message = (
            f"{rank.name} is the completion index alone,"
            f" which counts from 0 in each of the {jobs:,} Jobs of {names}"
        )
        yield Finding(path=rank.path, message=message, hint=_hint(jobset, world))


def _ranked(each: ReplicatedJob) -> _Ranked | None:
    """Return the first container whose rank is the completion index, if nothing else decides."""
    template = each.template
    if not template.is_indexed or not each.replicas or _decides_otherwise(each):
        return None
    for path, container in template.containers():
        for rank in index_ranks(container, path):
            return _Ranked(each, container, rank)
    return None


def _decides_otherwise(each: ReplicatedJob) -> bool:
    """Whether something in the pods may tell the Jobs apart, or makes each a program of its own."""
    nodes = str(each.template.pods)
    for text in texts(each.template.pod):
        if re.search(_DECIDES_OTHERWISE, text, re.I):
            return True
        if nodes in re.findall(_NODES, text):
            return True
    return False


def _is_same_program(one: _Ranked, other: _Ranked) -> bool:
    """Whether the containers of two replicatedJobs run the same program in the same way."""
    fields = ("image", "command", "args", "env", "envFrom")
    return all(one.container.get(field) == other.container.get(field) for field in fields)


def _hint(jobset: JobSet, world: Sequence[ReplicatedJob]) -> str:
    """Name the index by which the Jobs can be told apart, if there is one."""
    key = keys.JOB_GLOBAL_INDEX
    # The global index also counts the Jobs before these.
    if world[0] is not jobset.replicated_jobs[0]:
        key = keys.JOB_INDEX
        if len(world) > 1:
            return ""

    pods = world[0].template.pods
    if pods == 1:
        return f"Take it from the annotation {key} instead."
    return f"Add the annotation {key}, multiplied by the {pods:,} pods of a Job."
