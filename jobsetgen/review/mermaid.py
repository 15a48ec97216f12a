"""Escape untrusted text for the labels of Mermaid diagrams."""

from __future__ import annotations

import re

from jobsetgen.review.terminal import harmless

# The most characters of one line of a label. A longer line makes a picture that nobody can read.
_LONGEST = 160

# What stays as it is: characters that have no meaning for Mermaid, for Markdown and HTML in its
# labels, or for the Markdown around it. Some have none only in the middle of words: a label that
# begins with `1. ` is a list, and one with `www.` a link.
_PLAIN = re.compile(
    r"(?P<plain>[A-Za-z0-9 ,]+"
    r"|(?<=[^\s./-])(?<![Ww][Ww][Ww])[./-](?=[^\s./-])"
    r"|(?<=[A-Za-z0-9]):(?= )"
    r"|(?<= )\((?=[A-Za-z])"
    r"|(?<=[A-Za-z])\))"
    r"|.",
    re.S,
)

# Mermaid does not accept an empty label.
_BLANK = "#32;"


def label(*lines: str) -> str:
    """Return a label in quotes that shows each text on a line of its own, exactly as it is.

    It consists of printable ASCII characters. Long lines end with an ellipsis.
    """
    return '"' + "<br/>".join(map(_escaped, lines)) + '"'


def _escaped(line: str) -> str:
    words = _shortened(" ".join(harmless(line).split()))
    return _PLAIN.sub(_entity, words) or _BLANK


def _shortened(words: str) -> str:
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"


def _entity(found: re.Match[str]) -> str:
    """Return a character as the entity that Mermaid shows as that character."""
    return found[0] if found["plain"] else f"#{ord(found[0])};"
