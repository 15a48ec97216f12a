"""Affinity: the fields that hold its terms."""

from __future__ import annotations

REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
"""The terms without which a pod is not scheduled."""

PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"
"""The terms that only count for a node, each by its weight."""
