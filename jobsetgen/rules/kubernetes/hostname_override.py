"""JSG364: hostname override."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.names import is_subdomain
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import kubernetes

_MAX_CHARACTERS = 64


@job_rule(
    "JSG364",
    "error",
    since="0.1",
    source=kubernetes("pkg/apis/core/validation/validation.go", "validatePodHostName"),
)
def hostname_override(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A hostnameOverride is malformed, or set together with a field that excludes it.

    It is a DNS name of at most 64 characters, and excludes `hostNetwork: true` and
    `setHostnameAsFQDN: true`.

    Error because the API server of the chosen Kubernetes version refuses the Job. Versions before
    1.35 drop the field, so nothing is reported for them.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {hostNetwork: true, hostnameOverride: trainer}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {hostnameOverride: trainer}}}}
    """
    # Before, the field exists only behind a feature gate that is off by default.
    if not settings.since("1.35"):
        return
    name = job.pod.get("hostnameOverride")
    if not isinstance(name, str):
        return

    path = (*job.pod_path, "hostnameOverride")
    for field in ("hostNetwork", "setHostnameAsFQDN"):
        if job.pod.get(field) is True:
            message = f"hostnameOverride and {field}: true are mutually exclusive"
            yield Finding(path=path, message=message, on_key=True)
    if len(name) > _MAX_CHARACTERS or not is_subdomain(name):
        message = (
            f"invalid hostnameOverride '{name}': must consist of at most {_MAX_CHARACTERS}"
            " lower-case letters, digits, dashes and dots"
        )
        yield Finding(path=path, message=message)
