"""Validate regular expressions in RE2's syntax and make them ready for the restart-watcher.

Few sets have patterns, so the parser is imported on first use.
"""

from __future__ import annotations

from typing import Any

from jobsetgen.re2.error import MOST_CHARACTERS, PatternError, TooLargeError

__all__ = [
    "MOST_CHARACTERS",
    "PatternError",
    "TooLargeError",
    "compiled",
    "program",
    "runs_away",
    "translate",
]


def compiled(pattern: str) -> str | dict[str, Any]:
    """Return a pattern as the watcher runs it: translated to Python, or as a program.

    It is a program if Python could search for longer than linear in the text's length. Raises
    PatternError for an invalid pattern, and TooLargeError for one whose program would be too large.
    """
    return program(pattern) if runs_away(pattern) else translate(pattern)


def translate(pattern: str) -> str:
    """Return a pattern for Python's `re` that matches what RE2 matches.

    It needs the flag `re.ASCII`. Raises PatternError for an invalid pattern.
    """
    from jobsetgen.re2 import parser, tree

    return tree.translation(parser.parse(pattern))


def runs_away(pattern: str) -> bool:
    """Whether Python could search for longer than linear in the text's length, unlike RE2."""
    from jobsetgen.re2 import parser, risk

    return not risk.is_linear(parser.parse(pattern))


def program(pattern: str) -> dict[str, Any]:
    """Return the program of a pattern.

    Raises PatternError where it is invalid, and TooLargeError where the program is too large.
    """
    from jobsetgen.re2 import compiler, parser

    return compiler.program(parser.parse(pattern))
