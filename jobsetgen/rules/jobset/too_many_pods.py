"""JSG250: too many pods."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.numbers import MAX_INT32
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import UNKNOWN


@jobset_rule("JSG250", "error", since="0.1", source=UNKNOWN)
def too_many_pods(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A replicatedJob has more than 2^31-1 pods: replicas times parallelism.

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
                f"replicas times parallelism is {pods:,} in {each.name}; at most {MAX_INT32:,}"
                " are allowed"
            )
            yield Finding(path=(*each.path, "replicas"), message=message)
