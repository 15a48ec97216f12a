"""Argo CD annotations that do harm on training Jobs."""

from __future__ import annotations

from jobsetgen.diagnostics import Path


def annotation(base: Path, key: str) -> Path:
    return (*base, "metadata", "annotations", key)
