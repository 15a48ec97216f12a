"""Image references: their parts, and whether they are pinned."""

from __future__ import annotations

import re

# The syntax of each part of an image reference; a colon in a name precedes the registry's port.
_COMPONENT = r"[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*"
_FORMS = {
    "name": (
        rf"(?:(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]+)?/)?{_COMPONENT}(?:/{_COMPONENT})*"
    ),
    "tag": r"\w[\w.-]{0,127}",
    "digest": r"[A-Za-z0-9]+(?:[.+_-][A-Za-z0-9]+)*:[0-9A-Fa-f]{32,}",
}


def has_form(part: str, text: str) -> bool:
    """Whether a text can be the name, tag or digest of an image."""
    return re.fullmatch(_FORMS[part], text, re.ASCII) is not None


def is_image(text: str) -> bool:
    """Whether a text is an image reference: a name, perhaps with a tag and a digest."""
    name, tag, digest = (f"(?:{form})" for form in _FORMS.values())
    return re.fullmatch(f"{name}(?::{tag})?(?:@{digest})?", text, re.ASCII) is not None


def image_name(written: str) -> str:
    """Return an image without its tag and digest."""
    return image_parts(written)[0]


def image_parts(written: str) -> tuple[str, str, str]:
    """Return an image's name, tag and digest without separators; missing parts are empty."""
    front, _, digest = written.partition("@")
    name, colon, tag = front.rpartition(":")
    return (name, tag, digest) if colon and "/" not in tag else (front, "", digest)


def what_moves(image: str) -> str:
    """Return why an image reference is not pinned, or an empty string."""
    name, tag, _ = image_parts(image)
    if "@" in image or tag not in ("", "latest"):
        return ""
    if "$" not in image and not is_image(image):
        return ""
    if tag:
        return "has the tag latest"
    # A variable that is substituted later may include the tag.
    return "" if "$" in name.rpartition("/")[2] else "has no tag"
