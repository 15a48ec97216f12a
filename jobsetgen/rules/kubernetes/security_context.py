"""JSG358: security context."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.names import is_subdomain, leads_out
from jobsetgen.kubernetes.numbers import MAX_INT32
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import integer, items, mapping, string
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import UNKNOWN

_IDS = ("runAsUser", "runAsGroup", "fsGroup")


_MAX_PATH = 4095


_GMSA, _MAX_GMSA = "gmsaCredentialSpec", 64 * 1024


_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


_NETBIOS = re.compile(r'[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}')


_MAX_DOMAIN, _DOMAIN_PART = 256, re.compile(r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?")


_WINDOWS_USER = re.compile(r'[^"/\\:;|=,+*?<>@\[\]]{1,104}')


@job_rule("JSG358", "error", since="0.1", source=UNKNOWN)
def security_context(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A securityContext names a user or a group that cannot be, or contradicts itself.

    Users and groups are numbers from 0 to 2147483647. A privileged container, and one with the capability
    CAP_SYS_ADMIN (the API server looks for that spelling), cannot forbid itself to gain privileges. A profile has a
    localhostProfile if, and only if, its type is Localhost; that of seccomp lies within the kubelet's folder.
    Windows' runAsUserName is a user, or a domain and a user with a backslash between.

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
    yield from _windows(mapping(context, "windowsOptions"), (*path, "windowsOptions"))


def _windows(options: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    name, account, spec = (
        options.get(field) for field in ("runAsUserName", "gmsaCredentialSpecName", _GMSA)
    )
    if isinstance(name, str) and not _is_windows_user(name):
        yield Finding(path=(*path, "runAsUserName"), message=f"'{name}' is no user of Windows")
    if isinstance(account, str) and not is_subdomain(account):
        message = (
            f"'{account}' is no name: it must have lower-case letters, digits, dashes and dots"
        )
        yield Finding(path=(*path, "gmsaCredentialSpecName"), message=message)
    if isinstance(spec, str) and not 0 < len(spec.encode()) <= _MAX_GMSA:
        yield Finding(
            path=(*path, _GMSA), message=f"{_GMSA} must have between 1 and {_MAX_GMSA} bytes"
        )


def _is_windows_user(text: str) -> bool:
    """Whether a text is a user, or a NetBIOS or DNS domain, a backslash and a user."""
    domain, backslash, user = text.rpartition("\\")
    if _CONTROL.search(text) or (
        backslash and not _NETBIOS.fullmatch(domain) and not _is_domain(domain)
    ):
        return False
    return _WINDOWS_USER.fullmatch(user) is not None and bool(user.strip(". "))


def _is_domain(text: str) -> bool:
    return len(text) < _MAX_DOMAIN and all(_DOMAIN_PART.fullmatch(part) for part in text.split("."))


def _number(number: int, path: Path) -> Iterator[Finding]:
    if not 0 <= number <= MAX_INT32:
        yield Finding(
            path=path, message=f"{number} is no user or group: those are 0 to {MAX_INT32}"
        )


def _profile(profile: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    kind, file = string(profile, "type"), string(profile, "localhostProfile")
    if kind == "Localhost" and not file:
        yield Finding(path=path, message=f"a {path[-1]} of type Localhost needs a localhostProfile")
    elif kind and kind != "Localhost" and "localhostProfile" in profile:
        message = f"a {path[-1]} has a localhostProfile only where its type is Localhost"
        yield Finding(path=(*path, "localhostProfile"), message=message)
    elif path[-1] == "seccompProfile" and leads_out(file):
        message = f"the localhostProfile '{file}' leads out of the kubelet's folder of profiles"
        yield Finding(path=(*path, "localhostProfile"), message=message)
    elif path[-1] == "appArmorProfile" and (file != file.strip() or len(file.encode()) > _MAX_PATH):
        message = (
            f"the localhostProfile of AppArmor has spaces around it, or more than {_MAX_PATH} bytes"
        )
        yield Finding(path=(*path, "localhostProfile"), message=message)


def _privilege(context: Mapping[str, Any]) -> str:
    """Say which privilege a container has from the start, or nothing."""
    if context.get("privileged") is True:
        return "that is privileged"
    added = items(mapping(context, "capabilities"), "add")
    return "with the capability CAP_SYS_ADMIN" if "CAP_SYS_ADMIN" in added else ""
