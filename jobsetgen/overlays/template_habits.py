"""What to write in a template instead of what Helm, C and shells have in the same place."""

from __future__ import annotations

import re

_LONGEST = 200

# In this order: the first that is in the text is the mistake.
_HABITS = (
    (
        re.compile(r"\A\{\{-?\s*(?:if|else|end|range|with|define|template|include|block)\b"),
        "Write statements as in Jinja2: {% if … %}, {% for … in … %}, {% endif %}, {% endfor %}.",
    ),
    (
        re.compile(r"[\s({|]\.?[Vv]alues\.|[\s({|]\.\w"),
        "Write the name of a value without anything before it: {{ image.tag }}.",
    ),
    (
        re.compile(r"\b(?:toYaml|nindent)\b"),
        "Leave the filter out: a mapping or a list that is all of a scalar goes in as data.",
    ),
    (
        re.compile(r"\s\?\s.*\s:\s"),
        "Write a condition as {{ a if condition else b }}.",
    ),
    (
        re.compile(r"&&|\|\||[({\s]![^=]"),
        "Write 'and', 'or' and 'not'.",
    ),
    (
        re.compile(r"\|\s*s?quote\b"),
        'Write the quotes in the template: "{{ … }}".',
    ),
)


def habit_hint(template: str, offset: int) -> str:
    """Return what to write instead of the expression at an offset, or an empty string."""
    end = template.find("}}", offset, offset + _LONGEST)
    text = template[offset : end if end >= 0 else offset + _LONGEST]
    return next((hint for pattern, hint in _HABITS if pattern.search(text)), "")
