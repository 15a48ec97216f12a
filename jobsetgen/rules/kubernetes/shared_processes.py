"""JSG357: shared processes."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import kubernetes


@job_rule(
    "JSG357",
    "error",
    since="0.1",
    source=kubernetes("pkg/apis/core/validation/validation.go", "validateShareProcessNamespace"),
)
def shared_processes(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A pod shares its processes both with the host and among its containers.

    Error because every API server refuses a Job with such pods.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {hostPID: true, shareProcessNamespace: true}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {shareProcessNamespace: true}}}}
    """
    if job.pod.get("hostPID") is True and job.pod.get("shareProcessNamespace") is True:
        message = "hostPID and shareProcessNamespace are mutually exclusive"
        yield Finding(path=(*job.pod_path, "shareProcessNamespace"), message=message)
