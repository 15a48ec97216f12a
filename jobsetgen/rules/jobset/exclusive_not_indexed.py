"""JSG412: exclusive not indexed."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen import upstream
from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.model.treatment import treatment
from jobsetgen.options.table import Settings
from jobsetgen.rules.rule import jobset_rule


@jobset_rule(
    "JSG412",
    "error",
    since="0.1",
    source=upstream.jobset("pkg/webhooks/pod_webhook.go", "ValidateCreate"),
)
def exclusive_not_indexed(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A NonIndexed Job is placed exclusively.

    The pod with completion index 0 leads the others of its Job to their topology domain.

    Error because a NonIndexed Job has no such pod: JobSet's pod webhook never admits its pods.

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
            message = f"replicatedJob {name} is NonIndexed, but exclusive placement needs Indexed"
            yield Finding(path=(*template.spec_path, "completionMode"), message=message)
