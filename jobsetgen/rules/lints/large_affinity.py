"""JSG509: large affinity."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.model import keys
from jobsetgen.model.jobset import JobSet, ReplicatedJob
from jobsetgen.model.treatment import Exclusivity, treatment
from jobsetgen.options.table import Settings
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import page

# Above about this many pods the scheduler falls behind what the JobSet controller reaches with its
# webhooks.
_MANY_PODS = 1_000


@jobset_rule(
    "JSG509",
    "warning",
    since="0.1",
    source=page(
        "Kubernetes, Inter-pod affinity and anti-affinity",
        "https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/"
        "#inter-pod-affinity-and-anti-affinity",
    ),
)
def large_affinity(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """More than about 1,000 pods of a set are placed exclusively by affinity.

    For each pod with affinity terms, the scheduler looks at all other pods. Up to about 1,000 pods,
    it places them as fast as the JobSet controller does; above that, it falls further and further
    behind. With `placement.strategy: domains`, each Job is pinned to one of the listed topology
    domains, at no cost to the scheduler; `jobsetgen domains` makes the list from the cluster's
    nodes.

    Warning because all pods are placed in the end, only later.

    Bad::

        metadata:
          annotations:
            alpha.jobset.sigs.k8s.io/exclusive-topology: cloud.google.com/gke-nodepool
        spec:
          replicatedJobs:
          - {replicas: 80, template: {spec: {parallelism: 16, completions: 16}}}

    Good::

        metadata:
          annotations:
            alpha.jobset.sigs.k8s.io/exclusive-topology: cloud.google.com/gke-nodepool
        spec:
          replicatedJobs:
          - {replicas: 4, template: {spec: {parallelism: 16, completions: 16}}}
    """
    treated = treatment(jobset, settings).jobs
    placed = [each.replicated_job for each in treated if _is_placed_by_affinity(each.exclusivity)]
    pods = sum(each.pods for each in placed)
    if pods > _MANY_PODS:
        message = (
            f"exclusive placement by affinity has {pods:,} pods to place; above about"
            f" {_MANY_PODS:,}, scheduling is slow"
        )
        hint = (
            "List the topology domains with jobsetgen domains and set placement.strategy: domains."
        )
        yield Finding(path=_annotation(jobset, placed[0]), message=message, hint=hint)


def _is_placed_by_affinity(how: Exclusivity) -> bool:
    return how.affinity and bool(how.topology)


def _annotation(jobset: JobSet, each: ReplicatedJob) -> Path:
    """Return where the annotation that counts for a replicatedJob is."""
    level: Path = (*each.template.spec_path, "template")
    if keys.EXCLUSIVE_TOPOLOGY in each.template.annotations:
        level = each.template.path
    elif keys.EXCLUSIVE_TOPOLOGY in jobset.annotations:
        level = ()
    return (*level, "metadata", "annotations", keys.EXCLUSIVE_TOPOLOGY)
