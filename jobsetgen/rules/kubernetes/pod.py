"""The pod's own fields: names, DNS, and what a template cannot have."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.labels import bad_label_key
from jobsetgen.kubernetes.names import MAX_LABEL, MAX_SUBDOMAIN, is_label, is_subdomain
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import items, mapping, objects, string, strings
from jobsetgen.rules.rule import job_rule

_MAX_NAMESERVERS = 3
_MAX_SEARCHES, _MAX_SEARCH_CHARACTERS = 32, 2048
_MAX_HOSTNAME = 64


@job_rule("JSG350", "pod-name-field")
def pod_name_field(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A name in the pod's spec is malformed: hostname, subdomain, service account, priority class, and the like.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {serviceAccountName: Trainer}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {serviceAccountName: trainer}}}}
    """
    # The pods of a JobSet get the set's subdomain, whatever is written here.
    for field in ("hostname",) if job.path else ("hostname", "subdomain"):
        name = string(job.pod, field)
        if name and not is_label(name):
            message = (
                f"{field} '{name}' must have at most {MAX_LABEL} lower-case letters, digits and"
                " dashes"
            )
            yield Finding(path=(*job.pod_path, field), message=message)
    for field in (
        "serviceAccountName",
        "serviceAccount",
        "priorityClassName",
        "runtimeClassName",
        "nodeName",
    ):
        name = string(job.pod, field)
        needed = (
            field == "runtimeClassName" and field in job.pod
        )  # only there an empty name is not as none
        if (name or needed) and not is_subdomain(name):
            message = f"{field} '{name}' must have lower-case letters, digits, dashes and dots"
            yield Finding(path=(*job.pod_path, field), message=message)


@job_rule("JSG351", "dns-config")
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


@job_rule("JSG356", "ephemeral-containers")
def ephemeral_containers(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A pod template has ephemeralContainers, which only a running pod can get.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {ephemeralContainers: [{name: debug, image: "busybox:1.36"}]}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {shareProcessNamespace: true}}}}
    """
    if items(job.pod, "ephemeralContainers"):
        path = (*job.pod_path, "ephemeralContainers")
        yield Finding(
            path=path, message="a pod template cannot have ephemeralContainers", on_key=True
        )


@job_rule("JSG357", "shared-processes")
def shared_processes(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A pod shares its processes both with the host and among its containers.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {hostPID: true, shareProcessNamespace: true}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {shareProcessNamespace: true}}}}
    """
    if job.pod.get("hostPID") is True and job.pod.get("shareProcessNamespace") is True:
        path = (*job.pod_path, "shareProcessNamespace")
        yield Finding(path=path, message="hostPID and shareProcessNamespace exclude each other")


@job_rule("JSG364", "hostname-override")
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


@job_rule("JSG365", "readiness-gate")
def readiness_gate(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A readiness gate's conditionType cannot be the type of a condition.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {readinessGates: [{conditionType: "data loaded"}]}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {readinessGates: [{conditionType: example.com/data-loaded}]}}}}
    """
    for index, gate in objects(job.pod, "readinessGates"):
        kind = gate.get("conditionType")
        if isinstance(kind, str) and (reason := bad_label_key(kind)):
            message = f"'{kind}' cannot be the type of a condition: {reason}"
            yield Finding(
                path=(*job.pod_path, "readinessGates", index, "conditionType"), message=message
            )


RULES = (
    pod_name_field,
    dns_config,
    ephemeral_containers,
    shared_processes,
    hostname_override,
    readiness_gate,
)
