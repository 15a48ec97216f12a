"""What is wrong with the images of a project, whatever they are to change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jobsetgen.diagnostics import Path
from jobsetgen.kubernetes.images import FORMS
from jobsetgen.options.values import ImageOverride

# The parts of an image, as a project names what replaces them.
_FIELDS = {"name": "newName", "tag": "newTag", "digest": "digest"}


def image_problems(images: Sequence[ImageOverride]) -> Iterator[tuple[Path, str]]:
    """Yield what is wrong with the entries of `images`, each with its place among them."""
    first: dict[str, int] = {}
    for index, each in enumerate(images):
        if first.setdefault(each.name, index) != index:
            yield (index, "name"), f"duplicate image '{each.name}'"
        parts = {"name": each.new_name, "tag": each.new_tag, "digest": each.digest}
        for part, text in parts.items():
            if text and not FORMS[part].fullmatch(text):
                yield (index, _FIELDS[part]), f"invalid {_FIELDS[part]} '{text}'"
