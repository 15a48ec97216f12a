"""Validation of names, keys and paths."""

from __future__ import annotations

import re

MAX_LABEL = 63
"""The maximum number of characters in a DNS label and in a label value."""

MAX_SUBDOMAIN = 253
"""The maximum number of characters in a DNS subdomain."""

_DNS_1035_LABEL = r"[a-z]([-a-z0-9]*[a-z0-9])?"
_DNS_1123_LABEL = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_DNS_1123_SUBDOMAIN = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*"
_PATH = r"[A-Za-z0-9/\-._~%!$&'()*+,;=:]+"

_PORT_NAME = r"(?!.*--)(?=.*[a-z])[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?"
_CONFIG_KEY = r"(?!\.$|\.\.)[-._a-zA-Z0-9]{1,253}"
_VARIABLE = r"[ -<>-~]+"


def is_dns_1035_label(text: str) -> bool:
    """Whether a text is a DNS-1035 label of any length."""
    return re.fullmatch(_DNS_1035_LABEL, text) is not None


def is_dns_1123_label(text: str) -> bool:
    """Whether a text is a DNS-1123 label of any length."""
    return re.fullmatch(_DNS_1123_LABEL, text) is not None


def is_dns_1123_subdomain(text: str) -> bool:
    """Whether a text is a DNS-1123 subdomain of any length."""
    return re.fullmatch(_DNS_1123_SUBDOMAIN, text) is not None


def is_label(name: str) -> bool:
    """Whether a name is a DNS label, as required for containers, volumes and hosts."""
    return len(name) <= MAX_LABEL and is_dns_1123_label(name)


def is_subdomain(name: str) -> bool:
    """Whether a name is a DNS subdomain, as required for most objects."""
    return len(name) <= MAX_SUBDOMAIN and is_dns_1123_subdomain(name)


def is_controller(name: str) -> bool:
    """Whether a name is a domain-prefixed path of at most 63 characters, as in managedBy."""
    domain, _, path = name.partition("/")
    return (
        len(name) <= MAX_LABEL
        and is_dns_1123_subdomain(domain)
        and re.fullmatch(_PATH, path) is not None
    )


def is_port_name(name: str) -> bool:
    """Whether a name is a valid port name."""
    return re.fullmatch(_PORT_NAME, name) is not None


def is_config_key(key: str) -> bool:
    """Whether a key is valid in a ConfigMap or a Secret."""
    return re.fullmatch(_CONFIG_KEY, key) is not None


def is_variable(name: str) -> bool:
    """Whether a name is valid for an environment variable: since 1.32, any ASCII except `=`."""
    return re.fullmatch(_VARIABLE, name) is not None


def leads_out(path: str) -> bool:
    """Whether a path is absolute or contains `..`, and so can lead out of a folder."""
    return path.startswith("/") or ".." in path.split("/")
