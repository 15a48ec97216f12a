"""JSG514: kueue deadline."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.model.treatment import JobTreatment, treatment
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.queues import has_queue
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import manual

_FIELD = "activeDeadlineSeconds"


@jobset_rule(
    "JSG514",
    "error",
    since="0.1",
    source=manual("docs/differences.md", "What differs from the JobSet controller, and why"),
)
def kueue_deadline(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A Job with a Kueue queue-name has activeDeadlineSeconds, and Git owns it.

    When a set is over, the watcher suspends what still runs, because a GitOps tool would recreate a
    deleted Job. Kueue resumes a suspended Job that it has admitted, so the watcher ends such a Job
    by a deadline of one second instead. With `--jobs watcher` the Jobs are deleted.

    Error because a GitOps tool resets the field to the value in Git: the Jobs of a set that is over
    would continue to run and to use their quota, on every cluster. The error occurs only where Git
    owns the Jobs.

    Bad::

        spec:
          replicatedJobs:
          - replicas: 2
            template:
              metadata: {labels: {kueue.x-k8s.io/queue-name: research}}
              spec: {activeDeadlineSeconds: 3600}

    Good::

        spec:
          replicatedJobs:
          - replicas: 2
            template:
              metadata: {labels: {kueue.x-k8s.io/queue-name: research}}
    """
    # Of a single Job nothing is left to be ended.
    if not settings.tool_owns_jobs or jobset.jobs < 2:
        return
    treated = treatment(jobset, settings)
    if not treated.is_watched:
        return

    for job in treated.jobs:
        if _is_ended_by_deadline(job) and _FIELD in job.replicated_job.template.spec:
            message = (
                f"{_FIELD} is set on Jobs with a Kueue queue-name, but the watcher needs this field"
                " to end them when the set is over"
            )
            yield Finding(
                path=(*job.replicated_job.template.spec_path, _FIELD),
                message=message,
                hint=f"Set jobs: watcher, or remove {_FIELD}.",
            )


def _is_ended_by_deadline(job: JobTreatment) -> bool:
    """Whether the watcher ends these Jobs by their deadline; gated ones have none in Git."""
    return has_queue(job.replicated_job.template.labels) and not job.is_gated
