"""The built-in priority classes and their values."""

from __future__ import annotations

SYSTEM_PRIORITY_CLASSES = {
    "system-cluster-critical": 2_000_000_000,
    "system-node-critical": 2_000_001_000,
}
"""The priority of each class that Kubernetes itself creates."""
