"""Escape untrusted text for Markdown as GitHub, GitLab and editors show it.

Text of the input stands only in code spans and fences. In them nothing is a mention, a link, HTML
or a quick action. Prettier and markdownlint leave what is returned here as it is.
"""

from __future__ import annotations

import re

# Controls, surrogates, and what is invisible or changes the direction of text. A fixed list: what
# Python calls printable depends on its release, and the output must not.
_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f"
    "\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff0-\uffff\U000e0000-\U000e0fff]"
)
# Code spans lose blanks at their ends.
_ENDS = re.compile("^ +| +$")
# With a longer run inside, Prettier would choose a delimiter that is shorter than the run.
_RUN = re.compile("``+")
_TICKS = re.compile("`+")


def code(text: str) -> str:
    """Return text as a code span on one line, whatever is in it.

    Characters that cannot be seen become escapes, as in a regular expression.
    """
    shown = _INVISIBLE.sub(_escaped, text) or '""'
    for pattern in (_ENDS, _RUN):
        shown = pattern.sub(_escaped, shown)
    delimiter = "``" if "`" in shown else "`"
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{delimiter}{pad}{shown}{pad}{delimiter}"


def fenced(content: str, language: str) -> str:
    """Return content as a code block whose fence is longer than any run of backticks inside."""
    longest = max((len(run) for run in _TICKS.findall(content)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{content.strip()}\n{fence}"


def _escaped(found: re.Match[str]) -> str:
    return "".join(_escape(ord(character)) for character in found[0])


def _escape(point: int) -> str:
    if point < 0x100:
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"
