"""JSG524: tpu topology."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from math import prod
from typing import Any

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.quantities import thousandths
from jobsetgen.kubernetes.tpus import (
    ACCELERATOR,
    RESOURCE,
    TOPOLOGY,
    is_known,
    misfit,
    sides,
    topology_with,
    wrong_dimensions,
)
from jobsetgen.model.jobset import JobSet, ReplicatedJob
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import mapping, objects, string
from jobsetgen.rules.common.job import number_of
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import page

# Keys by which pods ask for a part of a slice, or for one that is put together for them.
_PARTS = ("cloud.google.com/gke-tpu-slice", "kueue.x-k8s.io/podset-")


@jobset_rule(
    "JSG524",
    "warning",
    since="0.1",
    source=page(
        "GKE, Plan TPUs", "https://cloud.google.com/kubernetes-engine/docs/concepts/plan-tpus"
    ),
)
def tpu_topology(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """The pods of a Job ask for more or fewer TPU chips than their slice's topology has.

    A multi-host slice has as many hosts as its topology has chips, divided by the chips of a host,
    and each host runs one pod. With fewer pods the TPU runtime waits for the missing hosts; more do
    not fit into one slice. Pods that each use a whole single-host slice are left alone, and so are
    those that ask for a part of a slice, such as with gke-tpu-slice-topology.

    Warning because only the labels of the nodes decide which slices the cluster has.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec:
                parallelism: 4
                completions: 4
                template:
                  spec:
                    nodeSelector:
                      cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
                      cloud.google.com/gke-tpu-topology: 2x4
                    containers: [{resources: {limits: {google.com/tpu: 4}}}]

    Good::

        spec:
          replicatedJobs:
          - template:
              spec:
                parallelism: 4
                completions: 4
                template:
                  spec:
                    nodeSelector:
                      cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
                      cloud.google.com/gke-tpu-topology: 4x4
                    containers: [{resources: {limits: {google.com/tpu: 4}}}]
    """
    for each in jobset.replicated_jobs:
        if not _selects_a_part(jobset, each):
            yield from _misfit(jobset, each)


def _misfit(jobset: JobSet, each: ReplicatedJob) -> Iterator[Finding]:
    accelerator, topology = _slices(each)
    hosts = _hosts(each.template)
    chips = _chips(each.template.pod)
    if not is_known(accelerator) or not sides(topology) or not hosts or not chips:
        return

    message = wrong_dimensions(accelerator, topology)
    if not message and not _fills_slices(jobset, each, hosts, chips, prod(sides(topology))):
        message = misfit(topology, hosts, chips)
    if message:
        path = (*each.template.pod_path, "nodeSelector", TOPOLOGY)
        meant = topology_with(accelerator, hosts * chips)
        hint = f"Did you mean {meant}?" if meant else ""
        yield Finding(path=path, message=message, hint=hint)


def _selects_a_part(jobset: JobSet, each: ReplicatedJob) -> bool:
    """Whether some key says that the pods do not use a slice of their topology as a whole."""
    template = each.template
    keys = chain(
        jobset.annotations,
        template.annotations,
        template.pod_annotations,
        mapping(template.pod, "nodeSelector"),
        [jobset.topology(each) or ""],
    )
    return any(str(key).startswith(_PARTS) for key in keys)


def _fills_slices(
    jobset: JobSet, each: ReplicatedJob, hosts: int, chips: int, available: int
) -> bool:
    """Whether each pod fills a slice of one host, or several Jobs together fill one slice."""
    if chips == available:
        return True
    # Under exclusive placement each Job has a slice of its own.
    if jobset.topology(each):
        return False
    return available in (each.replicas * hosts * chips, _chips_on_slices_like(jobset, each))


def _chips_on_slices_like(jobset: JobSet, each: ReplicatedJob) -> int:
    """Return how many chips all Jobs of the set ask for on slices like those of a replicatedJob."""
    return sum(
        other.replicas * _hosts(other.template) * _chips(other.template.pod)
        for other in jobset.replicated_jobs
        if _slices(other) == _slices(each) and not jobset.topology(other)
    )


def _slices(each: ReplicatedJob) -> tuple[str, str]:
    """Return the kind and the topology of the slices that the pods select."""
    selector = mapping(each.template.pod, "nodeSelector")
    return string(selector, ACCELERATOR), string(selector, TOPOLOGY)


def _hosts(template: JobTemplate) -> int:
    """Return how many pods of a Job run at the same time, or 0 if that is not known."""
    counts = ("parallelism", "completions")
    if any(field in template.spec and number_of(template.spec, field) is None for field in counts):
        return 0
    return max(template.pods, 0)


def _chips(pod: Mapping[str, Any]) -> int:
    """Return how many chips a pod asks for, or 0 if that is not clear."""
    if any(_limit(container) is not None for _, container in objects(pod, "initContainers")):
        return 0

    limits = [_limit(container) for _, container in objects(pod, "containers")]
    amounts = [thousandths(limit) for limit in limits if limit is not None]
    if any(amount is None or amount < 0 or amount % 1000 for amount in amounts):
        return 0
    return sum(amount or 0 for amount in amounts) // 1000


def _limit(container: Mapping[str, Any]) -> Any:
    return mapping(mapping(container, "resources"), "limits").get(RESOURCE)
