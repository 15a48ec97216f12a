"""Escape untrusted text for Markdown, as GitHub and GitLab read it.

Text that is not ours stands in code spans, in code elements and in fences only: there nothing
becomes a mention, a reference, a link, an emoji, a quick action, HTML or the layout of a page.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from jobsetgen.review.terminal import harmless, harmless_content

LONGEST_NAME = 260
"""The characters of a name or a path that are shown; a valid name of an object has 253."""

LONGEST_LINE = 300
"""The characters of a line of a value or a script that are shown."""

LONGEST_SENTENCE = 400
"""The characters of a sentence that are shown."""

_TICKS = re.compile("`+")
_MANY_TICKS = re.compile("`{4,}")
_ITEM = re.compile(r"\d+[.)]+")
# Plain words and numbers. Letters with digits may be a reference (GH-1), and so may be hexadecimal
# digits (a commit).
_WORD = re.compile(r"[A-Za-z]+(?:['-][A-Za-z]+)*|\d{1,3}(?:,\d{3})*(?:\.\d+)?%?|→")
_COMMIT = re.compile(r"[0-9A-Fa-f]{7,}")
_EDGES = re.compile(r"(\(*)(.*?)([),.:;]*)", re.S)
# Characters that cannot be seen or have no meaning of their own: controls, direction marks, spaces
# without a width, halves of surrogate pairs, and unassigned ones.
_INVISIBLE = frozenset(["Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"])
# More marks than this on one letter reach into the lines above and below.
_MOST_MARKS = 3


def visible(text: str) -> str:
    """Return text as one line of visible characters, the others escaped as in Python."""
    line = harmless(text)
    return line if line.isascii() else "".join(_visible(line))


def visible_content(line: str) -> str:
    """Return a line of a script like `visible`, with its tabs as spaces."""
    content = "".join(harmless_content([line.expandtabs(4)]))
    return content if content.isascii() else "".join(_visible(content))


def shortened(text: str, longest: int) -> str:
    """Return text with an ellipsis instead of what is beyond a number of characters."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def short(text: str, longest: int) -> str:
    """Return text as one visible line of at most a number of characters."""
    # What is cut off anyway may be long: it is not escaped first.
    return shortened(visible(text[: longest + 1]), longest)


def code(text: str) -> str:
    """Return a code span, also for a cell of a table."""
    content = short(text, LONGEST_NAME).replace("|", r"\x7c") or '""'
    # Otherwise the ticks around them would double the length.
    content = _MANY_TICKS.sub(lambda run: r"\x60" * len(run[0]), content)
    # A span loses one space on each side, so that it can begin with a backtick.
    if content[0] in "` " or content[-1] in "` ":
        content = f" {content} "
    ticks = _longer_ticks([content], 1)
    return f"{ticks}{content}{ticks}"


def strong(label: str) -> str:
    """Return words of ours in bold."""
    return f"**{label}**"


def html_code(text: str) -> str:
    """Return a code element, for text within HTML."""
    return f"<code>{html.escape(short(text, LONGEST_NAME))}</code>"


def prose(sentence: str) -> str:
    """Return a sentence whose words stay as they are; whatever is not a plain word becomes code."""
    tokens = short(sentence, LONGEST_SENTENCE).split()
    if not tokens:
        return code("")
    written = [_token(each) for each in tokens]
    if _ITEM.fullmatch(tokens[0]):
        # It would begin a list.
        written[0] = code(tokens[0])
    return " ".join(written)


def fence(lines: Sequence[str], language: str) -> list[str]:
    """Return a fenced block of lines that are visible already."""
    ticks = _longer_ticks(lines, 3)
    return [f"{ticks}{language}", *lines, ticks]


def _token(token: str) -> str:
    match = _EDGES.fullmatch(token)
    before, core, after = match.groups() if match else ("", token, "")
    if not core:
        return code(token)
    is_plain = _WORD.fullmatch(core) and not _COMMIT.fullmatch(core)
    return f"{before}{core if is_plain else code(core)}{after}"


def _longer_ticks(lines: Iterable[str], least: int) -> str:
    """Return backticks that are more than any in the lines."""
    longest = max((len(run) for line in lines for run in _TICKS.findall(line)), default=0)
    return "`" * max(least, longest + 1)


def _visible(line: str) -> Iterator[str]:
    marks = 0
    for character in line:
        category = unicodedata.category(character)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        is_hidden = category in _INVISIBLE or marks > _MOST_MARKS
        yield _escaped(character) if is_hidden else character


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode()
