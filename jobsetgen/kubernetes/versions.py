"""The supported minor versions of Kubernetes, oldest first."""

from __future__ import annotations

VERSIONS = ("1.31", "1.32", "1.33", "1.34", "1.35", "1.36", "1.37")


def is_since(version: str, first: str) -> bool:
    """Whether a version is equal to or later than another."""
    return VERSIONS.index(version) >= VERSIONS.index(first)
