"""Validate regular expressions in RE2's syntax and translate them to Python's.

Few sets have patterns, so the parser is imported on first use.
"""

from __future__ import annotations

from jobsetgen.re2.error import PatternError

__all__ = ["PatternError", "runs_away", "translate"]


def translate(pattern: str) -> str:
    """Translate an RE2 pattern to Python. Raises PatternError for an invalid pattern."""
    from jobsetgen.re2 import parser

    return parser.translate(pattern)


def runs_away(pattern: str) -> bool:
    """Whether Python could need practically forever to search for an RE2 pattern."""
    from jobsetgen.re2 import parser

    return parser.runs_away(pattern)
