"""JSG513: suspend in template."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model import keys
from jobsetgen.model.jobset import JobSet, ReplicatedJob
from jobsetgen.options.table import Settings
from jobsetgen.plain import boolean
from jobsetgen.rules.common.queues import names_queue
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import jobset as jobset_source


@jobset_rule(
    "JSG513",
    "warning",
    since="0.1",
    source=jobset_source("pkg/controllers/jobset_controller.go", "constructJob"),
)
def suspend_in_template(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A Job template's suspend differs from that of the JobSet, which overwrites it.

    The controller gives every Job the suspend of the set, whatever the template says, and so does
    the compiler. A template of a queue that is suspended gets no warning: whether its Jobs start is
    up to Kueue, and where Kueue would not see the queue, JSG503 says so.

    Warning because the Jobs are valid; only the template's suspend has no effect.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {suspend: true}}

    Good::

        spec: {suspend: true}
    """
    outcome = "are suspended" if jobset.suspend else "start at once"
    for each in jobset.replicated_jobs:
        suspend = boolean(each.template.spec, "suspend", jobset.suspend)
        if suspend != jobset.suspend and not (suspend and _is_queued(jobset, each)):
            message = (
                "the JobSet's own suspend overwrites the one in a Job template: these Jobs"
                f" {outcome}"
            )
            hint = "Set spec.suspend of the JobSet instead."
            yield Finding(path=(*each.template.spec_path, "suspend"), message=message, hint=hint)


def _is_queued(jobset: JobSet, each: ReplicatedJob) -> bool:
    """Whether a set, the Jobs of a replicatedJob or their pods name a queue."""
    return keys.KUEUE_QUEUE in jobset.labels or names_queue(each)
