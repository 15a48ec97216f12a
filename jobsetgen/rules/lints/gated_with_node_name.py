"""JSG515: gated with node name."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.model.treatment import treatment
from jobsetgen.options.table import Settings
from jobsetgen.plain import string
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import kubernetes


@jobset_rule(
    "JSG515",
    "error",
    since="0.1",
    source=kubernetes("pkg/apis/core/validation/validation.go", "ValidatePodCreate"),
)
def gated_with_node_name(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A pod that must wait for its turn has a nodeName, so it cannot have a scheduling gate.

    Where Git owns the Jobs, gates enforce the start order and the wait of BlockingRecreate. With
    `--jobs watcher` there are no gates.

    Error because every API server refuses a gated pod with a nodeName, so the Jobs could never run.

    Bad::

        spec:
          failurePolicy: {maxRestarts: 1, restartStrategy: BlockingRecreate}
          replicatedJobs:
          - template: {spec: {template: {spec: {nodeName: node-1}}}}

    Good::

        spec:
          failurePolicy: {maxRestarts: 1, restartStrategy: BlockingRecreate}
          replicatedJobs:
          - template: {spec: {template: {spec: {nodeSelector: {kubernetes.io/hostname: node-1}}}}}
    """
    for each in treatment(jobset, settings).gated:
        if string(each.template.pod, "nodeName"):
            yield Finding(
                path=(*each.template.pod_path, "nodeName"),
                message="a pod with a nodeName cannot wait for its turn behind a scheduling gate",
                hint="Set jobs: watcher, or use a nodeSelector instead.",
            )
