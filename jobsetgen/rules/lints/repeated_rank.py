"""JSG613: repeated rank."""

from __future__ import annotations

import json
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
from jobsetgen.words import listed_first

# What tells a pod its Job, keeps its world within the Job, or gives ranks without these numbers.
_DECIDES_OTHERWISE = (
    r"job[-_](?:(?:global|group)[-_])?index|job-key|jobset\.sigs\.k8s\.io/coordinator"
    r"|metadata\.(?:name|uid)\b|kubernetes\.io/job-name|\['job-name'\]|hostname"
    r"|localhost|127\.0\.0\.1|standalone|c10d|etcd"
)
_NODES = r"--nnodes[= ](\d+)\b"
_MOST_NAMED = 20


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
    worlds: dict[str, list[_Ranked]] = {}
    for each in ranked:
        worlds.setdefault(_program(each), []).append(each)
    for world in worlds.values():
        yield from _repeated(jobset, world)


def _repeated(jobset: JobSet, program: Sequence[_Ranked]) -> Iterator[Finding]:
    """Yield a finding for each part of a program in which several Jobs have the same ranks."""
    world = [each.replicated_job for each in program]
    jobs = sum(each.replicas for each in world)
    if jobs < 2:
        return

    names = listed_first([each.name for each in world[:_MOST_NAMED]], len(world))
    hint = _hint(jobset, world)
    for each in program:
        message = (
            f"{each.rank.name} is the completion index alone,"
            f" which counts from 0 in each of the {jobs:,} Jobs of {names}"
        )
        yield Finding(path=each.rank.path, message=message, hint=hint)


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


def _program(each: _Ranked) -> str:
    """Return what a container runs and how, which is the same for parts of one program."""
    fields = ("image", "command", "args", "env", "envFrom")
    return json.dumps([each.container.get(field) for field in fields], sort_keys=True)


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
