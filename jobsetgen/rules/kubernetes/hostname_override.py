"""JSG364: hostname override."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.names import is_subdomain
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import UNKNOWN

_MAX_HOSTNAME = 64


@job_rule("JSG364", "error", since="0.1", source=UNKNOWN)
def hostname_override(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A hostnameOverride is no DNS name of at most 64 characters, or the pod has another name than its own anyway.

    The pod cannot have `hostNetwork: true` or `setHostnameAsFQDN: true` beside it.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {hostNetwork: true, hostnameOverride: trainer}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {hostnameOverride: trainer}}}}
    """
    name, path = job.pod.get("hostnameOverride"), (*job.pod_path, "hostnameOverride")
    # Before, the field is there only with a feature that has to be switched on, and is dropped without it.
    if not isinstance(name, str) or not settings.since("1.35"):
        return
    for field in ("hostNetwork", "setHostnameAsFQDN"):
        if job.pod.get(field) is True:
            message = f"hostnameOverride and {field}: true exclude each other"
            yield Finding(path=path, message=message, on_key=True)
    if len(name) > _MAX_HOSTNAME or not is_subdomain(name):
        message = (
            f"hostnameOverride '{name}' must have at most {_MAX_HOSTNAME} lower-case letters,"
            " digits, dashes and dots"
        )
        yield Finding(path=path, message=message)
