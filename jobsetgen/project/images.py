"""Validation of the image overrides of a project, independent of the input."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jobsetgen.diagnostics import Diagnostic, Finding, Path
from jobsetgen.kubernetes.images import has_form
from jobsetgen.options.values import ImageOverride
from jobsetgen.project.codes import IMAGE_OVERRIDE
from jobsetgen.project.layer import Layer

# The fields of an override that replace the parts of an image.
_FIELDS = {"name": "newName", "tag": "newTag", "digest": "digest"}


def invalid_images(layer: Layer) -> list[Diagnostic]:
    """Return an error for each entry of `images` in a layer that yields no valid image."""
    return [
        layer.document.diagnostic(IMAGE_OVERRIDE, Finding(path=("images", *path), message=message))
        for path, message in _image_problems(layer.settings().images)
    ]


def _image_problems(images: Sequence[ImageOverride]) -> Iterator[tuple[Path, str]]:
    """Yield the problems of the entries of `images`, each with its path."""
    first: dict[str, int] = {}
    for index, each in enumerate(images):
        if first.setdefault(each.name, index) != index:
            yield (index, "name"), f"duplicate image '{each.name}'"
        for part, text in each.parts().items():
            if text and not has_form(part, text):
                yield (index, _FIELDS[part]), f"invalid {_FIELDS[part]} '{text}'"
