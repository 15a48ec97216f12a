"""JSG343: restart policy."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import string
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import kubernetes


@job_rule(
    "JSG343",
    "error",
    since="0.1",
    source=kubernetes("pkg/apis/batch/validation/validation.go", "validateJobSpec"),
)
def restart_policy(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """The pods have restartPolicy Always, or a podFailurePolicy without restartPolicy Never.

    restartPolicy must be OnFailure or Never, and Never if there is a podFailurePolicy. JobSet
    defaults it to OnFailure; a plain Job must set it.

    Error because every API server refuses such a Job.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {restartPolicy: Always}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {restartPolicy: Never}}}}
    """
    policy = string(job.pod, "restartPolicy", "Always")
    is_written = "restartPolicy" in job.pod
    path = (*job.pod_path, "restartPolicy")
    if policy == "Always" and job.pod:
        value = "Always" if is_written else "not set and defaults to Always"
        message = f"restartPolicy is {value}; the pods of a Job need OnFailure or Never"
        yield Finding(path=path, message=message)
    elif policy == "OnFailure" and "podFailurePolicy" in job.spec:
        message = "a podFailurePolicy needs restartPolicy Never, not OnFailure"
        if job.defaults_restart_policy:
            message += ", which is JobSet's default"
        yield Finding(path=path, message=message, hint="Set restartPolicy: Never.")
