"""What a person can choose about a compile, resolved from flags, the project file and defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from jobsetgen.kubernetes.versions import VERSIONS, is_since

Profile = Literal["any", "argocd", "flux", "none"]
Strategy = Literal["affinity", "node-selector", "domains"]
UpdatePolicy = Literal["Recreate", "OnRestart", "Block"]
JobsOwner = Literal["git", "watcher"]
RestartWatcher = Literal["Auto", "Always", "Never"]

PROFILES: tuple[Profile, ...] = ("any", "argocd", "flux", "none")
STRATEGIES: tuple[Strategy, ...] = ("affinity", "node-selector", "domains")
UPDATE_POLICIES: tuple[UpdatePolicy, ...] = ("Recreate", "OnRestart", "Block")
JOBS_OWNERS: tuple[JobsOwner, ...] = ("git", "watcher")
RESTART_WATCHERS: tuple[RestartWatcher, ...] = ("Auto", "Always", "Never")

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
class Watcher:
    """How the restart-watcher's pod is run.

    `resources` replaces the default ones as a whole, `memory` only the memory among them. With `service_account` an
    existing account is used, and no account and no rights are written. Labels and annotations are those of its Job
    and its pod.
    """

    image: str = "python:3.13-alpine"
    memory: str = ""
    resources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    service_account: str = ""
    priority_class: str = ""
    image_pull_secrets: tuple[str, ...] = ()
    node_selector: Mapping[str, str] = field(default_factory=dict)
    tolerations: tuple[Mapping[str, Any], ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The options of one compile. `namespace` is the one for sets that name none; None where none is known.

    `output` is the folder, below the project's, for what is rendered; empty where none is named.
    """

    namespace: str | None = None
    namespace_required: bool = False
    gitops: Profile = "any"
    kubernetes_version: str = VERSIONS[-1]
    jobs: JobsOwner = "git"
    update_policy: UpdatePolicy = "Recreate"
    restart_watcher: RestartWatcher = "Auto"
    watcher: Watcher = field(default_factory=Watcher)
    run_id: str = ""
    placement: Placement = field(default_factory=Placement)
    priority_classes: Mapping[str, int] = field(default_factory=dict)
    default_priority: int = 0
    images: tuple[ImageOverride, ...] = ()
    replicas: Mapping[tuple[str, str], int] = field(default_factory=dict)
    max_jobs: int = 50_000
    strict: bool = False
    allow_empty: bool = False
    output: str = ""
    compat: int = 1

    def since(self, version: str) -> bool:
        """Whether the cluster's Kubernetes is of a minor version or a later one."""
        return is_since(self.kubernetes_version, version)

    @property
    def has_tool(self) -> bool:
        """Whether a GitOps tool applies the output; only in the profile `none` a person does."""
        return self.gitops != "none"

    @property
    def tool_owns_jobs(self) -> bool:
        """Whether a GitOps tool puts back a Job that is deleted."""
        return self.has_tool and self.jobs == "git"

    def priority_of(self, name: str) -> int | None:
        """Return the priority of a class, or None for one that is not known here."""
        return self.priority_classes.get(name, SYSTEM_PRIORITY_CLASSES.get(name))

    def pod_priority(self, pod: Mapping[str, Any]) -> int | None:
        """Return a pod's priority as admission would resolve it, or None where its class is not known here."""
        if isinstance(pod.get("priority"), int):
            return int(pod["priority"])
        name = pod.get("priorityClassName")
        return self.priority_of(name) if isinstance(name, str) and name else self.default_priority

    def priority_label(self, pod: Mapping[str, Any]) -> str | None:
        """Return a pod's priority as a label's value, or None where it is not known or, being negative, is none."""
        priority = self.pod_priority(pod)
        return None if priority is None or priority < 0 else str(priority)
