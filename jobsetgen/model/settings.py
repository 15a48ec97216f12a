"""What a person can choose about a compile, resolved from flags, the project file and defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Profile = Literal["any", "argocd", "flux", "none"]
Strategy = Literal["affinity", "node-selector", "domains"]
UpdatePolicy = Literal["Recreate", "Block"]

PROFILES: tuple[Profile, ...] = ("any", "argocd", "flux", "none")
STRATEGIES: tuple[Strategy, ...] = ("affinity", "node-selector", "domains")
UPDATE_POLICIES: tuple[UpdatePolicy, ...] = ("Recreate", "Block")
KUBERNETES_VERSIONS = ("1.31", "1.32", "1.33", "1.34", "1.35", "1.36", "1.37")

# The priority classes that every cluster has.
SYSTEM_PRIORITY_CLASSES = {"system-cluster-critical": 2_000_000_000, "system-node-critical": 2_000_001_000}


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """How exclusive placement is expressed; `domains` lists topology domains by node label key."""

    strategy: Strategy = "affinity"
    domains: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageOverride:
    """Another name, tag or digest for an image, as in a kustomization."""

    name: str
    new_name: str = ""
    new_tag: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The options of one compile. `namespace` is the one for sets that name none; None where none is known."""

    namespace: str | None = None
    namespace_required: bool = False
    gitops: Profile = "any"
    kubernetes_version: str = KUBERNETES_VERSIONS[-1]
    update_policy: UpdatePolicy = "Recreate"
    run_id: str = ""
    placement: Placement = field(default_factory=Placement)
    priority_classes: Mapping[str, int] = field(default_factory=dict)
    default_priority: int = 0
    images: tuple[ImageOverride, ...] = ()
    replicas: Mapping[tuple[str, str], int] = field(default_factory=dict)
    max_jobs: int = 50_000
    strict: bool = False
    allow_empty: bool = False
    compat: int = 1

    @property
    def git_owns_jobs(self) -> bool:
        """Whether a GitOps tool puts back what is deleted; only the profile `none` has no such tool."""
        return self.gitops != "none"

    def priority_of(self, name: str) -> int | None:
        """Return the priority of a class, or None for one that is not known here."""
        return self.priority_classes.get(name, SYSTEM_PRIORITY_CLASSES.get(name))

    def pod_priority(self, pod: Mapping[str, Any]) -> int | None:
        """Return a pod's priority as admission would resolve it, or None where its class is not known here."""
        if isinstance(pod.get("priority"), int):
            return int(pod["priority"])
        name = pod.get("priorityClassName")
        return self.priority_of(name) if isinstance(name, str) and name else self.default_priority
