"""What a Markdown parser makes of a comment: anything that untrusted text must not become."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

_PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
# What our comments never have, so that it can only come from untrusted text.
_FORBIDDEN = frozenset(
    [
        "link_open",
        "image",
        "html_inline",
        "heading_open",
        "hr",
        "blockquote_open",
        "ordered_list_open",
        "code_block",
        "em_open",
        "s_open",
    ]
)
_OWN_HTML = re.compile(
    r"<!-- jobsetgen diff -->|</?details>|<details open>|<summary><b>[A-Za-z', ]+</b>(?: (?:CODE|→))*:?[\w ,→.]*</summary>|"
)
_CODE_ELEMENT = re.compile(r"<code>[^<>]*</code>")
# Letters, numbers and our punctuation, but nothing that GitHub or GitLab makes a reference, a link or an emoji of.
_OWN_TEXT = re.compile(r"[A-Za-z0-9 .,:;()'→%\-]*")
_REFERENCE = re.compile(r"[A-Za-z]-?\d|[A-Za-z]\.[A-Za-z]|www\.|:[A-Za-z0-9_+-]+:|\b[0-9a-f]{7,}\b", re.I)


def leaks(comment: str) -> list[str]:
    """Return what is in a comment that only untrusted text can have put there."""
    return list(_leaks(_PARSER.parse(comment)))


def skeleton(comment: str) -> list[str]:
    """Return the blocks of a comment without their content."""
    return [token.type for token in _PARSER.parse(comment)]


def fences(comment: str) -> list[str]:
    """Return the content of each fence."""
    return [token.content for token in _PARSER.parse(comment) if token.type == "fence"]


def code_spans(comment: str) -> list[str]:
    """Return the content of each code span."""
    return [
        each.content for token in _PARSER.parse(comment) for each in token.children or [] if each.type == "code_inline"
    ]


def _leaks(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in _FORBIDDEN:
            yield f"{token.type} {token.content or token.attrs}"
        if token.type == "html_block":
            yield from _html_leaks(token.content)
        if token.type == "text" and (not _OWN_TEXT.fullmatch(token.content) or _REFERENCE.search(token.content)):
            yield f"text {token.content!r}"
        yield from _leaks(token.children or [])


def _html_leaks(content: str) -> Iterator[str]:
    for line in content.splitlines():
        if not _OWN_HTML.fullmatch(_CODE_ELEMENT.sub("CODE", line)):
            yield f"html {line!r}"
