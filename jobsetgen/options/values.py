"""The types of option values: enumerations and records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

Profile = Literal["any", "argocd", "flux", "none"]
Strategy = Literal["affinity", "node-selector", "domains"]
UpdatePolicy = Literal["Recreate", "OnRestart", "Block"]
JobsOwner = Literal["git", "watcher"]
RestartWatcher = Literal["Auto", "Always", "Never"]
Target = Literal["plain", "jobset"]

PROFILES: tuple[Profile, ...] = ("any", "argocd", "flux", "none")
STRATEGIES: tuple[Strategy, ...] = ("affinity", "node-selector", "domains")
UPDATE_POLICIES: tuple[UpdatePolicy, ...] = ("Recreate", "OnRestart", "Block")
JOBS_OWNERS: tuple[JobsOwner, ...] = ("git", "watcher")
TARGETS: tuple[Target, ...] = ("plain", "jobset")
RESTART_WATCHERS: tuple[RestartWatcher, ...] = ("Auto", "Always", "Never")
COMPAT_LEVELS = (1, 2)
MOST_BYTES = 2**32
"""What `maxBytes` may be at most: the repository that sets it may be anybody's."""


class ImageOverride(NamedTuple):
    """An override of an image's name, tag or digest, as in a kustomization."""

    name: str
    new_name: str = ""
    new_tag: str = ""
    digest: str = ""

    def parts(self) -> dict[str, str]:
        """Return what it replaces, by the part of an image; those that it leaves are empty."""
        return {"name": self.new_name, "tag": self.new_tag, "digest": self.digest}


def image_override(entry: Mapping[str, str]) -> ImageOverride:
    """Convert an entry of `images` in a jobsetgen.yaml to an override."""
    return ImageOverride(
        name=entry["name"],
        new_name=entry.get("newName", ""),
        new_tag=entry.get("newTag", ""),
        digest=entry.get("digest", ""),
    )


def image_entry(image: ImageOverride) -> dict[str, str]:
    """Convert an override to an entry of `images` in a jobsetgen.yaml."""
    changes = {"newName": image.new_name, "newTag": image.new_tag, "digest": image.digest}
    return {"name": image.name, **{field: text for field, text in changes.items() if text}}
