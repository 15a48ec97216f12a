"""The minor versions of Kubernetes that are known, oldest first."""

from __future__ import annotations

VERSIONS = ("1.31", "1.32", "1.33", "1.34", "1.35", "1.36", "1.37")


def is_since(version: str, first: str) -> bool:
    """Whether a version is another one or a later one."""
    return VERSIONS.index(version) >= VERSIONS.index(first)
