"""JSG310: no container."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import items
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import UNKNOWN


@job_rule("JSG310", "error", since="0.1", source=UNKNOWN)
def no_container(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A pod has no container.

    Bad::

        spec:
          replicatedJobs:
          - name: workers
          - {name: evaluators, template: {spec: {template: {spec: {containers: []}}}}}

    Good::

        spec:
          replicatedJobs:
          - name: workers
    """
    # A pod spec that is written without the field is the schema's to refuse.
    is_written = not job.pod.keys() <= {"restartPolicy"}
    if not items(job.pod, "containers") and ("containers" in job.pod or not is_written):
        yield Finding(
            path=(*job.pod_path, "containers"), message="a pod needs at least one container"
        )
