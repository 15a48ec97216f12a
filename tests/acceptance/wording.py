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
    Phrase(r"\bis none (?:below|of(?!:)|that)\b", "must be inside; is not one of"),
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
    Phrase(r"\bmakes? (?:it|them) as well\b", "creates the same …"),
    Phrase(r"\bnames? none\b", "does not name; refers to … that is not defined"),
    Phrase(r"\bup to here\b", "with this …"),
    Phrase(r"\b(?:one|two|several) of (?:that|this|its|one) name\b|\b(?:of|by) that name\b", "with the same name"),
    Phrase(r"\b(?:that|what|which) (?:it|they) may take\b", "the limit"),
    Phrase(r"\bwould change nothing\b|\bso that it changes nothing\b", "has no effect"),
    Phrase(r"\b(?:is|are|was|were) meant\b(?! (?:to|for)\b)", "intended"),
    Phrase(r"\b(?:keep|keeps|keeping) (?:\w+ ){0,2}off\b", "avoid; share no … with"),
    Phrase(r"\bwithout a word\b", "silently"),
    Phrase(r"\b(?:server|client)'s side\b", "server-side"),
    Phrase(r"\bkubernetes takes\b|\bwhich means always\b", "Kubernetes defaults it to …"),
    Phrase(r"\bact(?:s|ed|ing)? upon\b", "act on"),
    Phrase(r"\blooked at\b", "checked"),
    Phrase(r"\bfor ever\b", "forever"),
    Phrase(r"\blearns? of\b", "before … acts; sees"),
    Phrase(r"(?:^|[.:;] )(?:checked|compared|counted|listed|reported|shown) are\b", "the subject first: … checks …"),
    Phrase(r"\bone of both\b", "one of the two"),
    Phrase(r"\bin use by\b", "used by"),
    Phrase(r"\bhave in view\b|\bhas (?:it )?in view\b", "see"),
    Phrase(r"\bgoes best\b", "works best"),
    Phrase(r"\b(?:call|calls) (?:its|their) \w+ so\b", "uses the same name"),
    Phrase(r"\btoo (?:long|large|small) an? \w+ name\b", "a name that is too long"),
    Phrase(r"\bwe would\b", "the output would; jobsetgen would"),
)

# By page, module, manifest or help text: phrases that are right where they are. One that is no longer there fails a test,
# too.
ALLOWED: dict[str, tuple[str, ...]] = {
    # The names of tests and what they have printed, as docs/parity.json has recorded them.
    "docs/parity.md": (
        "kills amid a restart",
        "a fix amid a restart",
        "a mistake in what is ours",
    ),
}
