"""Decode a file, split it into documents, and find the codes that its comments suppress."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from jobsetgen.diagnostics import Diagnostic, Ignores, Place, diagnostic
from jobsetgen.source import codes

MAX_BYTES = 10_000_000
"""The maximum size of a file."""

_BREAK = re.compile(r"\r\n|\r|\n")
# The dashes come first, because they are searched for much faster than any place they can be at.
_MARKER = re.compile(r"---(?:(?<=[\r\n]---)|(?<=\A---))(?=\s|\Z)")
_IGNORE = r"#\s*jobsetgen:\s*ignore\[([A-Z0-9, ]+)\][ \t]*(\S?)"
_NOT_PRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]"
)


class Source(NamedTuple):
    """A file: its name in diagnostics, and its content."""

    name: str
    content: bytes


def decoded(file: str, content: bytes) -> tuple[str, Diagnostic | None]:
    """Return a file's text, or a diagnostic if it cannot be decoded."""
    if len(content) > MAX_BYTES:
        message = f"the file has {len(content):,} bytes; at most {MAX_BYTES:,} are allowed"
        return "", diagnostic(codes.TOO_LARGE, Place(file), message)
    encoding = _encoding(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        place = place_after(file, content[: error.start].decode(encoding, "replace"))
        message = f"byte 0x{content[error.start]:02x} is not {error.encoding.upper()}"
        return "", diagnostic(codes.NOT_TEXT, place, message, "Save the file as UTF-8.")
    bad = _NOT_PRINTABLE.search(text)
    if bad is None:
        return text, None
    message = f"the control character U+{ord(bad[0]):04X} is not allowed in YAML"
    hint = "Write it as an escape in a double-quoted string, or remove it."
    start = place_after(file, text[: bad.start()])
    place = start._replace(end_column=start.column + 1)
    return "", diagnostic(codes.NOT_TEXT, place, message, hint)


def readable(content: bytes) -> str:
    """Return a file's text for people, whatever its bytes; nothing of a file that is too large."""
    if len(content) > MAX_BYTES:
        return ""
    return content.decode(_encoding(content), "replace")


def narrowed(content: bytes) -> bytes:
    """Return content without the zero bytes of UTF-16, so that its ASCII reads as ASCII."""
    return content.replace(b"\0", b"")


def lines_of(text: str) -> list[str]:
    """Return the lines of a text as places count them."""
    return _BREAK.split(text)


def _encoding(content: bytes) -> str:
    is_wide = content[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    return "utf-16" if is_wide else "utf-8-sig"


def place_after(file: str, before: str) -> Place:
    """Return the place that follows a prefix of a file's text."""
    lines = _BREAK.split(before)
    return Place(file, len(lines), len(lines[-1]) + 1)


def ignores(file: str, text: str) -> tuple[Ignores, list[Diagnostic]]:
    """Return the codes that comments suppress, and a diagnostic for each without effect."""
    found: dict[tuple[str, int], frozenset[str]] = {}
    diagnostics: list[Diagnostic] = []
    if "jobsetgen:" not in text:
        return found, diagnostics
    for number, line in enumerate(_BREAK.split(text), start=1):
        comment = re.search(_IGNORE, line)
        if comment is None:
            continue
        if comment[2]:
            found[file, number] = frozenset(code.strip() for code in comment[1].split(","))
            continue
        end = comment.start() + len(comment[0].rstrip())
        place = Place(file, number, comment.start() + 1, end + 1)
        message = "this comment has no effect without a reason after the bracket"
        diagnostics.append(diagnostic(codes.IGNORE_REASON, place, message))
    return found, diagnostics


def chunks(text: str) -> Iterator[tuple[int, str]]:
    """Yield the documents of a file's text, each with the number of its first line.

    Like kubectl, split at `---` lines, so that one broken document does not hide the others.
    """
    starts = [0, *(mark.start() for mark in _MARKER.finditer(text) if mark.start()), len(text)]
    line, pending, pending_line = 1, "", 1
    for begin, end in pairwise(starts):
        chunk = text[begin:end]
        if not pending:
            pending_line = line
        line += chunk.count("\n") + chunk.count("\r") - chunk.count("\r\n")
        pending += chunk
        # A part with only directives and comments belongs to the document after it.
        if chunk.startswith("%") and end != len(text):
            continue
        yield pending_line, pending
        pending = ""
