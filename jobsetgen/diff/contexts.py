"""Who applies a set and who replaces its Jobs: the contexts that consequences depend on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from jobsetgen.diff.sides import TrainingSet

TOOLS = ("any", "argocd", "flux")
"""The profiles with a GitOps tool, which prunes what is no longer in Git."""

PROFILES = (*TOOLS, "none")

TOOL_NAMES: Mapping[str, str] = MappingProxyType(
    {"any": "Argo CD or Flux", "argocd": "Argo CD", "flux": "Flux", "none": "a GitOps tool"}
)
"""Who applies the objects of a profile, in words."""


class Context(NamedTuple):
    """Who creates the Jobs, the update policy, and the GitOps profile."""

    mode: str
    policy: str
    profile: str


def context_of(state: TrainingSet) -> Context:
    """Return the context of a set."""
    return Context(state.mode, state.update_policy, state.profile)


def contexts(modes: Iterable[str], profiles: Iterable[str] = PROFILES) -> tuple[Context, ...]:
    """Return the contexts of modes, each with its update policy (`git Block`), and profiles."""
    return tuple(
        Context(*mode.split(), profile)  # type: ignore[call-arg]
        for mode in modes
        for profile in profiles
    )


GIT_RECREATE, GIT_BLOCK = "git Recreate", "git Block"
WATCHER_RECREATE, WATCHER_ON_RESTART, WATCHER_BLOCK = (
    "watcher Recreate",
    "watcher OnRestart",
    "watcher Block",
)
GIT = (GIT_RECREATE, GIT_BLOCK)
WATCHER = (WATCHER_RECREATE, WATCHER_ON_RESTART, WATCHER_BLOCK)
MODES = (*GIT, *WATCHER)
EVERY = contexts(MODES)
