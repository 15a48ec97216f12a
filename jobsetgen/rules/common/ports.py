"""Ports of containers and of the host."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jobsetgen.plain import string


def protocol_of(port: Mapping[str, Any]) -> str:
    """Return a port's protocol; TCP where none is written."""
    return string(port, "protocol") or "TCP"
