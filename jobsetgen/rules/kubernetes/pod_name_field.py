"""JSG350: pod name field."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.names import MAX_LABEL, is_label, is_subdomain
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import string
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import UNKNOWN


@job_rule("JSG350", "error", since="0.1", source=UNKNOWN)
def pod_name_field(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A name in the pod's spec is malformed: hostname, subdomain, service account, priority class, and the like.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {serviceAccountName: Trainer}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {serviceAccountName: trainer}}}}
    """
    # The pods of a JobSet get the set's subdomain, whatever is written here.
    for field in ("hostname",) if job.path else ("hostname", "subdomain"):
        name = string(job.pod, field)
        if name and not is_label(name):
            message = (
                f"{field} '{name}' must have at most {MAX_LABEL} lower-case letters, digits and"
                " dashes"
            )
            yield Finding(path=(*job.pod_path, field), message=message)
    for field in (
        "serviceAccountName",
        "serviceAccount",
        "priorityClassName",
        "runtimeClassName",
        "nodeName",
    ):
        name = string(job.pod, field)
        needed = (
            field == "runtimeClassName" and field in job.pod
        )  # only there an empty name is not as none
        if (name or needed) and not is_subdomain(name):
            message = f"{field} '{name}' must have lower-case letters, digits, dashes and dots"
            yield Finding(path=(*job.pod_path, field), message=message)
