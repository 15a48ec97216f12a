"""What Argo CD and Flux have in common: each takes a repository, applies it, and says what has become of it."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from tests.cluster.harness.repository import Repository


class Applied(NamedTuple):
    """What a tool says of what it applies."""

    revision: str  # the last that it has applied whole
    is_synced: bool  # whether the cluster has what Git has
    health: str  # Progressing, Healthy, Degraded, Suspended or Missing
    error: str = ""  # of the last attempt


class Tool(Protocol):
    """A GitOps tool that runs in a control plane."""

    name: str

    def adopt(self, name: str, namespace: str, repository: Repository) -> None:
        """Begin to apply a repository to a namespace, with healing and pruning."""

    def refresh(self, name: str, repository: Repository) -> None:
        """Say that there is something new, as a webhook would."""

    def look(self, name: str) -> Applied:
        """Return what it says now."""

    def abandon(self, name: str) -> None:
        """End it, and leave what is there as it is."""
