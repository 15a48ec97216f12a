"""Argo CD annotations that do harm on training Jobs."""

from __future__ import annotations

from jobsetgen.diagnostics import Path
from jobsetgen.options.table import Settings


def is_read_by_argocd(settings: Settings) -> bool:
    """Whether the output may be applied by Argo CD."""
    return settings.gitops in ("any", "argocd")


def annotation(base: Path, key: str) -> Path:
    """Return the path of an annotation of the object, or the template, at another path."""
    return (*base, "metadata", "annotations", key)
