"""The reference to an image: its parts, and what moves."""

from __future__ import annotations

import re

# What a registry takes in each part of an image; a colon in a name is that of the registry's port.
_COMPONENT = r"[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*"
FORMS = {
    "name": re.compile(
        rf"(?:(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]+)?/)?{_COMPONENT}(?:/{_COMPONENT})*"
    ),
    "tag": re.compile(r"\w[\w.-]{0,127}", re.ASCII),
    "digest": re.compile(r"[A-Za-z0-9]+(?:[.+_-][A-Za-z0-9]+)*:[0-9A-Fa-f]{32,}"),
}


def image_name(written: str) -> str:
    """Return an image without its tag and digest."""
    return image_parts(written)[0]


def image_parts(written: str) -> tuple[str, str, str]:
    """Return an image's name, tag and digest, bare; a part that is missing is empty."""
    front, _, digest = written.partition("@")
    name, colon, tag = front.rpartition(":")
    return (name, tag, digest) if colon and "/" not in tag else (front, "", digest)


def what_moves(image: str) -> str:
    """Say why an image may be another one tomorrow, or nothing."""
    name, tag, _ = image_parts(image)
    if not image or "@" in image or tag not in ("", "latest"):
        return ""
    if tag:
        return "has the tag latest"
    # A variable that is still to be substituted may bring the tag along.
    return "" if "$" in name.rpartition("/")[2] else "has no tag"
