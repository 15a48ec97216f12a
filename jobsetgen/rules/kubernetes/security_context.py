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
from jobsetgen.upstream import kubernetes

_IDS = ("runAsUser", "runAsGroup", "fsGroup")
_MAX_PROFILE_BYTES = 4095
_MAX_GMSA_BYTES = 64 * 1024

_CONTROL_CHARACTER = r"[\x00-\x1f\x7f]"
_NETBIOS_DOMAIN = r'[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}'
_DOMAIN_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_MAX_DOMAIN_CHARACTERS = 255
_WINDOWS_USER = r'[^"/\\:;|=,+*?<>@\[\]]{1,104}'


@job_rule(
    "JSG358",
    "error",
    since="0.1",
    source=kubernetes("pkg/apis/core/validation/validation.go", "ValidateSecurityContext"),
)
def security_context(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A securityContext has an invalid user, group or profile, or contradicts itself.

    User and group IDs are from 0 to 2147483647. A privileged container, and one with the capability
    CAP_SYS_ADMIN (the API server looks for that spelling), cannot have allowPrivilegeEscalation:
    false. A profile has a localhostProfile if, and only if, its type is Localhost; for seccomp it
    is a path inside the kubelet's profile folder. The runAsUserName of Windows is a user, or a
    domain, a backslash and a user.

    Error because every API server refuses a Job with such a securityContext.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    containers:
                    - securityContext: {privileged: true, allowPrivilegeEscalation: false}

    Good::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    containers:
                    - securityContext: {allowPrivilegeEscalation: false}
    """
    yield from _common(mapping(job.pod, "securityContext"), (*job.pod_path, "securityContext"))
    for path, container in job.containers():
        context = mapping(container, "securityContext")
        place = (*path, "securityContext")
        yield from _common(context, place)

        privilege = _privilege(context)
        if context.get("allowPrivilegeEscalation") is False and privilege:
            message = f"allowPrivilegeEscalation cannot be false in a container {privilege}"
            yield Finding(path=(*place, "allowPrivilegeEscalation"), message=message)


def _privilege(context: Mapping[str, Any]) -> str:
    """Say which privilege a container has from the start, or nothing."""
    if context.get("privileged") is True:
        return "that is privileged"
    if "CAP_SYS_ADMIN" in items(mapping(context, "capabilities"), "add"):
        return "with the capability CAP_SYS_ADMIN"
    return ""


def _common(context: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    """Yield what is wrong with the fields that pods and containers both can have."""
    yield from _ids(context, path)
    yield from _seccomp(mapping(context, "seccompProfile"), (*path, "seccompProfile"))
    yield from _app_armor(mapping(context, "appArmorProfile"), (*path, "appArmorProfile"))

    options = mapping(context, "windowsOptions")
    place = (*path, "windowsOptions")
    yield from _windows_user(options.get("runAsUserName"), (*place, "runAsUserName"))
    yield from _gmsa_name(options.get("gmsaCredentialSpecName"), (*place, "gmsaCredentialSpecName"))
    yield from _gmsa_spec(options.get("gmsaCredentialSpec"), (*place, "gmsaCredentialSpec"))


def _ids(context: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    for field in _IDS:
        yield from _id(integer(context, field, 0), (*path, field))
    for index, number in enumerate(items(context, "supplementalGroups")):
        if isinstance(number, int):
            yield from _id(number, (*path, "supplementalGroups", index))


def _id(number: int, path: Path) -> Iterator[Finding]:
    if not 0 <= number <= MAX_INT32:
        message = f"invalid user or group ID {number}: must be from 0 to {MAX_INT32}"
        yield Finding(path=path, message=message)


def _seccomp(profile: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    file = string(profile, "localhostProfile")
    wrong_type = list(_type_and_file(profile, path))
    yield from wrong_type
    if not wrong_type and leads_out(file):
        message = f"the localhostProfile '{file}' must be relative and cannot contain '..'"
        yield Finding(path=(*path, "localhostProfile"), message=message)


def _app_armor(profile: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    file = string(profile, "localhostProfile")
    size = len(file.encode())
    wrong_type = list(_type_and_file(profile, path))
    yield from wrong_type
    if wrong_type:
        return

    place = (*path, "localhostProfile")
    if file != file.strip():
        message = f"the localhostProfile '{file}' cannot begin or end with a space"
        yield Finding(path=place, message=message)
    elif size > _MAX_PROFILE_BYTES:
        message = f"the localhostProfile has {size} bytes; at most {_MAX_PROFILE_BYTES} are allowed"
        yield Finding(path=place, message=message)


def _type_and_file(profile: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    """Yield that a profile's type and its localhostProfile do not fit together."""
    kind = string(profile, "type")
    if kind == "Localhost" and not string(profile, "localhostProfile"):
        message = f"{path[-1]} of type Localhost needs a localhostProfile"
        yield Finding(path=path, message=message)
    if kind not in ("", "Localhost") and "localhostProfile" in profile:
        message = f"{path[-1]} of type {kind} cannot have a localhostProfile"
        yield Finding(path=(*path, "localhostProfile"), message=message)


def _windows_user(name: object, path: Path) -> Iterator[Finding]:
    if isinstance(name, str) and not _is_windows_user(name):
        message = (
            f"invalid Windows user '{name}': must be a user, or a domain, a backslash and a user"
        )
        yield Finding(path=path, message=message)


def _is_windows_user(text: str) -> bool:
    """Whether a text is a user, or a NetBIOS or DNS domain, a backslash and a user."""
    domain, backslash, user = text.rpartition("\\")
    if re.search(_CONTROL_CHARACTER, text):
        return False
    if backslash and not _is_domain(domain):
        return False
    return re.fullmatch(_WINDOWS_USER, user) is not None and bool(user.strip(". "))


def _is_domain(text: str) -> bool:
    if re.fullmatch(_NETBIOS_DOMAIN, text):
        return True
    is_dns = all(re.fullmatch(_DOMAIN_LABEL, label) for label in text.split("."))
    return is_dns and len(text) <= _MAX_DOMAIN_CHARACTERS


def _gmsa_name(name: object, path: Path) -> Iterator[Finding]:
    if isinstance(name, str) and not is_subdomain(name):
        message = (
            f"invalid gmsaCredentialSpecName '{name}': must consist of lower-case letters,"
            " digits, dashes and dots"
        )
        yield Finding(path=path, message=message)


def _gmsa_spec(spec: object, path: Path) -> Iterator[Finding]:
    if not isinstance(spec, str):
        return
    size = len(spec.encode())
    if not 1 <= size <= _MAX_GMSA_BYTES:
        message = f"gmsaCredentialSpec has {size} bytes, but must have 1 to {_MAX_GMSA_BYTES}"
        yield Finding(path=path, message=message)
