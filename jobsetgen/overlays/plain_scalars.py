"""What a value must not contain to be a part of a plain scalar, as YAML 1.2.2 defines it (7.3.3)."""

from __future__ import annotations

import re
from typing import Any

_BREAK = re.compile("[\r\n\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_COLON = re.compile(r":[ \t]")
_COMMENT = re.compile(r"[ \t]#")
_FLOW = re.compile(r"[,\[\]{}]")
# What begins something other than a plain scalar.
_START = re.compile(r"""[,\[\]{}#&*!|>'"%@`]|[-?:](?:[ \t]|\Z)""")
_ANY = "x"


def harm_of(value: str, before: str, after: str, *, is_first: bool, is_last: bool) -> str:
    """Return what in a value would change the YAML around it, or an empty string.

    `before` and `after` are the characters next to it, and `is_first` and `is_last` are whether
    the scalar begins or ends with it.
    """
    if _BREAK.search(value):
        return "a line break"
    if _CONTROL.search(value):
        return "a control character"
    following = value + after if after or is_last else value + _ANY
    at_start = _harm_at_start(value, following) if is_first else ""
    if at_start:
        return at_start
    if is_last and value.endswith((" ", "\t")):
        return "white space at its end"
    return _harm_inside(before + value + after, is_last=is_last)


def _harm_at_start(value: str, following: str) -> str:
    """Return what is wrong with the first characters of a scalar, which begins with a value."""
    if found := _START.match(following):
        return f"'{found[0][0]}' at its start"
    return "white space at its start" if value.startswith((" ", "\t")) else ""


def _harm_inside(text: str, *, is_last: bool) -> str:
    if _COLON.search(text) or (is_last and text.endswith(":")):
        return "': ', which ends a key"
    if _COMMENT.search(text):
        return "' #', which starts a comment"
    return ""


def harm_in_flow(value: str) -> str:
    """Return what in a value would change the YAML around it within brackets or braces."""
    found = _FLOW.search(value)
    return f"'{found[0]}', which has a meaning within brackets" if found else ""


def text_of_scalar(data: Any) -> str | None:
    """Return a scalar as text within other text, in the words of JSON; None for a collection.

    Null has no text.
    """
    if data is None:
        return ""
    if isinstance(data, bool):
        return "true" if data else "false"
    return str(data) if isinstance(data, (str, int, float)) else None
