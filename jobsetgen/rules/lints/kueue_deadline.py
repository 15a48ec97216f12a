"""JSG514: kueue deadline."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model import keys
from jobsetgen.model.jobset import JobSet
from jobsetgen.model.treatment import treatment
from jobsetgen.options.table import Settings
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import UNKNOWN

_FIELD = "activeDeadlineSeconds"


@jobset_rule("JSG514", "error", since="0.1", source=UNKNOWN)
def kueue_deadline(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A Job with a Kueue queue-name has activeDeadlineSeconds, and Git owns it.

    When a set is over, what still runs is suspended where a GitOps tool would put a deleted Job back. Kueue resumes a
    suspended Job that it has admitted, so such a Job is ended by a deadline of one second instead; and where Git names
    that field the tool would set it back. With `--jobs watcher` the Jobs are deleted.

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
    if not settings.tool_owns_jobs or jobset.jobs < 2:
        return  # of a single Job nothing is left to be ended
    treated = treatment(jobset, settings)
    for each in treated.jobs if treated.is_watched else ():
        template = each.replicated_job.template
        named = _FIELD in template.spec and not each.is_gated
        if named and keys.KUEUE_QUEUE in template.labels:
            yield Finding(
                path=(*template.spec_path, _FIELD),
                message=f"Jobs in a Kueue queue are ended by {_FIELD} when the set is over, so Git cannot name it",
                hint="Choose jobs: watcher, or take it out.",
            )
