"""JSG250: too many pods."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen import upstream
from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.numbers import MAX_INT32
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.rule import jobset_rule


@jobset_rule(
    "JSG250",
    "error",
    since="0.1",
    source=upstream.jobset("pkg/webhooks/jobset_webhook.go", "ValidateCreate"),
)
def too_many_pods(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A replicatedJob has more than 2^31-1 pods: replicas times parallelism.

    Error because JobSet's webhook refuses the product.

    Bad::

        spec:
          replicatedJobs:
          - {replicas: 40000, template: {spec: {parallelism: 60000, completions: 60000}}}

    Good::

        spec:
          replicatedJobs:
          - {replicas: 400, template: {spec: {parallelism: 600, completions: 600}}}
    """
    for each in jobset.replicated_jobs:
        pods = each.replicas * each.template.parallelism
        if pods > MAX_INT32:
            message = (
                f"replicatedJob {each.name} has {pods:,} pods, replicas times parallelism; at most"
                f" {MAX_INT32:,} are allowed"
            )
            yield Finding(path=(*each.path, "replicas"), message=message)
