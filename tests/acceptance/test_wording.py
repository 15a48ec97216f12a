"""The documentation is in the English of the field: no phrase in it is one of those that read like a translation."""

from __future__ import annotations

import re

import pytest

from tests.acceptance.pages import LINKING, PAGES, prose, read
from tests.acceptance.wording import ALLOWED, PHRASES

READ = [
    *PAGES,
    *(
        page
        for page in LINKING
        if page.startswith(("docs/rules/", "deploy/", "jobsetgen/")) or page == "CONTRIBUTING.md"
    ),
]


def found_in(text: str, allowed: tuple[str, ...] = ()) -> list[str]:
    """Return the phrases to replace in a text, each with what to write instead."""
    words = " ".join(prose(text).split())
    for phrase in allowed:
        words = words.replace(phrase, "")
    return [
        f"{match[0]} (write: {phrase.instead})"
        for phrase in PHRASES
        for match in re.finditer(phrase.pattern, words, re.I)
    ]


@pytest.mark.parametrize("page", READ)
def test_no_phrase_reads_like_a_translation(page):
    assert found_in(read(page), ALLOWED.get(page, ())) == []


def test_what_is_allowed_is_there():
    assert set(ALLOWED) <= set(READ)
    unused = [phrase for page, phrases in ALLOWED.items() for phrase in phrases if phrase not in prose(read(page))]
    assert unused == []


@pytest.mark.parametrize(
    "text",
    [
        "16GB is no quantity.",
        "The ConfigMap is here twice.",
        "Write it anew.",
        "Say --namespace.",
        "Another file is in the way.",
        "Then nothing of\nthat happens.",
        "It belongs into the project.",
        "Those are no Jobs.",
        "The folder is none below it.",
        "Those wait that come later.",
        "Of what lies outside, nothing is printed.",
        "What becomes of running Jobs",
        "It is equal, but for the name.",
    ],
)
def test_such_a_phrase_is_found(text):
    assert found_in(text) != []


@pytest.mark.parametrize(
    "text",
    [
        "There is no JobSet object.",
        "It is no longer needed.",
        "It is no slower than before.",
        "`is no quantity`",
        "Jobs are no longer deleted.",
        "There are no gates.",
        "<!-- in the way -->",
    ],
)
def test_other_sentences_pass(text):
    assert found_in(text) == []
