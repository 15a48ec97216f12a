"""Paths, as people write them."""

from __future__ import annotations

from jobsetgen.diagnostics import Path


def dotted(path: Path) -> str:
    """Return a path as people write it: spec.replicatedJobs[0].name."""
    parts = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in path]
    return "".join(parts).lstrip(".")
