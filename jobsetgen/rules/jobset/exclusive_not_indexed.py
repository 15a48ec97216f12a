"""JSG412: exclusive not indexed."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.model.treatment import treatment
from jobsetgen.options.table import Settings
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import UNKNOWN


@jobset_rule("JSG412", "error", since="0.1", source=UNKNOWN)
def exclusive_not_indexed(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A NonIndexed Job is placed exclusively.

    Under the JobSet controller such pods are never admitted: the one that leads the others to its domain is the one
    with completion index 0, and there is none.

    Bad::

        metadata:
          annotations: {alpha.jobset.sigs.k8s.io/exclusive-topology: cloud.google.com/gke-nodepool}
        spec:
          replicatedJobs:
          - template: {spec: {completionMode: NonIndexed}}

    Good::

        metadata:
          namespace: training
          annotations: {alpha.jobset.sigs.k8s.io/exclusive-topology: cloud.google.com/gke-nodepool}
        spec:
          replicatedJobs:
          - template: {spec: {completionMode: Indexed}}
    """
    for each in treatment(jobset, settings).jobs:
        how = each.exclusivity
        template = each.replicated_job.template
        if how.topology and how.by_webhook and not template.is_indexed:
            name = each.replicated_job.name
            message = f"replicatedJob {name} is placed exclusively, so it must be Indexed"
            yield Finding(path=(*template.spec_path, "completionMode"), message=message)
