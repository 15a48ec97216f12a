"""JSG351: dns config."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.names import MAX_SUBDOMAIN, is_subdomain
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import items, mapping, objects, string, strings
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import UNKNOWN

_MAX_NAMESERVERS = 3


_MAX_SEARCHES, _MAX_SEARCH_CHARACTERS = 32, 2048


@job_rule("JSG351", "error", since="0.1", source=UNKNOWN)
def dns_config(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """The dnsPolicy None needs a nameserver in dnsConfig; or dnsConfig or hostAliases hold what is no address or name.

    There are at most 3 nameservers, and 32 searches of 2048 characters together.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {dnsPolicy: None}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {dnsPolicy: None, dnsConfig: {nameservers: [10.96.0.10]}}}}}
    """
    config, path = mapping(job.pod, "dnsConfig"), (*job.pod_path, "dnsConfig")
    nameservers = items(config, "nameservers")
    if job.pod.get("dnsPolicy") == "None" and not nameservers:
        message = "the dnsPolicy None needs at least one nameserver in dnsConfig"
        yield Finding(path=(*job.pod_path, "dnsPolicy"), message=message)
    if len(nameservers) > _MAX_NAMESERVERS:
        message = f"dnsConfig has at most {_MAX_NAMESERVERS} nameservers, not {len(nameservers)}"
        yield Finding(path=(*path, "nameservers"), message=message)
    for index, address in enumerate(nameservers):
        yield from _address(address, (*path, "nameservers", index), settings)
    yield from _searches(strings(config, "searches"), (*path, "searches"))
    for index, option in objects(config, "options"):
        if not string(option, "name"):
            yield Finding(
                path=(*path, "options", index), message="an option of dnsConfig has no name"
            )
    yield from _host_aliases(job, settings)


def _address(address: object, path: Path, settings: Settings) -> Iterator[Finding]:
    if isinstance(address, str) and not _is_address(address, is_strict=settings.since("1.36")):
        yield Finding(path=path, message=f"'{address}' is no IP address")


def _is_address(text: str, *, is_strict: bool) -> bool:
    """Whether the API server takes a text as an IP address.

    Before 1.36, which is strict, an octet may have zeros in front, and an IPv4 address may stand in an IPv6 one.
    """
    import ipaddress

    if not is_strict:
        text = re.sub(r"(?<![0-9a-fA-F:])0+(?=[0-9]+(?:\.|$))", "", text)
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    is_mapped = isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None
    return "%" not in text and not (is_strict and is_mapped)


def _searches(searches: tuple[str, ...], path: Path) -> Iterator[Finding]:
    if len(searches) > _MAX_SEARCHES:
        message = f"dnsConfig has at most {_MAX_SEARCHES} searches, not {len(searches)}"
        yield Finding(path=path, message=message)
    elif len(" ".join(searches)) > _MAX_SEARCH_CHARACTERS:
        message = (
            f"the searches have {len(' '.join(searches))} characters; at most"
            f" {_MAX_SEARCH_CHARACTERS} are allowed"
        )
        yield Finding(path=path, message=message)
    for index, search in enumerate(searches):
        # Here a label may begin with an underscore, or have one in it.
        name = search.removesuffix(".")
        part = r"_?[a-z0-9](?:[-_a-z0-9]*[a-z0-9])?"
        if search != "." and (
            len(name) > MAX_SUBDOMAIN or not re.fullmatch(rf"{part}(?:\.{part})*", name)
        ):
            yield Finding(path=(*path, index), message=f"'{search}' is no DNS name in lower case")


def _host_aliases(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    for index, alias in objects(job.pod, "hostAliases"):
        path = (*job.pod_path, "hostAliases", index)
        yield from _address(alias.get("ip"), (*path, "ip"), settings)
        for inner, name in enumerate(items(alias, "hostnames")):
            if isinstance(name, str) and not is_subdomain(name):
                yield Finding(
                    path=(*path, "hostnames", inner),
                    message=f"'{name}' is no DNS name in lower case",
                )
