"""What a value must not contain to be a part of a plain scalar, as YAML 1.2.2 defines it (7.3.3)."""

from __future__ import annotations

import re

_BREAK = re.compile("[\r\n\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_COLON = re.compile(r":(?=[ \t]|\Z)")
_COMMENT = re.compile(r"(?<=[ \t])#|\A#")
_FLOW = re.compile(r"[,\[\]{}]")
# What begins something other than a plain scalar.
_START = re.compile(r"""[,\[\]{}#&*!|>'"%@`]|[-?:](?:[ \t]|\Z)""")


def harm_of(value: str, before: str, after: str, *, is_first: bool, is_last: bool) -> str:
    """Return what in a value would change the YAML around it, or an empty string.

    `before` and `after` are the characters next to it, and `is_first` and `is_last` are whether
    the scalar begins or ends with it.
    """
    if _BREAK.search(value):
        return "a line break"
    if _CONTROL.search(value):
        return "a control character"
    if is_first and (found := _START.match(value)):
        return f"'{found[0][:1]}' at its begin"
    if (is_first and value[:1] in " \t" and value) or (is_last and value[-1:] in " \t" and value):
        return "white space at its begin or end"
    return _harm_inside(before + value + after, has_end=is_last, has_begin=bool(before) or is_first)


def _harm_inside(text: str, *, has_end: bool, has_begin: bool) -> str:
    colon = _COLON.search(text)
    if colon and (has_end or colon.end() < len(text)):
        return "': ', which ends a key"
    comment = _COMMENT.search(text)
    if comment and (has_begin and comment.start() > 0):
        return "' #', which begins a comment"
    return ""


def harm_in_flow(value: str) -> str:
    """Return what in a value would change the YAML around it within brackets or braces."""
    found = _FLOW.search(value)
    return f"'{found[0]}', which has a meaning within brackets" if found else ""
