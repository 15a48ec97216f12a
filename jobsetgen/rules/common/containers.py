"""Containers: their names and images, and what only some of them can have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jobsetgen.diagnostics import Path
from jobsetgen.kubernetes import pods


def is_init(path: Path) -> bool:
    """Whether the container at a place is an init container."""
    return path[-2] == "initContainers"


def is_sidecar(path: Path, container: Mapping[str, Any]) -> bool:
    """Whether a container is an init container that runs on beside the others."""
    return is_init(path) and pods.is_sidecar(container)
