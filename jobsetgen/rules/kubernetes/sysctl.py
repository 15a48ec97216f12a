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
from jobsetgen.upstream import UNKNOWN

_SYSCTL = re.compile(r"([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?")


_OF_NETWORK = re.compile(r"net\.")


_OF_IPC = re.compile(
    r"fs\.mqueue\.|kernel\.(sem|shm|shmall|shmmax|shmmni|shm_rmid_forced|msg|msgmax|msgmnb|msgmni)$"
)


@job_rule("JSG360", "error", since="0.1", source=UNKNOWN)
def sysctl(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A sysctl's name is malformed or there twice, or it is one of the node's that the pod shares.

    A pod with `hostNetwork: true` cannot set those of the network, one with `hostIPC: true` not those of the IPC.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec: {hostNetwork: true, securityContext: {sysctls: [{name: net.core.somaxconn, value: "1024"}]}}

    Good::

        spec:
          replicatedJobs:
          - template:
              spec: {template: {spec: {securityContext: {sysctls: [{name: net.core.somaxconn, value: "1024"}]}}}}
    """
    seen: set[str] = set()
    for index, each in objects(mapping(job.pod, "securityContext"), "sysctls"):
        name, path = each.get("name"), (*job.pod_path, "securityContext", "sysctls", index, "name")
        if not isinstance(name, str):
            continue
        if len(name) > MAX_SUBDOMAIN or not _SYSCTL.fullmatch(name):
            message = (
                f"'{name}' cannot be the name of a sysctl: it must have at most {MAX_SUBDOMAIN} lower-case letters, "
                "digits and -_, and dots or slashes between"
            )
            yield Finding(path=path, message=message)
        elif name in seen:
            yield Finding(path=path, message=f"the sysctl {name} is here twice")
        elif field := _shared(job, name):
            yield Finding(
                path=path, message=f"the sysctl {name} is the node's in a pod with {field}: true"
            )
        seen.add(name)


def _shared(job: JobTemplate, name: str) -> str:
    """Return the field by which a pod shares a sysctl with its node, or nothing."""
    separators = re.findall(r"[./]", name)
    dotted = name.translate(str.maketrans("./", "/.")) if separators[:1] == ["/"] else name
    for field, pattern in (("hostNetwork", _OF_NETWORK), ("hostIPC", _OF_IPC)):
        if job.pod.get(field) is True and pattern.match(dotted):
            return field
    return ""
