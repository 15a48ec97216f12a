"""JSG351: dns config."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.names import MAX_SUBDOMAIN, is_subdomain
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import items, mapping, objects, string, strings
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import kubernetes

_MAX_NAMESERVERS = 3
_MAX_SEARCHES = 32
_MAX_SEARCH_CHARACTERS = 2048

_OCTET = r"(?<![0-9a-fA-F:])[0-9]+(?=\.|$)"

# Other than elsewhere, a label may begin with an underscore or contain one.
_SEARCH_LABEL = r"_?[a-z0-9](?:[-_a-z0-9]*[a-z0-9])?"
_SEARCH = rf"{_SEARCH_LABEL}(?:\.{_SEARCH_LABEL})*"


@job_rule(
    "JSG351",
    "error",
    since="0.1",
    source=kubernetes("pkg/apis/core/validation/validation.go", "validatePodDNSConfig"),
)
def dns_config(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A pod with dnsPolicy None has no nameserver, or an address or name for DNS is malformed.

    The addresses and names are those of dnsConfig and hostAliases. There can be at most 3
    nameservers, and at most 32 searches with 2048 characters in total.

    Error because the API server of the chosen Kubernetes version refuses the Job. Versions before
    1.36 accept more forms of an IP address, and so does this rule for them.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {dnsPolicy: None}}}}

    Good::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec: {dnsPolicy: None, dnsConfig: {nameservers: [10.96.0.10]}}
    """
    yield from _nameservers(job, settings)
    config = mapping(job.pod, "dnsConfig")
    path = (*job.pod_path, "dnsConfig")
    yield from _number_of_searches(strings(config, "searches"), (*path, "searches"))
    yield from _searches(strings(config, "searches"), (*path, "searches"))
    for index, option in objects(config, "options"):
        if not string(option, "name"):
            message = "an option of dnsConfig has no name"
            yield Finding(path=(*path, "options", index), message=message)
    yield from _host_aliases(job, settings)


def _nameservers(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    path = (*job.pod_path, "dnsConfig", "nameservers")
    nameservers = items(mapping(job.pod, "dnsConfig"), "nameservers")
    if job.pod.get("dnsPolicy") == "None" and not nameservers:
        message = "dnsPolicy None needs at least one nameserver in dnsConfig"
        yield Finding(path=(*job.pod_path, "dnsPolicy"), message=message)
    if len(nameservers) > _MAX_NAMESERVERS:
        message = (
            f"dnsConfig has {len(nameservers)} nameservers; at most {_MAX_NAMESERVERS} are allowed"
        )
        yield Finding(path=path, message=message)
    for index, address in enumerate(nameservers):
        yield from _address(address, (*path, index), settings)


def _address(address: Any, path: Path, settings: Settings) -> Iterator[Finding]:
    is_strict = settings.since("1.36")
    if isinstance(address, str) and not _is_address(address, is_strict=is_strict):
        yield Finding(path=path, message=f"invalid IP address '{address}'")


def _is_address(text: str, *, is_strict: bool) -> bool:
    """Whether the API server takes a text as an IP address.

    Unless it is strict, an octet may have leading zeros, and an IPv4 address may stand in an IPv6
    one.
    """
    import ipaddress

    if not is_strict:
        text = re.sub(_OCTET, lambda found: found[0].lstrip("0") or "0", text)
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False

    has_zone = "%" in text
    is_mapped = isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None
    is_refused_form = is_strict and is_mapped
    return not has_zone and not is_refused_form


def _number_of_searches(searches: tuple[str, ...], path: Path) -> Iterator[Finding]:
    characters = len(" ".join(searches))
    if len(searches) > _MAX_SEARCHES:
        message = f"dnsConfig has {len(searches)} searches; at most {_MAX_SEARCHES} are allowed"
        yield Finding(path=path, message=message)
    elif characters > _MAX_SEARCH_CHARACTERS:
        message = (
            f"the searches have {characters} characters; at most {_MAX_SEARCH_CHARACTERS} are"
            " allowed"
        )
        yield Finding(path=path, message=message)


def _searches(searches: tuple[str, ...], path: Path) -> Iterator[Finding]:
    for index, search in enumerate(searches):
        if search == ".":
            continue
        name = search.removesuffix(".")
        is_name = len(name) <= MAX_SUBDOMAIN and re.fullmatch(_SEARCH, name) is not None
        if not is_name:
            message = (
                f"invalid DNS name '{search}': must consist of lower-case letters, digits,"
                " dashes, underscores and dots"
            )
            yield Finding(path=(*path, index), message=message)


def _host_aliases(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    for index, alias in objects(job.pod, "hostAliases"):
        path = (*job.pod_path, "hostAliases", index)
        yield from _address(alias.get("ip"), (*path, "ip"), settings)
        for inner, name in enumerate(items(alias, "hostnames")):
            if isinstance(name, str) and not is_subdomain(name):
                message = (
                    f"invalid DNS name '{name}': must consist of lower-case letters, digits,"
                    " dashes and dots"
                )
                yield Finding(path=(*path, "hostnames", inner), message=message)
