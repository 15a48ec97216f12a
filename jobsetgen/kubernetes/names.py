"""What names, keys and paths may consist of."""

from __future__ import annotations

import re

MAX_LABEL = 63
"""Characters in a DNS label and in a label value."""

MAX_SUBDOMAIN = 253
"""Characters in a DNS subdomain."""

_DNS_1035_LABEL = re.compile(r"[a-z]([-a-z0-9]*[a-z0-9])?")
_DNS_1123_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
_DNS_1123_SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_PATH = re.compile(r"[A-Za-z0-9/\-._~%!$&'()*+,;=:]+")

_PORT_NAME = re.compile(r"(?!.*--)(?=.*[a-z])[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?")
_CONFIG_KEY = re.compile(r"(?!\.$|\.\.)[-._a-zA-Z0-9]{1,253}")
_VARIABLE = re.compile(r"[ -<>-~]+")


def is_dns_1035_label(text: str) -> bool:
    """Whether the characters are those of a DNS-1035 label; the length is not looked at."""
    return _DNS_1035_LABEL.fullmatch(text) is not None


def is_dns_1123_label(text: str) -> bool:
    """Whether the characters are those of a DNS-1123 label; the length is not looked at."""
    return _DNS_1123_LABEL.fullmatch(text) is not None


def is_dns_1123_subdomain(text: str) -> bool:
    """Whether the characters are those of a DNS-1123 subdomain; the length is not looked at."""
    return _DNS_1123_SUBDOMAIN.fullmatch(text) is not None


def is_label(name: str) -> bool:
    """Whether a name is a DNS label: what containers, volumes and hosts are named by."""
    return len(name) <= MAX_LABEL and is_dns_1123_label(name)


def is_subdomain(name: str) -> bool:
    """Whether a name is a DNS name in lower case: what most objects are named by."""
    return len(name) <= MAX_SUBDOMAIN and is_dns_1123_subdomain(name)


def is_controller(name: str) -> bool:
    """Whether a name is a domain-prefixed path of at most 63 characters, as managedBy takes it."""
    domain, _, path = name.partition("/")
    return (
        len(name) <= MAX_LABEL
        and is_dns_1123_subdomain(domain)
        and _PATH.fullmatch(path) is not None
    )


def is_port_name(name: str) -> bool:
    """Whether a port can have this name."""
    return _PORT_NAME.fullmatch(name) is not None


def is_config_key(key: str) -> bool:
    """Whether a ConfigMap or a Secret can have this key."""
    return _CONFIG_KEY.fullmatch(key) is not None


def is_variable(name: str) -> bool:
    """Whether an environment variable can have this name: since 1.32, any ASCII but `=`."""
    return _VARIABLE.fullmatch(name) is not None


def leads_out(path: str) -> bool:
    """Whether a path that should lead into a folder is absolute or has a `..` in it."""
    return path.startswith("/") or ".." in path.split("/")
