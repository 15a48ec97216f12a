"""JSG615: any counts jobs."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import jobset as jobset_source


@jobset_rule(
    "JSG615",
    "notice",
    since="0.1",
    source=jobset_source("pkg/controllers/success_policy.go", "numJobsExpectedToSucceed"),
)
def any_counts_jobs(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A successPolicy Any applies to a single Job of many pods.

    Any means any Job, not any pod. A Job succeeds when as many pods have succeeded as it has
    completions, so with one Job the operator Any means the same as All. The first pod completes the
    set if each pod is a Job of its own, or if the Job template has a successPolicy that says so.

    Notice because the set may well be meant to wait for all pods of this Job.

    Bad::

        spec:
          successPolicy: {operator: Any}
          replicatedJobs:
          - template: {spec: {parallelism: 5, completions: 5}}

    Good::

        spec:
          successPolicy: {operator: Any}
          replicatedJobs:
          - replicas: 5
            template: {spec: {parallelism: 1, completions: 1}}
    """
    policy = jobset.success_policy
    if policy.operator != "Any":
        return

    targets = [
        each
        for each in jobset.replicated_jobs
        if each.replicas and (not policy.targets or each.name in policy.targets)
    ]
    if len(targets) != 1 or targets[0].replicas != 1:
        return

    (target,) = targets
    completions = target.template.completions or 1
    if completions > 1 and not target.template.spec.get("successPolicy"):
        yield Finding(
            path=(*policy.path, "operator"),
            message=(
                f"Any counts Jobs, not pods: the set completes when all {completions:,} pods of the"
                f" only Job of {target.name} have succeeded"
            ),
            hint=(
                f"Set replicas: {completions} and completions: 1 if the first pod that succeeds is"
                " to complete the set."
            ),
        )
