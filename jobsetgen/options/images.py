"""Apply overrides of images to an image reference."""

from __future__ import annotations

from collections.abc import Iterable

from jobsetgen.kubernetes.images import image_name
from jobsetgen.options.values import ImageOverride


def overridden_image(written: str, overrides: Iterable[ImageOverride]) -> str:
    """Return an image with overrides applied. As in kustomize, a digest replaces the tag."""
    name = image_name(written)
    chosen = next((each for each in overrides if each.name == name), None)
    if chosen is None:
        return written
    new = chosen.new_name or name
    if chosen.digest:
        return f"{new}@{chosen.digest}"
    if chosen.new_tag:
        return f"{new}:{chosen.new_tag}"
    return new + written.removeprefix(name)
