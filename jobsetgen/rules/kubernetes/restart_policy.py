"""JSG343: restart policy."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import string
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import UNKNOWN


@job_rule("JSG343", "error", since="0.1", source=UNKNOWN)
def restart_policy(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """The pods of a Job must not restart for ever, and with a podFailurePolicy not at all.

    restartPolicy is OnFailure or Never (JobSet takes OnFailure where it is not written, a plain Job must write it);
    a podFailurePolicy needs Never.

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
    path = (*job.pod_path, "restartPolicy")
    if policy == "Always" and job.pod:
        written = (
            "is Always" if "restartPolicy" in job.pod else "is not written, which means Always"
        )
        message = f"restartPolicy {written}; the pods of a Job need OnFailure or Never"
        yield Finding(path=path, message=message)
    elif policy != "Never" and "podFailurePolicy" in job.spec:
        hint = "" if "restartPolicy" in job.pod else "Write restartPolicy: Never."
        yield Finding(
            path=path,
            message=f"a podFailurePolicy needs restartPolicy Never, not {policy}",
            hint=hint,
        )
