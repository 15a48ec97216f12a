"""Security contexts, of a pod and of its containers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.model.settings import Settings
from jobsetgen.model.template import JobTemplate, integer, items, mapping, string
from jobsetgen.rules.rule import job_rule

_IDS = ("runAsUser", "runAsGroup", "fsGroup")
_HIGHEST_ID = 2**31 - 1


@job_rule("JSG358", "security-context")
def security_context(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A securityContext names a user or a group that cannot be, or contradicts itself.

    Users and groups are numbers from 0 to 2147483647. A privileged container, and one with the capability
    CAP_SYS_ADMIN (the API server looks for that spelling), cannot forbid itself to gain privileges. A profile has a
    localhostProfile if, and only if, its type is Localhost.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec: {containers: [{securityContext: {privileged: true, allowPrivilegeEscalation: false}}]}

    Good::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec: {containers: [{securityContext: {allowPrivilegeEscalation: false}}]}
    """
    yield from _common(mapping(job.pod, "securityContext"), (*job.pod_path, "securityContext"))
    for path, container in job.containers():
        context, here = mapping(container, "securityContext"), (*path, "securityContext")
        yield from _common(context, here)
        if context.get("allowPrivilegeEscalation") is False and (reason := _privilege(context)):
            message = f"allowPrivilegeEscalation cannot be false in a container {reason}"
            yield Finding(path=(*here, "allowPrivilegeEscalation"), message=message)


def _common(context: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    for field in _IDS:
        yield from _number(integer(context, field, 0), (*path, field))
    for index, number in enumerate(items(context, "supplementalGroups")):
        if isinstance(number, int):
            yield from _number(number, (*path, "supplementalGroups", index))
    for field in ("seccompProfile", "appArmorProfile"):
        yield from _profile(mapping(context, field), (*path, field))


def _number(number: int, path: Path) -> Iterator[Finding]:
    if not 0 <= number <= _HIGHEST_ID:
        yield Finding(path=path, message=f"{number} is no user or group: those are 0 to {_HIGHEST_ID}")


def _profile(profile: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    kind, file = string(profile, "type"), string(profile, "localhostProfile")
    if kind == "Localhost" and not file:
        yield Finding(path=path, message=f"a {path[-1]} of type Localhost needs a localhostProfile")
    elif kind and kind != "Localhost" and "localhostProfile" in profile:
        message = f"a {path[-1]} has a localhostProfile only where its type is Localhost"
        yield Finding(path=(*path, "localhostProfile"), message=message)


def _privilege(context: Mapping[str, Any]) -> str:
    """Say which privilege a container has from the start, or nothing."""
    if context.get("privileged") is True:
        return "that is privileged"
    added = items(mapping(context, "capabilities"), "add")
    return "with the capability CAP_SYS_ADMIN" if "CAP_SYS_ADMIN" in added else ""


RULES = (security_context,)
