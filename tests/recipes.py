"""The recipes in fixtures/projects: each is a Helm chart or a kustomize tree, and the same as a project with overlays.

    NAME/original/          the chart, with a file of values per environment, or the tree
    NAME/rendered/ENV.yaml  what Helm renders of the chart, for machines without Helm
    NAME/base, NAME/overlays/ENV, ...  the project

The originals are shaped after public recipes: what they set per environment, and how.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from tests.cases import FIXTURES

FOLDER = FIXTURES / "projects"
ENVIRONMENTS = ("dev", "staging", "prod")

# How people call the releases of a chart, and the namespaces of these.
_RELEASES = {
    "helm-multislice": ("pretrain", "pretrain-{}"),
    "helm-torchrun": ("finetune-{}", "research"),
    "helm-evaluation": ("evaluate-{}", "research"),
}


class Recipe(NamedTuple):
    """A recipe in one environment."""

    name: str
    environment: str

    @property
    def folder(self) -> Path:
        """The folder with the original and the project."""
        return FOLDER / self.name

    @property
    def original(self) -> Path:
        """The chart, or the overlay of the tree."""
        original = self.folder / "original"
        return original if self.is_chart else original / "overlays" / self.environment

    @property
    def overlay(self) -> Path:
        """The folder of the project that is compiled."""
        return self.folder / "overlays" / self.environment

    @property
    def rendered(self) -> Path:
        """The file with what Helm renders of the chart."""
        return self.folder / "rendered" / f"{self.environment}.yaml"

    @property
    def is_chart(self) -> bool:
        """Whether the original is a Helm chart."""
        return self.name in _RELEASES

    def helm_arguments(self) -> list[str]:
        """Return the arguments of the helm that renders the chart."""
        release, namespace = (word.format(self.environment) for word in _RELEASES[self.name])
        values = self.original / f"values-{self.environment}.yaml"
        return ["template", release, str(self.original), "--namespace", namespace, "--values", str(values)]


NAMES = sorted(path.name for path in FOLDER.iterdir())
RECIPES = [Recipe(name, environment) for name in NAMES for environment in ENVIRONMENTS]
