"""JSG360: sysctl."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.names import MAX_SUBDOMAIN
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import mapping, objects
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import kubernetes

_SYSCTL = r"([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?"
_OF_NETWORK = r"net\."
_OF_IPC = (
    r"fs\.mqueue\.|kernel\.(sem|shm|shmall|shmmax|shmmni|shm_rmid_forced|msg|msgmax|msgmnb|msgmni)$"
)
_SHARED = (("hostNetwork", _OF_NETWORK), ("hostIPC", _OF_IPC))


@job_rule(
    "JSG360",
    "error",
    since="0.1",
    source=kubernetes("pkg/apis/core/validation/validation.go", "validateSysctls"),
)
def sysctl(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """The name of a sysctl is malformed or a duplicate, or the pod shares the sysctl with its node.

    A pod with `hostNetwork: true` cannot set sysctls of the network, and one with `hostIPC: true`
    cannot set sysctls of the IPC.

    Error because every API server refuses such a pod.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    hostNetwork: true
                    securityContext: {sysctls: [{name: net.core.somaxconn, value: "1024"}]}

    Good::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    securityContext: {sysctls: [{name: net.core.somaxconn, value: "1024"}]}
    """
    seen: set[str] = set()
    for index, each in objects(mapping(job.pod, "securityContext"), "sysctls"):
        name = each.get("name")
        if not isinstance(name, str):
            continue

        message = _wrong(job, name, seen)
        if message:
            path = (*job.pod_path, "securityContext", "sysctls", index, "name")
            yield Finding(path=path, message=message)
        seen.add(name)


def _wrong(job: JobTemplate, name: str, seen: set[str]) -> str:
    """Say what is wrong with a sysctl after those that have been seen, or nothing."""
    if len(name) > MAX_SUBDOMAIN or not re.fullmatch(_SYSCTL, name):
        return (
            f"invalid sysctl name '{name}': must consist of at most {MAX_SUBDOMAIN} lower-case letters,"
            " digits and -_, separated by dots or slashes"
        )
    if name in seen:
        return f"duplicate sysctl {name}"
    field = _sharing_field(job, name)
    if field:
        return f"the sysctl {name} belongs to the node in a pod with {field}: true"
    return ""


def _sharing_field(job: JobTemplate, name: str) -> str:
    """Return the field by which a pod shares a sysctl with its node, or nothing."""
    dotted = _dotted(name)
    for field, pattern in _SHARED:
        if job.pod.get(field) is True and re.match(pattern, dotted):
            return field
    return ""


def _dotted(name: str) -> str:
    """Return a name with dots between its parts, as it is also written with slashes.

    Whichever separator comes first is the one between parts; the other belongs to a part, such as
    the dot of `net/ipv4/conf/eno2.100`.
    """
    separators = re.findall(r"[./]", name)
    if separators[:1] == ["/"]:
        return name.translate(str.maketrans("./", "/."))
    return name
