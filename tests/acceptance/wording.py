"""Phrases that read like a translation, with what to write instead; and where one of them is right."""

from __future__ import annotations

from typing import NamedTuple


class Phrase(NamedTuple):
    """A pattern of words, and what to write instead."""

    pattern: str
    instead: str


PHRASES = (
    Phrase(r"(?<!there )\bis no (?!longer\b|more\b|\w+er than\b)\w+", "invalid …; is not a …"),
    Phrase(r"(?<!there )\bare no (?!longer\b|more\b)\w+", "are not …"),
    Phrase(r"\bhere twice\b", "duplicate … (first defined on line …)"),
    Phrase(r"\banew\b", "again"),
    Phrase(r"\bsay -", "pass -…"),
    Phrase(r"\bin the way\b(?! \w+ (?:do|does)\b)", "already exists and was not written by …"),
    Phrase(r"\bnothing of (?:that|this|it)\b", "none of this"),
    Phrase(r"\bbelongs? into\b", "belong in"),
    Phrase(r"\bis none (?:below|of|that)\b", "must be inside; is not one of"),
    Phrase(r"\bthose (?:wait|run|come|fail|start) that\b", "whatever … would …"),
    Phrase(r"\bof what (?:lies|is|stands)\b", "about anything …"),
    Phrase(r"\bbecomes? of\b|\bhas become of\b|\bit has become\b", "what happens to"),
    Phrase(r"\bfore(?:tell|told|tells)\b", "predict"),
    Phrase(r"\bamid\b", "during"),
    Phrase(r"\bbut for\b", "except for"),
    Phrase(r"\bheld? against\b", "compare with"),
    Phrase(r"\bthere was what\b", "which of these occurred"),
    Phrase(r"\bstands? (?:below|beside|beneath|above)\b", "is below; is next to"),
    Phrase(r"\bis meant by\b|\bwhat is meant\b", "allowed; intended"),
    Phrase(r"\blikewise\b", "in the same way"),
    Phrase(r"\bof ours\b|\bwhat is ours\b", "of jobsetgen"),
    Phrase(r"\bdoes? otherwise\b", "differs"),
    Phrase(r"\bgoes on (?:through|forever)\b", "continues"),
    Phrase(r"\bwhereof\b|\bwherefrom\b|\bthereof\b|\bthereby\b", "a sentence of its own"),
)

# By page: phrases that are right where they are. One that is no longer on its page fails a test, too.
ALLOWED: dict[str, tuple[str, ...]] = {
    "docs/consequences.md": ("a finished set starts anew",),
    # The names of tests and what they have printed, as docs/parity.json has recorded them.
    "docs/parity.md": (
        "kills amid a restart",
        "a fix amid a restart",
        "a mistake in what is ours",
    ),
}
