"""Affinity: the fields that contain its terms."""

from __future__ import annotations

REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
"""The terms that a node must satisfy."""

PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"
"""The terms that only affect a node's score, by weight."""
