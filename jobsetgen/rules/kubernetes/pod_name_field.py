"""JSG350: pod name field."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.names import MAX_LABEL, is_label, is_subdomain
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import string
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import kubernetes

_OBJECT_NAMES = (
    "serviceAccountName",
    "serviceAccount",
    "priorityClassName",
    "runtimeClassName",
    "nodeName",
)


@job_rule(
    "JSG350",
    "error",
    since="0.1",
    source=kubernetes("pkg/apis/core/validation/validation.go", "ValidatePodSpec"),
)
def pod_name_field(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A name in the pod's spec is malformed.

    It is the pod's hostname or subdomain, or names a service account, a priority class, a runtime
    class or a node.

    Error because every API server refuses a Job with such a name.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {serviceAccountName: Trainer}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {serviceAccountName: trainer}}}}
    """
    yield from _host_names(job)
    yield from _object_names(job)


def _host_names(job: JobTemplate) -> Iterator[Finding]:
    # The pods of a JobSet get the set's subdomain, whatever is written here.
    fields = ("hostname",) if job.path else ("hostname", "subdomain")
    for field in fields:
        name = string(job.pod, field)
        if name and not is_label(name):
            message = (
                f"invalid {field} '{name}': must consist of at most {MAX_LABEL} lower-case"
                " letters, digits and dashes"
            )
            yield Finding(path=(*job.pod_path, field), message=message)


def _object_names(job: JobTemplate) -> Iterator[Finding]:
    for field in _OBJECT_NAMES:
        name = string(job.pod, field)
        # An empty name is as good as none, except for a runtime class.
        is_set = field in job.pod if field == "runtimeClassName" else bool(name)
        if is_set and not is_subdomain(name):
            message = (
                f"invalid {field} '{name}': must consist of lower-case letters, digits, dashes"
                " and dots"
            )
            yield Finding(path=(*job.pod_path, field), message=message)
