"""Validation of the image overrides of a project, independent of the input."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jobsetgen.diagnostics import Path
from jobsetgen.kubernetes.images import has_form
from jobsetgen.options.values import ImageOverride

# The fields of an override that replace the parts of an image.
_FIELDS = {"name": "newName", "tag": "newTag", "digest": "digest"}


def image_problems(images: Sequence[ImageOverride]) -> Iterator[tuple[Path, str]]:
    """Yield the problems of the entries of `images`, each with its path."""
    first: dict[str, int] = {}
    for index, each in enumerate(images):
        if first.setdefault(each.name, index) != index:
            yield (index, "name"), f"duplicate image '{each.name}'"
        for part, text in each.parts().items():
            if text and not has_form(part, text):
                yield (index, _FIELDS[part]), f"invalid {_FIELDS[part]} '{text}'"
