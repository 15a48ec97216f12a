"""JSG515: gated with node name."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.model.treatment import treatment
from jobsetgen.options.table import Settings
from jobsetgen.plain import string
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import UNKNOWN


@jobset_rule("JSG515", "error", since="0.1", source=UNKNOWN)
def gated_with_node_name(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A pod that has to wait for its turn names its node, and so cannot have a scheduling gate.

    Where Git owns the Jobs, start order and BlockingRecreate are kept by gates, and the API server refuses a gated pod
    with a nodeName. With `--jobs watcher` there are no gates.

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
                message="a pod that names its node cannot wait behind a scheduling gate until it is its turn",
                hint="Choose jobs: watcher, or a nodeSelector.",
            )
