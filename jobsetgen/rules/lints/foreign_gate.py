"""JSG616: foreign gate."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.gates import written_gates
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import page


@jobset_rule(
    "JSG616",
    "notice",
    since="0.1",
    source=page(
        "Kubernetes, Pod Scheduling Readiness",
        "https://kubernetes.io/docs/concepts/scheduling-eviction/pod-scheduling-readiness/",
    ),
)
def foreign_gate(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A pod template has a scheduling gate that jobsetgen neither sets nor removes.

    The scheduler leaves a pod alone until all of its gates are removed. The restart-watcher removes
    its own gate only, so every pod, also after a restart, waits until something else in the cluster
    removes this one.

    Notice because a controller in the cluster may do so, such as one that assigns networks.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {schedulingGates: [{name: example.com/network}]}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {containers: [{name: main}]}}}}
    """
    for gate in written_gates(jobset):
        if not gate.is_kueues:
            message = (
                f"jobsetgen does not remove the scheduling gate '{gate.name}':"
                f" the pods of {gate.replicated_job.name} wait until something else does"
            )
            yield Finding(path=gate.path, message=message)
